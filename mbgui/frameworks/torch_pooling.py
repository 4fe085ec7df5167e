"""Pooling, padding and resizing of PyTorch, as modules or as parts of an operation."""

from collections.abc import Callable
from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.layer_traits import LayerTraits, global_pooling, traits
from mbgui.frameworks.torch_spelling import spelled


def tupled(value: Any, rank: int) -> tuple[int, ...]:
    """One integer a spatial dimension, from a number or a sequence."""
    return tuple(int(item) for item in value) if isinstance(value, tuple | list) else (int(value),) * rank


def both_sides(padding: tuple[int, ...]) -> tuple[int, ...]:
    """(before, after) of each dimension for padding that is the same on both sides."""
    return tuple(side for amount in padding for side in (amount, amount))


def removed_sides(padding: tuple[int, ...], output_padding: tuple[int, ...]) -> tuple[int, ...]:
    """(before, after) of what a transposed convolution leaves out of its full result in each dimension."""
    return tuple(
        side for amount, added in zip(padding, output_padding, strict=True) for side in (amount, amount - added)
    )


def pooling_module(pooling: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    """How to describe a module that pools within a window."""

    def describe(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
        rank = max(len(input_shape) - 2, 1) if input_shape else 2
        kernel = tupled(module.kernel_size, rank)
        values: dict[str, Any] = {
            names.POOLING: pooling,
            names.KERNEL_SIZE: kernel,
            names.STRIDES: tupled(module.stride, rank),
            names.PADDING: both_sides(tupled(module.padding, rank)),
            names.CEIL_MODE: bool(module.ceil_mode),
        }
        if pooling == "average" and any(values[names.PADDING]):  # without padding there is nothing to count
            values[names.COUNT_INCLUDE_PAD] = bool(module.count_include_pad)
        return traits(
            LayerKind.POOLING,
            values,
            spelled(module, kernel_size="kernel_size", strides="stride", padding="padding")
            | {names.POOLING: type(module).__name__},
        )

    return describe


def adaptive_pooling_module(pooling: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    """How to describe a module that pools to a fixed output size."""

    def describe(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
        return adaptive_pooling(pooling, module.output_size, input_shape, f"{type(module).__name__}")

    return describe


def adaptive_pooling(pooling: str, output_size: Any, input_shape: tuple[int, ...], spelling: str) -> LayerTraits:
    """Pooling to a fixed output size; to a single position it is global."""
    size = tupled(output_size, max(len(input_shape) - 2, 1))
    native = {names.POOLING: f"{spelling}(output_size={output_size!r})"}
    if set(size) == {1}:
        return global_pooling(pooling, native)
    return traits(LayerKind.POOLING, {names.POOLING: pooling, names.OUTPUT_SIZE: size}, native)


def padding_module(mode: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    """How to describe a module that pads in this mode."""

    def describe(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        return constant_padding(tuple(module.padding), mode)

    return describe


def constant_padding(pad: tuple[int, ...], mode: str) -> LayerTraits:
    """PyTorch names the last dimension first; the vocabulary goes from top to right."""
    pairs = [pad[index : index + 2] for index in range(0, len(pad), 2)]
    ordered = tuple(int(side) for pair in reversed(pairs) for side in pair)
    return traits(
        LayerKind.PADDING,
        {names.PADDING: ordered, names.PADDING_MODE: mode},
        {names.PADDING: f"padding={pad!r}"},
    )


def resizing(mode: str, align_corners: object, spelling: str) -> LayerTraits:
    """Interpolation by its name, with what tells it from others of that name.

    The cubic kernel of PyTorch has a = -0.75 (ATen, `UpSample.h`).
    """
    values: dict[str, Any] = {names.INTERPOLATION: mode.replace("_", "-")}
    if not mode.startswith("nearest"):
        values[names.ALIGN_CORNERS] = bool(align_corners)
    if mode == "bicubic":
        values[names.CUBIC_COEFFICIENT] = -0.75
    return traits(LayerKind.RESIZE, values, {names.INTERPOLATION: spelling, names.ALIGN_CORNERS: spelling})
