"""A small branching network with squeeze-and-excitation in PyTorch."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import torch
from torch import Tensor, nn

from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights
from tests.planted.torch_filling import filled


def _unit(convolution: nn.Conv2d, activation: nn.Module | None = None) -> nn.Sequential:
    unit = nn.Sequential()
    unit.add_module("conv", convolution)
    unit.add_module("bn", nn.BatchNorm2d(convolution.out_channels, eps=1e-3))
    unit.add_module("leaky", nn.LeakyReLU(0.25) if activation is None else activation)
    return unit


class Gate(nn.Module):
    """Squeeze and excitation over 28 channels."""

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        self.pool = nn.AdaptiveMaxPool2d(1) if plant.has("squeeze_by_maximum") else nn.AdaptiveAvgPool2d(1)
        self.squeeze = nn.Linear(28, 7)
        self.relu = nn.ReLU()
        self.excite = nn.Linear(7, 28)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        y = self.sigmoid(self.excite(self.relu(self.squeeze(self.pool(x).flatten(1)))))
        return x * y[:, :, None, None]  # type: ignore[no-any-return]


class Inception(nn.Module):
    """Images of 3 channels to 10 logits; the branches are defined in another order than they run in."""

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        slope = plant.pick(0.25, slope_of_pytorch=0.01)
        self.branch3 = _unit(nn.Conv2d(16, 8, 1, bias=False))
        self.branch2b = _unit(nn.Conv2d(8, 12, 3, padding=2, dilation=2, bias=False))
        self.branch2a = _unit(nn.Conv2d(16, 8, (3, 1), padding=(1, 0), bias=False))
        self.branch1 = _unit(nn.Conv2d(16, 8, 1, bias=False), nn.LeakyReLU(slope))
        count = plant.has("padding_counted")
        self.branch_pool = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=count)
        self.stem = _unit(nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False))
        self.gate = Gate(plant)
        self.grouped = _unit(nn.Conv2d(28, 28, 3, padding=1, groups=4, bias=False), nn.Hardswish())
        self.down = _unit(nn.Conv2d(28, 32, 3, stride=2, padding=1, bias=False), nn.SiLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        branches = self.branch1(x), self.branch2b(self.branch2a(x)), self.branch3(self.branch_pool(x))
        x = self.gate(torch.cat(branches, dim=1))
        x = self.down(self.grouped(x))
        return self.classifier(torch.flatten(self.pool(x), 1))  # type: ignore[no-any-return]


def net(plant: str = "") -> nn.Module:
    """The network with its weights."""
    return filled(Inception(Plant(plant)), RoleWeights("inception", plant))
