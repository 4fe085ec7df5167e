"""A small U-Net with its preprocessing in PyTorch: upsampling, a transposed convolution, GroupNorm, skips."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import torch
from torch import Tensor, nn

from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights
from tests.planted.torch_filling import filled


class Scaled(nn.Module):
    """x times a factor, plus an offset."""

    def __init__(self, factor: float, offset: float) -> None:
        super().__init__()
        self.factor = factor
        self.offset = offset

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor + self.offset


def _unit(convolution: nn.Conv2d | nn.ConvTranspose2d, epsilon: float = 1e-3) -> nn.Sequential:
    unit = nn.Sequential()
    unit.add_module("conv", convolution)
    unit.add_module("norm", nn.GroupNorm(4, convolution.out_channels, eps=epsilon))
    unit.add_module("relu", nn.ReLU())
    return unit


class Decoder(nn.Module):
    """Images of 3 channels to a map of one probability a pixel."""

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        self.rescale = nn.Identity() if plant.has("rescaling_missing") else Scaled(2.0, -0.5)
        self.stem = _unit(nn.Conv2d(3, 8, 3, padding=1))
        self.down1 = _unit(nn.Conv2d(8, 12, 3, stride=2, padding=1))
        self.down2 = _unit(nn.Conv2d(12, 16, 3, stride=2, padding=1), plant.pick(1e-3, group_epsilon=1e-1))
        self.up1 = nn.Upsample(scale_factor=2, mode="nearest")
        self.block1 = _unit(nn.Conv2d(28, 12, 3, padding=1))
        self.up2 = _unit(nn.ConvTranspose2d(12, 8, 4, stride=2, padding=1))
        self.block2 = _unit(nn.Conv2d(16, 8, 3, padding=1))
        self.head = nn.Conv2d(8, 1, 1)
        self.sigmoid = nn.Sigmoid()
        self.has_sigmoid = not plant.has("sigmoid_missing")

    def forward(self, x: Tensor) -> Tensor:
        first = self.stem(self.rescale(x))
        second = self.down1(first)
        x = self.block1(torch.cat([self.up1(self.down2(second)), second], dim=1))
        x = self.head(self.block2(torch.cat([self.up2(x), first], dim=1)))
        return self.sigmoid(x) if self.has_sigmoid else x


def net(plant: str = "") -> nn.Module:
    """The network with its weights."""
    return filled(Decoder(Plant(plant)), RoleWeights("decoder", plant))
