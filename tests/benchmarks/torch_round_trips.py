"""Save ten torchvision models in every format that PyTorch offers, open each here, and compare the books.

    python tests/benchmarks/torch_round_trips.py [NAME ...]

Prints one line of JSON a model and format, and a last one that sums up.
"""

import sys
import warnings
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.frameworks.torch_adapter import TorchAdapter
from tests.support.adapter_session import AdapterSession
from tests.support.round_trips import Format, print_round_trips

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


def image(size: int) -> torch.Tensor:
    return torch.zeros(1, 3, size, size)


def save_program(model: nn.Module, size: int, path: Path) -> None:
    torch.export.save(torch.export.export(model, (image(size),)), path)


def save_traced(model: nn.Module, size: int, path: Path) -> None:
    torch.jit.save(torch.jit.trace(model, image(size)), str(path))  # type: ignore[no-untyped-call]


def save_scripted(model: nn.Module, size: int, path: Path) -> None:
    del size
    torch.jit.save(torch.jit.script(model), str(path))


def save_state(model: nn.Module, size: int, path: Path) -> None:
    del size
    torch.save(model.state_dict(), path)


def save_legacy_state(model: nn.Module, size: int, path: Path) -> None:
    del size
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
    models = {f"torchvision:{name}": MODELS[name] for name in chosen or MODELS}
    print_round_trips("torch_round_trips", AdapterSession(TorchAdapter(threads=2)), models, FORMATS)


if __name__ == "__main__":
    main(sys.argv[1:])
