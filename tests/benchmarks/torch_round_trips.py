"""Save ten torchvision models in every format that PyTorch offers, open each here, and compare the books.

    python tests/benchmarks/torch_round_trips.py [NAME ...]

Prints one line of JSON a model and format, and a last one that sums up.
"""

import json
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.errors import MbguiError
from mbgui.domain.network import Network
from mbgui.domain.request import Weights
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.torch_adapter import TorchAdapter
from mbgui.pipeline.input_texts import parse_inputs
from mbgui.pipeline.references import parse_source
from tests.support.round_trips import IDLE, lost_on_the_way

MODELS = {
    "mobilenet_v2": 224,
    "mobilenet_v3_small": 96,
    "resnet18": 64,
    "vgg11_bn": 64,
    "densenet121": 64,
    "efficientnet_b0": 64,
    "convnext_tiny": 64,
    "shufflenet_v2_x1_0": 64,
    "regnet_y_400mf": 64,
    "vit_b_16": 224,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How to save a model, and how the file is named: by itself, or attached to the architecture."""

    suffix: str
    save: Callable[[nn.Module, torch.Tensor, Path], None]
    is_attached: bool = False
    states_input: bool = False


def save_program(model: nn.Module, example: torch.Tensor, path: Path) -> None:
    torch.export.save(torch.export.export(model, (example,)), path)


def save_traced(model: nn.Module, example: torch.Tensor, path: Path) -> None:
    torch.jit.save(torch.jit.trace(model, example), str(path))  # type: ignore[no-untyped-call]


def save_scripted(model: nn.Module, example: torch.Tensor, path: Path) -> None:
    del example
    torch.jit.save(torch.jit.script(model), str(path))


def save_state(model: nn.Module, example: torch.Tensor, path: Path) -> None:
    del example
    torch.save(model.state_dict(), path)


def save_legacy_state(model: nn.Module, example: torch.Tensor, path: Path) -> None:
    del example
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False)


FORMATS = {
    "exported program": Format(suffix=".pt2", save=save_program, states_input=True),
    "traced TorchScript": Format(suffix=".pt", save=save_traced),
    "scripted TorchScript": Format(suffix=".jit", save=save_scripted),
    "state dict": Format(suffix=".pth", save=save_state, is_attached=True),
    "legacy state dict": Format(suffix=".old.pth", save=save_legacy_state, is_attached=True),
}


def main(chosen: list[str]) -> None:
    """Save and open the chosen models, or all."""
    warnings.simplefilter("ignore")
    torch.backends.mha.set_fastpath_enabled(False)  # tracing would catch attention as one opaque operation
    adapter = TorchAdapter(threads=2)
    same = idle = total = 0
    for name in chosen or MODELS:
        for title in FORMATS:
            outcome = round_trip(adapter, name, title)
            same += outcome["lost"] == []
            idle += outcome["lost"] == [IDLE]
            total += 1
            print(json.dumps(outcome), flush=True)
    print(
        json.dumps(
            {
                "benchmark": "torch_round_trips",
                "round_trips": total,
                "same_books": same,
                "same_but_for_idle_layers": idle,
            }
        )
    )


def round_trip(adapter: TorchAdapter, name: str, title: str) -> dict[str, object]:
    """What one model loses in one format, "refused" where it cannot be opened."""
    chosen, size = FORMATS[title], MODELS[name]
    original = load(adapter, f"torchvision:{name}", str(size))
    held = adapter._held
    assert held is not None
    started_s = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{chosen.suffix}"
        try:
            chosen.save(held.model, torch.zeros(1, 3, size, size), path)
            reference = f"torchvision:{name}@{path}" if chosen.is_attached else str(path)
            opened = load(adapter, reference, "" if chosen.states_input else str(size))
            lost = list(lost_on_the_way(original, opened))
        except MbguiError as error:
            lost = [f"refused: {error.problem.sentence}"]
        except Exception as error:  # noqa: BLE001  PyTorch itself cannot save every model in every format
            lost = [f"not saved: {type(error).__name__}"]
    return {"model": name, "format": title, "lost": lost, "seconds": round(perf_counter() - started_s, 2)}


def load(adapter: TorchAdapter, reference: str, size: str) -> Network:
    """Open a model at one size."""
    request = LoadRequest(
        source=parse_source(reference), inputs=parse_inputs(size), batch_size=1, weights=Weights.NONE, seed=0
    )
    return adapter.load(request, before_file=lambda: None)


if __name__ == "__main__":
    main(sys.argv[1:])
