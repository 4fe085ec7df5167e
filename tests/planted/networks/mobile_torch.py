"""A small MobileNetV2 in PyTorch."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.planted.plant import Plant
from tests.planted.role_weights import RoleWeights
from tests.planted.torch_filling import filled

AMPLIFIED = {"stem.bn": 3.0, "block1.depthwise_bn": 4.0}


class BatchNormInTraining(nn.BatchNorm2d):
    """Normalises by the batch at hand in evaluation mode, too."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  as the base class names it
        return functional.batch_norm(input, None, None, self.weight, self.bias, training=True, eps=self.eps)


class Block(nn.Module):
    """An inverted residual block; the first convolution is left out where it would widen nothing."""

    def __init__(
        self, plant: Plant, index: int, into: int, wide: int, out: int, *, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        has_expansion = index > 0
        moved = plant.has("stride_on_pointwise") and index == 1
        if has_expansion:
            self.expand = nn.Conv2d(into, wide, 1, stride=stride if moved else 1, bias=False)
            self.expand_bn = nn.BatchNorm2d(wide, eps=1e-5)
            self.expand_relu = nn.ReLU6(inplace=True)
        groups = wide if has_expansion else into
        self.depthwise = nn.Conv2d(
            groups, wide, 3, 1 if moved else stride, padding=dilation, dilation=dilation, groups=groups, bias=False
        )
        self.depthwise_bn = self._depthwise_norm(plant, index, wide)
        self.depthwise_relu = nn.ReLU6(inplace=True)
        self.project = nn.Conv2d(wide, out, 1, bias=False)
        self.project_bn = nn.BatchNorm2d(out, eps=1e-5)
        self.has_expansion = has_expansion
        self.is_residual = stride == 1 and into == out

    @staticmethod
    def _depthwise_norm(plant: Plant, index: int, channels: int) -> nn.BatchNorm2d:
        if index == 2 and plant.has("batch_statistics"):
            return nn.BatchNorm2d(channels, eps=1e-5, track_running_stats=False)
        if index == 2 and plant.has("functional_training"):
            return BatchNormInTraining(channels, eps=1e-5)
        return nn.BatchNorm2d(channels, eps=plant.pick(1e-5, epsilon_of_one=1e-2) if index == 2 else 1e-5)

    def forward(self, x: Tensor) -> Tensor:
        y = self.expand_relu(self.expand_bn(self.expand(x))) if self.has_expansion else x
        y = self.depthwise_relu(self.depthwise_bn(self.depthwise(y)))
        y = self.project_bn(self.project(y))
        return x + y if self.is_residual else y  # type: ignore[no-any-return]


class Mobile(nn.Module):
    """Images of 3 channels to 10 logits."""

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        self.stem = nn.Sequential()
        self.stem.add_module("conv", nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False))
        self.stem.add_module("bn", nn.BatchNorm2d(16, eps=1e-5))
        self.stem.add_module("relu", nn.ReLU6(inplace=True))
        self.block0 = Block(plant, 0, 16, 32, 12)
        self.block1 = Block(plant, 1, 12, 36, 16, stride=2)
        self.block2 = Block(plant, 2, 16, 48, 16)
        self.block3 = Block(plant, 3, 16, 48, 16, dilation=2)
        self.head = nn.Sequential()
        self.head.add_module("conv", nn.Conv2d(16, 48, 1, bias=False))
        self.head.add_module("bn", nn.BatchNorm2d(48, eps=1e-5))
        self.head.add_module("relu", nn.ReLU6(inplace=True))
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(48, 10)
        if plant.has("unused_buffer"):
            self.register_buffer("class_frequencies", torch.ones(10))
        if plant.has("unused_head"):
            self.auxiliary = nn.Linear(48, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.block3(self.block2(self.block1(self.block0(self.stem(x)))))
        x = self.head(x).mean((2, 3))
        return self.classifier(self.dropout(x))  # type: ignore[no-any-return]


def net(plant: str = "") -> nn.Module:
    """The network with its weights."""
    return filled(Mobile(Plant(plant)), RoleWeights("mobile", plant, AMPLIFIED))
