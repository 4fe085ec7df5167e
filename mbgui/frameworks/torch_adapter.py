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
from mbgui.domain.request import ModelSource, SourceKind, Weights
from mbgui.frameworks.collector_rest import collector_resting, keep_forever
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
        self._model: nn.Module | None = None
        self._input_size = (224, 224)
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
        """Read the model that the app preselects: imports at first use get done, inferred shapes get cached."""
        source = ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2")
        self.load(source, input_size=(224, 224), batch_size=1, weights=Weights.NONE, seed=0)
        self._model = None
        keep_forever()

    def load(
        self, source: ModelSource, *, input_size: tuple[int, int], batch_size: int, weights: Weights, seed: int
    ) -> Network:
        """Build a torchvision model and read it. Raises `MbguiError` as the protocol says."""
        require_known(source.name, self.model_names(), prefix="torchvision", family="torchvision")
        self._model = self._example = None
        started = perf_counter()
        with collector_resting():
            model = build_model(source.name, weights, seed)
            build_s = perf_counter() - started
            example = torch.zeros(batch_size, 3, *input_size)
            network = read_network(model, example, source=source, build_s=build_s)
        self._model, self._input_size = model, input_size
        return network

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        """Make the input and call once. Raises `MbguiError` where nothing is loaded or the path is not PyTorch's."""
        if call_path is not CallPath.EAGER:
            raise MbguiError(Problem(sentence=f"PyTorch has no call path “{call_path}”.", advice="Choose “eager”."))
        generator = torch.Generator().manual_seed(seed)
        self._example = torch.randn(batch_size, 3, *self._input_size, generator=generator)
        return self.measure(1)[0]

    def measure(self, runs: int) -> tuple[float, ...]:
        """Time calls in eager mode under `inference_mode`. Raises `MbguiError` where nothing is prepared."""
        model, example = self._model, self._example
        if model is None or example is None:
            raise MbguiError(Problem(sentence="No model is ready to be timed.", advice="Load and prepare one first."))
        with torch.inference_mode():
            return time_calls(lambda: model(example), runs)


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
