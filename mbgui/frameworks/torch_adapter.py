"""PyTorch models: build, read, run."""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import torch
from torch import nn

from mbgui.domain.environment import Version
from mbgui.domain.error_text import error_summary
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.performance import LayerTiming
from mbgui.domain.request import DEFAULT_LEFT, Weights
from mbgui.domain.source import SourceKind
from mbgui.frameworks.adapter import BeforeFile, OwnBuild
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
from mbgui.frameworks.held_model import HeldModel
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.run_failures import explained
from mbgui.frameworks.stepwise import Array, StepwiseModel
from mbgui.frameworks.timed_calls import time_calls
from mbgui.frameworks.torch_call_paths import PreparedCall, TimedModule, prepared_call
from mbgui.frameworks.torch_graph import tensor_specs
from mbgui.frameworks.torch_inputs import ExampleInputs, example_inputs
from mbgui.frameworks.torch_reading import Readable, read_model
from mbgui.frameworks.torch_saved_program import SavedProgram

if TYPE_CHECKING or "tensorflow" not in sys.modules:
    from mbgui.frameworks import torch_zoo  # where code of the user's imported TensorFlow, torchvision would crash


class TorchAdapter:
    """Reads and runs the classification models of torchvision, modules of the user's own, and saved models."""

    framework = Framework.PYTORCH

    def __init__(self, threads: int) -> None:
        self._threads = threads
        torch.set_num_threads(threads)
        with suppress(RuntimeError):  # only before the first parallel work; a later adapter keeps the first's
            torch.set_num_interop_threads(threads)
        self._held: HeldModel | None = None
        self._timed: TimedModule | None = None
        self._prepared: PreparedCall | None = None

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
        self._put_away()
        if self._held is None or self._held.request != request or not request.source.is_from_zoo:
            self._forget(request)
            with collector_resting():
                self._held, self._timed = _load(request, before_file, build)
        return self._held.network

    def build(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> None:
        """Build a model that is only to be timed. Raises `MbguiError` as the protocol says."""
        self._put_away()
        self._forget(request)
        with collector_resting():
            self._timed = _built(request, before_file, build).timed(request)

    def _forget(self, request: LoadRequest) -> None:
        """Free the memory of the model held before the next one is built, if there is one of that name."""
        if request.source.kind is SourceKind.TORCHVISION:
            torch_zoo.require_model(request.source.name)
        self._held = self._timed = None

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
        """Make the input and call once. Raises `MbguiError` as the protocol says."""
        if self._timed is None:
            raise _nothing_to_time()
        self._put_away()
        torch.set_num_threads(self._threads)
        with self._explained(call_path, batch_size):
            self._prepared = prepared_call(self._timed, call_path, batch_size=batch_size, seed=seed)
            try:
                with self._prepared.first():
                    return _time(self._prepared, 1)[0]
            except BaseException:
                self._put_away()
                raise

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls under `inference_mode`. Raises `MbguiError` as the protocol says."""
        prepared = self._require_prepared()
        with self._explained(prepared.path, prepared.batch_size):
            return _time(prepared, runs)

    def traces(self) -> int | None:
        """Nothing here is traced as TensorFlow traces."""
        return None

    def time_layers(self, passes: int) -> LayerTiming:
        """Time modules, or the operations of a saved program. Raises `MbguiError` as the protocol says."""
        from mbgui.frameworks.torch_layer_times import time_modules, time_program  # noqa: PLC0415  seldom asked for

        prepared, timed = self._require_prepared(), self._timed
        if timed is None:
            raise _nothing_to_time()
        with self._explained(prepared.path, prepared.batch_size), torch.inference_mode():
            if timed.saved is not None:
                return time_program(timed.saved, prepared.inputs, passes)
            return time_modules(timed.model, prepared.run_modules, passes, prepared.path)

    def _require_prepared(self) -> PreparedCall:
        if self._prepared is None:
            raise _nothing_to_time()
        return self._prepared

    def _put_away(self) -> None:
        """Undo what the prepared call path did to the model."""
        if self._prepared is not None:
            self._prepared.undo()
        self._prepared = None

    def _explained(self, path: CallPath, batch_size: int) -> AbstractContextManager[None]:
        timed = self._timed
        title, built = (timed.title, timed.batch_size) if timed is not None else ("", batch_size)
        return explained(title, path, CallPath.EAGER, error_summary, batch_size=batch_size, built=built)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """A model with its weights, zeros for its inputs, and sentences about what could not be done."""

    model: Readable
    example: ExampleInputs
    notes: tuple[str, ...]
    build_s: float

    def timed(self, request: LoadRequest) -> TimedModule:
        saved = self.model if isinstance(self.model, SavedProgram) else None
        model = self.model.call if isinstance(self.model, SavedProgram) else self.model
        specs = tensor_specs(self.example.tensors)
        return TimedModule(title=request.source.title, model=model, specs=specs, saved=saved)


def _time(prepared: PreparedCall, runs: int) -> tuple[float, ...]:
    with torch.inference_mode():
        return time_calls(prepared.call, runs)


def _load(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> tuple[HeldModel, TimedModule]:
    built = _built(request, before_file, build)
    read = read_model(built.model, built.example, source=request.source, build_s=built.build_s, notes=built.notes)
    timed = built.timed(request)
    return HeldModel(request=request, model=timed.model, network=read.network, steps=read.traced), timed


def _built(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> _Built:
    started = perf_counter()
    model, notes = _model(request, before_file, build)
    build_s = perf_counter() - started
    if isinstance(model, SavedProgram):
        from mbgui.frameworks.torch_files import program_inputs  # noqa: PLC0415  only where a file is opened

        example = program_inputs(model, request.inputs, request.batch_size)
    else:
        stated = torch_zoo.stated_input_size(request.source.name) if _is_zoo(request) and not request.inputs else None
        example = example_inputs(model, request.inputs, request.batch_size, stated=stated)
    return _Built(model=model, example=example, notes=notes, build_s=build_s)


def _model(request: LoadRequest, before_file: BeforeFile, build: OwnBuild | None) -> tuple[Readable, tuple[str, ...]]:
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
