"""Modules of PyTorch with other values of an attribute, and what a plain reference computes with these."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from mbgui.domain import attribute_names as names
from mbgui.domain.network import AttributeValue
from mbgui.domain.proof_plan import AFTER, SKIP

Settings = Mapping[str, AttributeValue]
Case = tuple[nn.Module, Settings, Callable[[torch.Tensor], torch.Tensor]]


class Rescaled(nn.Module):
    """A factor written as an operation."""

    def forward(self, image: torch.Tensor) -> Any:
        return image * 0.5


def setting_cases() -> Iterator[tuple[str, Case]]:
    strided = nn.Conv2d(3, 4, 3, stride=2, padding=1)
    weight, bias = strided.weight, strided.bias

    def convolved(image: torch.Tensor, **how: Any) -> torch.Tensor:
        return functional.conv2d(image, weight, bias, **{"stride": 2, **how})

    four = (0, 1, 2, 3)
    yield "padding", (strided, {names.PADDING: four}, lambda image: convolved(functional.pad(image, (2, 3, 0, 1))))
    yield "cropping", (strided, {names.PADDING: (-1, 0, 1, -2)}, _cropped(convolved))
    yield "no bias", (strided, {names.USE_BIAS: False}, lambda image: functional.conv2d(image, weight, None, 2, 1))
    yield "strides", (strided, {names.STRIDES: (1, 2)}, lambda image: convolved(image, stride=(1, 2), padding=1))
    yield "dilation", (strided, {names.DILATION: (2, 1)}, lambda image: convolved(image, dilation=(2, 1), padding=1))
    same = nn.Conv2d(3, 4, 3, padding="same")
    yield "padding in place of a word", (same, {names.PADDING: (0, 2, 0, 2)}, _padded_same(same))
    yield (
        "after",
        (
            strided,
            {AFTER + names.ACTIVATION: "relu", AFTER + names.MAX_VALUE: 0.25},
            lambda image: convolved(image, padding=1).clamp(0, 0.25),
        ),
    )
    yield (
        "softmax after",
        (strided, {AFTER + names.ACTIVATION: "softmax"}, lambda image: convolved(image, padding=1).softmax(1)),
    )
    yield from _pooling_cases()
    yield from _normalization_cases()
    yield from _activation_cases()


def _cropped(convolved: Callable[..., torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda image: convolved(functional.pad(image[:, :, 1:, :-2], (1, 0, 0, 0)))


def _padded_same(same: nn.Conv2d) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda image: functional.conv2d(functional.pad(image, (0, 2, 0, 2)), same.weight, same.bias)


def _pooling_cases() -> Iterator[tuple[str, Case]]:
    least = -float("inf")
    largest, average = nn.MaxPool2d(3, 2), nn.AvgPool2d(3, 2, 1)
    sides = {names.PADDING: (1, 0, 0, 1)}

    def padded(image: torch.Tensor, fill: float = 0.0) -> torch.Tensor:
        return functional.pad(image, (0, 1, 1, 0), value=fill)

    def shared_out(image: torch.Tensor) -> torch.Tensor:
        counts = functional.avg_pool2d(padded(torch.ones_like(image)), 3, 2)
        return functional.avg_pool2d(padded(image), 3, 2) / counts

    yield "max pool padding", (largest, sides, lambda image: functional.max_pool2d(padded(image, least), 3, 2))
    yield "max pool kernel", (largest, {names.KERNEL_SIZE: (2, 2)}, lambda image: functional.max_pool2d(image, 2, 2))
    yield "max pool strides", (largest, {names.STRIDES: (1, 3)}, lambda image: functional.max_pool2d(image, 3, (1, 3)))
    yield (
        "average for max",
        (nn.MaxPool2d(3, 2, 1), {names.POOLING: "average"}, lambda image: functional.avg_pool2d(image, 3, 2, 1)),
    )
    yield "max for average", (average, {names.POOLING: "max"}, lambda image: functional.max_pool2d(image, 3, 2, 1))
    yield (
        "average not counting",
        (
            average,
            {names.COUNT_INCLUDE_PAD: False},
            lambda image: functional.avg_pool2d(image, 3, 2, 1, count_include_pad=False),
        ),
    )
    yield (
        "average padding",
        (average, {**sides, names.COUNT_INCLUDE_PAD: True}, lambda image: functional.avg_pool2d(padded(image), 3, 2)),
    )
    yield "average padding not counting", (average, {**sides, names.COUNT_INCLUDE_PAD: False}, shared_out)
    yield (
        "global max",
        (nn.AdaptiveAvgPool2d(1), {names.POOLING: "max"}, lambda image: image.amax((2, 3), keepdim=True)),
    )
    yield (
        "interpolation",
        (
            nn.Upsample(scale_factor=2),
            {names.INTERPOLATION: "bilinear"},
            lambda image: functional.interpolate(image, scale_factor=2, mode="bilinear"),
        ),
    )


def _normalization_cases() -> Iterator[tuple[str, Case]]:
    norm, rows = nn.BatchNorm2d(3), nn.LayerNorm(8)

    def of_batch(image: torch.Tensor) -> torch.Tensor:
        return functional.batch_norm(image, None, None, norm.weight, norm.bias, training=True)

    def with_epsilon(image: torch.Tensor) -> torch.Tensor:
        return functional.batch_norm(image, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=0.1)

    yield "epsilon", (norm, {names.EPSILON: 0.1}, with_epsilon)
    yield "batch statistics", (norm, {names.BATCH_STATISTICS: True}, of_batch)
    yield (
        "epsilon of rows",
        (rows, {names.EPSILON: 0.1}, lambda image: functional.layer_norm(image, (8,), rows.weight, rows.bias, 0.1)),
    )


def _activation_cases() -> Iterator[tuple[str, Case]]:
    yield "activation", (nn.ReLU6(inplace=True), {names.ACTIVATION: "gelu"}, functional.gelu)
    yield (
        "activation parameters",
        (
            nn.ReLU6(),
            {names.ACTIVATION: "relu", names.MAX_VALUE: 0.5, names.NEGATIVE_SLOPE: 0.1},
            lambda image: functional.leaky_relu(image, 0.1).clamp(max=0.5),
        ),
    )
    yield (
        "slope",
        (
            nn.LeakyReLU(0.1),
            {names.ACTIVATION: "leaky_relu", names.NEGATIVE_SLOPE: 0.3},
            lambda image: functional.leaky_relu(image, 0.3),
        ),
    )
    yield "no activation", (nn.Sigmoid(), {names.ACTIVATION: "linear"}, lambda image: image)
    yield "skip", (nn.Tanh(), {SKIP: True}, lambda image: image)
    yield "factor and offset", (Rescaled(), {names.FACTOR: 2.0, names.OFFSET: 1.0}, lambda image: image * 2 + 1)
