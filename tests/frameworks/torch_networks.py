"""Reads small PyTorch models, in a process of its own; prints their networks as JSON by name."""

import dataclasses
import json
import sys
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.domain.input_shape import InputShape
from mbgui.domain.network import Network
from mbgui.domain.request import Weights
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.torch_adapter import TorchAdapter
from mbgui.frameworks.torch_reading import read_network


class Residual(nn.Module):
    """Functional operations, one activation used twice, and modules that run nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, stride=2, padding="valid")
        self.norm = nn.BatchNorm2d(4, momentum=0.25)
        self.relu = nn.ReLU(inplace=True)
        self.unused = nn.Linear(7, 7)
        self.shortcut = nn.Sequential()
        self.second = nn.Conv2d(4, 4, 3, padding="same", groups=4, bias=False)

    def forward(self, image: torch.Tensor) -> Any:
        start = self.relu(self.norm(self.first(image)))
        end = self.relu(self.second(start)) + self.shortcut(start)
        end = nn.functional.relu(end) + start
        return torch.cat([end, start], 1).mean([2, 3])


class InPlace(nn.Module):
    """An in-place operation whose result is read under the old name."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(8, 8)

    def forward(self, image: torch.Tensor) -> Any:
        values = self.dense(image)
        values.relu_()
        return values * image


class Tied(nn.Module):
    """Two layers with one weight, one of them frozen in its bias, and a buffer."""

    ramp: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Linear(8, 8)
        self.two = nn.Linear(8, 8)
        self.two.weight = self.one.weight
        self.two.bias.requires_grad = False
        self.register_buffer("ramp", torch.tensor([1.0, 3.0, float("inf"), float("nan")]))

    def forward(self, image: torch.Tensor) -> Any:
        return self.two(self.one(image)) * self.ramp.sum()


class DataDependent(nn.Module):
    """Control flow that no graph can hold."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU())
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)

    def forward(self, image: torch.Tensor) -> Any:
        features = self.features(image)
        rows = features.flatten(2)
        if float(features.detach().abs().sum()) > -1:
            rows = self.attention(rows, rows, rows)[0]
        return rows


class Attention(nn.Module):
    """One attention layer, whose projection is not a layer of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)

    def forward(self, image: torch.Tensor) -> Any:
        rows = image.flatten(1, 2)[:, :4, :64]
        return self.attention(rows, rows, rows, need_weights=False)[0]


class Pair(nn.Module):
    """The same computation twice: as modules and as functions."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.steps = nn.ModuleList(
            [nn.ReLU6(), nn.Hardswish(), nn.GELU(), nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2), nn.Softmax(1), nn.SiLU()]
        )
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, image: torch.Tensor) -> Any:
        left = self.convolution(image)
        for step in self.steps:
            left = step(left)
        right = nn.functional.conv2d(image, self.kernel, None, 2, 1)
        right = nn.functional.hardswish(nn.functional.relu6(right))
        right = nn.functional.max_pool2d(nn.functional.gelu(right), 3, 2, 1)
        right = nn.functional.silu(torch.softmax(nn.functional.avg_pool2d(right, 2), 1))
        return self.pool(left), right.mean((2, 3), keepdim=True)

    @property
    def kernel(self) -> torch.Tensor:
        return self.convolution.weight * 1


class Padded(nn.Module):
    """Paddings that are no plain number, as modules and as functions."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(3, 3, 3, stride=2, padding=1, output_padding=1, bias=False)

    def forward(self, image: torch.Tensor) -> Any:
        kernel = self.up.weight * 1
        x = nn.functional.conv_transpose2d(self.up(image), kernel, None, 2, 1, 1)
        return nn.functional.conv2d(x, kernel, padding="same", dilation=2).clamp(min=0)


class NormInTraining(nn.BatchNorm2d):
    """A subclass that has settings as any other, and runs in training mode whatever the mode is."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        mean, variance = self.running_mean, self.running_var
        return nn.functional.batch_norm(image, mean, variance, self.weight, self.bias, True, 0.1, self.eps)


class Scaled(nn.Module):
    """Times two, less a half."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return image * 2 - 0.5


class Arranged(nn.Module):
    """Operations whose numbers and axes matter."""

    def __init__(self) -> None:
        super().__init__()
        self.scaled = Scaled()
        self.norm = NormInTraining(3)
        self.up = nn.Upsample(scale_factor=2, mode="bicubic", align_corners=True)

    def forward(self, image: torch.Tensor) -> Any:
        x = self.norm(self.scaled(image) / 4)
        x = self.up(x.transpose(2, -1)).permute(0, 2, 3, 1)
        return x.flatten(1, 2).amax(1)


SHAPES = {
    "arranged": (Arranged, (1, 3, 4, 4)),
    "residual": (Residual, (2, 3, 9, 9)),
    "in_place": (InPlace, (1, 3, 8, 8)),
    "tied": (Tied, (1, 3, 8, 8)),
    "data_dependent": (DataDependent, (1, 3, 8, 8)),
    "attention": (Attention, (1, 3, 8, 64)),
    "pair": (Pair, (1, 3, 32, 32)),
    "padded": (Padded, (1, 3, 4, 4)),
}

ZOO = {
    "mobilenet_v2": (224, 224),
    "resnet18": (64, 96),
    "googlenet": (96, 96),
}

REFUSED = {
    "unknown": ("mobilenet_v9", (224, 224)),
    "too small": ("inception_v3", (32, 32)),
    "odd": ("vit_b_16", (96, 96)),
}


def main() -> None:
    """Print networks, problems and what running told."""
    torch.manual_seed(0)
    json.dump({"networks": dict(_networks()), "problems": dict(_problems()), "runs": _runs()}, sys.stdout)


def _networks() -> Iterator[tuple[str, Any]]:
    for name, (kind, shape) in SHAPES.items():
        yield name, _read(name, kind().eval(), torch.zeros(shape))
    adapter = TorchAdapter(threads=1)
    for name, size in ZOO.items():
        yield name, dataclasses.asdict(_load(adapter, name, size))


def _read(name: str, model: nn.Module, example: torch.Tensor) -> Any:
    source = ModelSource(kind=SourceKind.TORCHVISION, name=name)
    return dataclasses.asdict(read_network(model, example, source=source, build_s=0.0))


def _load(adapter: TorchAdapter, name: str, size: tuple[int, int]) -> Network:
    source = ModelSource(kind=SourceKind.TORCHVISION, name=name)
    request = LoadRequest(source=source, inputs=(InputShape(sizes=size),), batch_size=1, weights=Weights.NONE, seed=3)
    return adapter.load(request, before_file=_not_called)


def _not_called() -> None:
    raise AssertionError("a model of the zoo reads no file")


def _problems() -> Iterator[tuple[str, Any]]:
    adapter = TorchAdapter(threads=1)
    for case, (name, size) in REFUSED.items():
        try:
            _load(adapter, name, size)
        except MbguiError as error:
            yield case, dataclasses.asdict(error.problem)
    try:
        adapter.measure(1)
    except MbguiError as error:
        yield "not prepared", dataclasses.asdict(error.problem)


def _runs() -> dict[str, Any]:
    adapter = TorchAdapter(threads=1)
    adapter.warm_up()
    names = ("squeezenet1_1", "squeezenet1_0", "squeezenet1_1")  # a model that is still held would not be built again
    weights = [_load(adapter, name, (64, 64)).tensors[0].statistics.mean for name in names]
    is_held = _load(adapter, "squeezenet1_1", (64, 64)) is _load(adapter, "squeezenet1_1", (64, 64))
    first_call_s = adapter.prepare(CallPath.EAGER, batch_size=2, seed=0)
    return {
        "names": adapter.model_names(),
        "versions": [version.name for version in adapter.versions()],
        "same_seed_same_weights": weights[0] == weights[2],
        "is_held": is_held,
        "first_call_s": first_call_s,
        "durations_s": adapter.measure(3),
    }


if __name__ == "__main__":
    main()
