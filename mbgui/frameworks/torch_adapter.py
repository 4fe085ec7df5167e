"""PyTorch models: build, read, run."""

from contextlib import suppress
from time import perf_counter
from typing import Any

import torch
import torchvision
from torch import nn
from torchvision import models

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.network import Network
from mbgui.domain.request import DEFAULT_INPUT_SIZE, DEFAULT_LEFT, Weights
from mbgui.domain.source import ModelSource
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
from mbgui.frameworks.held_model import HeldModel, LoadRequest
from mbgui.frameworks.model_lookup import require_known, weights_unavailable
from mbgui.frameworks.timed_calls import time_calls
from mbgui.frameworks.torch_reading import read_network

BUILD_ARGUMENTS: dict[str, dict[str, Any]] = {
    # As published: GoogLeNet without its auxiliary classifiers, Inception v3 with them. `init_weights` is what
    # torchvision does by default, said aloud because it warns otherwise.
    "googlenet": {"aux_logits": False, "init_weights": True},
    "inception_v3": {"init_weights": True},
}


class TorchAdapter:
    """Reads and runs the classification models of torchvision."""

    def __init__(self, threads: int) -> None:
        torch.set_num_threads(threads)
        with suppress(RuntimeError):  # only before the first parallel work; a later adapter keeps the first's
            torch.set_num_interop_threads(threads)
        self._held: HeldModel | None = None
        self._example: torch.Tensor | None = None

    def versions(self) -> tuple[Version, ...]:
        """PyTorch and torchvision."""
        return (
            Version(name="torch", version=str(torch.__version__)),
            Version(name="torchvision", version=str(torchvision.__version__)),
        )

    def model_names(self) -> tuple[str, ...]:
        """The classification models of torchvision."""
        return tuple(sorted(models.list_models(module=models)))

    def warm_up(self) -> None:
        """Load the model that the app preselects: imports at first use get done, inferred shapes get cached."""
        self.load(DEFAULT_LEFT, input_size=DEFAULT_INPUT_SIZE, batch_size=1, weights=Weights.NONE, seed=0)
        keep_forever()

    def load(
        self, source: ModelSource, *, input_size: tuple[int, int], batch_size: int, weights: Weights, seed: int
    ) -> Network:
        """Build a torchvision model and read it, unless it is held. Raises `MbguiError` as the protocol says."""
        request = LoadRequest(source=source, input_size=input_size, batch_size=batch_size, weights=weights, seed=seed)
        self._example = None
        if self._held is None or self._held.request != request:
            require_known(source.name, self.model_names(), prefix="torchvision", family="torchvision")
            self._held = None  # frees its memory before the next one is built
            self._held = _load(request)
        return self._held.network

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the input and call once. Raises `MbguiError` where nothing is loaded or the path is not PyTorch's."""
        if call_path is not CallPath.EAGER:
            raise MbguiError(Problem(sentence=f"PyTorch has no call path “{call_path}”.", advice="Choose “eager”."))
        if self._held is None:
            raise _nothing_to_time()
        generator = torch.Generator().manual_seed(seed)
        self._example = torch.randn(batch_size, 3, *self._held.request.input_size, generator=generator)
        return self.measure(1)[0]

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls in eager mode under `inference_mode`. Raises `MbguiError` where nothing is prepared."""
        held, example = self._held, self._example
        if held is None or example is None:
            raise _nothing_to_time()
        model = held.model
        with torch.inference_mode():
            return time_calls(lambda: model(example), runs)


def _load(request: LoadRequest) -> HeldModel:
    started = perf_counter()
    with collector_resting():
        model = build_model(request.source.name, request.weights, request.seed)
        build_s = perf_counter() - started
        example = torch.zeros(request.batch_size, 3, *request.input_size)
        network = read_network(model, example, source=request.source, build_s=build_s)
    return HeldModel(request=request, model=model, network=network)


def build_model(name: str, weights: Weights, seed: int, **arguments: object) -> nn.Module:
    """A torchvision model in evaluation mode; `arguments` go to its constructor where it starts without weights.

    Raises `MbguiError` where pretrained weights cannot be had.
    """
    torch.manual_seed(seed)
    if weights is Weights.IMAGENET:
        return _pretrained(name).eval()
    model: nn.Module = models.get_model(name, weights=None, **(BUILD_ARGUMENTS.get(name, {}) | arguments))
    return model.eval()


def _pretrained(name: str) -> nn.Module:
    published = models.get_model_weights(name).DEFAULT
    try:
        model: nn.Module = models.get_model(name, weights=published)
    except (OSError, RuntimeError) as error:  # urllib's errors are OSErrors, a broken file a RuntimeError
        raise weights_unavailable(
            name,
            file=str(published.url).rpartition("/")[2],
            folder=f"{torch.hub.get_dir()}/checkpoints",
            cause=error,
        ) from error
    return model


def _nothing_to_time() -> MbguiError:
    return MbguiError(Problem(sentence="No model is ready to be timed.", advice="Load and prepare one first."))
