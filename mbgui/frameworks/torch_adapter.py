"""PyTorch models: build, read, run."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import torch
from torch import nn

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.request import DEFAULT_LEFT, Weights
from mbgui.domain.source import SourceKind
from mbgui.frameworks.adapter import BeforeFile, OwnBuild
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
from mbgui.frameworks.held_model import HeldModel
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.stepwise import Array, StepwiseModel
from mbgui.frameworks.timed_calls import time_calls
from mbgui.frameworks.torch_inputs import example_inputs, timed_inputs
from mbgui.frameworks.torch_reading import Readable, read_model
from mbgui.frameworks.torch_saved_program import SavedProgram

if TYPE_CHECKING or "tensorflow" not in sys.modules:
    from mbgui.frameworks import torch_zoo  # where code of the user's imported TensorFlow, torchvision would crash


class TorchAdapter:
    """Reads and runs the classification models of torchvision, modules of the user's own, and saved models."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        torch.set_num_threads(threads)
        with suppress(RuntimeError):  # only before the first parallel work; a later adapter keeps the first's
            torch.set_num_interop_threads(threads)
        self._held: HeldModel | None = None
        self._example: tuple[torch.Tensor, ...] | None = None

    def versions(self) -> tuple[Version, ...]:
        """PyTorch and torchvision."""
        return (
            Version(name="torch", version=str(torch.__version__)),
            Version(name="torchvision", version=version("torchvision")),
        )

    def model_names(self) -> tuple[str, ...]:
        """The classification models of torchvision."""
        return torch_zoo.model_names()

    def model_options(self, name: str) -> tuple[ModelOption, ...]:
        """The options of a torchvision model. Raises `MbguiError` for an unknown name."""
        return torch_zoo.model_options(name)

    def stated_input_size(self, name: str) -> tuple[int, int] | None:
        """The crop size of the published weights. Raises `MbguiError` for an unknown name."""
        return torch_zoo.stated_input_size(name)

    def warm_up(self) -> None:
        """Load the model that the app preselects: imports at first use get done, inferred shapes get cached."""
        self.load(
            LoadRequest(source=DEFAULT_LEFT, inputs=(), batch_size=1, weights=Weights.NONE, seed=0),
            before_file=_nothing,
        )
        keep_forever()

    def load(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> Network:
        """Build a model and read it, unless it is a held one of the zoo. Raises `MbguiError` as the protocol says."""
        self._example = None
        if self._held is None or self._held.request != request or not request.source.is_from_zoo:
            if request.source.kind is SourceKind.TORCHVISION:
                torch_zoo.require_model(request.source.name)
            self._held = None  # frees its memory before the next one is built
            with collector_resting():
                self._held = _load(request, before_file, build)
        return self._held.network

    def steps(self) -> tuple[StepwiseModel, Network] | str:
        """The program of the held model. Raises `MbguiError` where nothing is loaded."""
        from mbgui.frameworks.torch_steps import TorchSteps  # noqa: PLC0415  only where outputs are compared

        held = self._held
        if held is None:
            raise _nothing_to_time()
        torch.set_num_threads(max(self._threads // 2, 1))  # the other side runs at the same time
        if held.steps is None:
            return f"torch.export cannot follow {held.network.source.title}, so its operations cannot be run one by one"
        return TorchSteps(held.steps), held.network

    def weights_file(self, tensors: Mapping[str, Array]) -> bytes:
        """A `.safetensors` file; PyTorch's own form is a pickle. Raises `MbguiError` where nothing is loaded."""
        from mbgui.model_files.safetensors_writing import write_safetensors  # noqa: PLC0415  seldom needed

        if self._held is None:
            raise _nothing_to_time()
        state = self._held.model.state_dict()
        return write_safetensors({name: tensors.get(name, value.numpy()) for name, value in state.items()})

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the input and call once. Raises `MbguiError` where nothing is loaded or the path is not PyTorch's."""
        if call_path is not CallPath.EAGER:
            raise MbguiError(Problem(sentence=f"PyTorch has no call path “{call_path}”.", advice="Choose “eager”."))
        if self._held is None:
            raise _nothing_to_time()
        torch.set_num_threads(self._threads)
        self._example = timed_inputs(self._held.network.inputs, seed, batch_size)
        return self.measure(1)[0]

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls in eager mode under `inference_mode`. Raises `MbguiError` where nothing is prepared."""
        held, example = self._held, self._example
        if held is None or example is None:
            raise _nothing_to_time()
        model = held.model
        with torch.inference_mode():
            return time_calls(lambda: model(*example), runs)


def _load(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> HeldModel:
    started = perf_counter()
    model, notes = _built(request, before_file, build)
    build_s = perf_counter() - started
    if isinstance(model, SavedProgram):
        from mbgui.frameworks.torch_files import program_inputs  # noqa: PLC0415  only where a file is opened

        example = program_inputs(model, request.inputs, request.batch_size)
    else:
        stated = torch_zoo.stated_input_size(request.source.name) if _is_zoo(request) and not request.inputs else None
        example = example_inputs(model, request.inputs, request.batch_size, stated=stated)
    read = read_model(model, example, source=request.source, build_s=build_s, notes=notes)
    held = model.call if isinstance(model, SavedProgram) else model
    return HeldModel(request=request, model=held, network=read.network, steps=read.traced)


def _built(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> tuple[Readable, tuple[str, ...]]:
    """The model with its weights, and sentences about what could not be done."""
    source = request.source
    if source.kind is SourceKind.FILE:
        from mbgui.frameworks.torch_files import open_model_file  # noqa: PLC0415  only where a file is opened

        before_file()
        return open_model_file(source.name, request.file_memory_bytes), ()
    model = _own_model(request, build) if build is not None else _zoo_model(request, before_file)
    if source.weights is None:
        return model, ()
    from mbgui.frameworks.torch_weights import attach_weights  # noqa: PLC0415  only where a file is opened

    before_file()
    return model, attach_weights(model, source, source.weights, request.file_memory_bytes)


def _own_model(request: LoadRequest, build: OwnBuild) -> nn.Module:
    torch.manual_seed(request.seed)
    product = build()
    if not isinstance(product, nn.Module):
        from mbgui.frameworks.user_code import no_model  # noqa: PLC0415  seldom needed

        raise no_model(request.source, product)
    return product.eval()


def _zoo_model(request: LoadRequest, before_file: BeforeFile) -> nn.Module:
    def open_file(path: Path) -> Mapping[str, torch.Tensor]:
        from mbgui.frameworks.torch_weights import read_state  # noqa: PLC0415  only where a file is opened

        before_file()
        return read_state(str(path), request.file_memory_bytes)[0]

    return torch_zoo.build_zoo_model(request.source, request.weights, request.seed, open_file)


def _is_zoo(request: LoadRequest) -> bool:
    return request.source.kind is SourceKind.TORCHVISION


def _nothing() -> None:
    """A model of the zoo reads no file."""


def _nothing_to_time() -> MbguiError:
    return MbguiError(Problem(sentence="No model is ready to be timed.", advice="Load and prepare one first."))
