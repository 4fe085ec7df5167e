"""How the values of one tensor lie in another: an exact, invertible change of layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
Axis = tuple[str, int]
"""What one dimension stands for, and its size: `("height", 3)`."""
Axes = tuple[Axis, ...]
"""What values are ordered by, the slowest first; a dimension of several (channels and multipliers) is split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutChange:
    """A tensor of `shape_before` is split into dimensions, these are transposed, and joined to `shape_after`."""

    shape_before: tuple[int, ...]
    split: tuple[int, ...]
    axes: tuple[int, ...]
    shape_after: tuple[int, ...]

    @property
    def is_identity(self) -> bool:
        """Whether nothing moves, not even between dimensions of one."""
        return self.axes == tuple(range(len(self.axes))) and self.shape_before == self.shape_after

    def inverted(self) -> "LayoutChange":
        """The change back."""
        return LayoutChange(
            shape_before=self.shape_after,
            split=tuple(self.split[axis] for axis in self.axes),
            axes=tuple(sorted(range(len(self.axes)), key=self.axes.__getitem__)),
            shape_after=self.shape_before,
        )


def unchanged(shape: tuple[int, ...]) -> LayoutChange:
    """The change that leaves a tensor of `shape` as it is."""
    return LayoutChange(shape_before=shape, split=shape, axes=tuple(range(len(shape))), shape_after=shape)


def layout_between(
    left: Axes, left_shape: tuple[int, ...], right: Axes, right_shape: tuple[int, ...]
) -> LayoutChange | None:
    """The change from one order of axes to another; `None` where they do not have the same axes.

    Axes of size one carry no order and are left out of the comparison.
    """
    before, after = without_ones(left), without_ones(right)
    if sorted(before) != sorted(after) or len(set(before)) != len(before) or prod(left_shape) != prod(right_shape):
        return None
    return LayoutChange(
        shape_before=left_shape,
        split=tuple(size for _, size in before),
        axes=tuple(before.index(axis) for axis in after),
        shape_after=right_shape,
    )


def without_ones(axes: Sequence[Axis]) -> Axes:
    """The axes that have an order at all."""
    return tuple(axis for axis in axes if axis[1] != 1)


def apply(change: LayoutChange, array: Array) -> Array:
    """The values of `array` in the other layout; raises `ValueError` where it does not have `shape_before`."""
    if array.shape != change.shape_before:
        raise ValueError(f"a tensor of shape {array.shape} where {change.shape_before} was planned")
    return array.reshape(change.split).transpose(change.axes).reshape(change.shape_after)
