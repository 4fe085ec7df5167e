"""From a framework's own layout of an activation to channels last, and back."""

from dataclasses import dataclass
from math import prod

import numpy as np

from mbgui.frameworks.stepwise import Array

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the channels of a tensor are, batch dimension included; `None` where there is nothing to move.

    `flattened` is the shape (without batch) of the map that a vector was flattened from, with its channels at `axis`.
    """

    axis: int | None = None
    flattened: Shape = ()

    def to_channels_last(self, array: Array) -> Array:
        """The tensor with its channels behind everything else, as a copy or view."""
        if self.axis is None:
            return array
        if not self.flattened:
            return np.moveaxis(array, self.axis, -1) if array.ndim > self.axis else array
        if array.ndim != 2 or array.shape[1] != prod(self.flattened):
            return array
        maps = array.reshape(array.shape[0], *self.flattened)
        return np.moveaxis(maps, self.axis, -1).reshape(array.shape)

    def shape_channels_last(self, shape: Shape) -> Shape:
        """The shape of a tensor with its channels behind everything else."""
        if self.axis is None or self.flattened:
            return shape
        return (*shape[: self.axis], *shape[self.axis + 1 :], shape[self.axis])

    def from_channels_last(self, array: Array, shape: Shape) -> Array:
        """The tensor of `shape` in its own layout.

        Raises:
            ValueError: the array has another number of values.
        """
        if self.axis is None:
            return array.reshape(shape)
        if self.flattened:
            last = (*(size for index, size in enumerate(self.flattened, 1) if index != self.axis),)
            maps = array.reshape(shape[0], *last, self.flattened[self.axis - 1])
            return np.moveaxis(maps, -1, self.axis).reshape(shape)
        moved = (*(size for index, size in enumerate(shape) if index != self.axis), shape[self.axis])
        return np.moveaxis(array.reshape(moved), -1, self.axis)


PLAIN = Layout()


def permuted(layout: Layout, order: Shape) -> Layout:
    """The layout after the dimensions were put in another order."""
    axis = len(order) - 1 if layout.axis is None else layout.axis
    if layout.flattened or axis not in order:
        return layout
    return _axis_or_plain(order.index(axis), len(order))


def reshaped(layout: Layout, before: Shape, after: Shape) -> Layout:  # noqa: PLR0911  one a case
    """The layout after a tensor of the shape `before` took the shape `after`."""
    if before == after:
        return layout
    if len(after) == 2 and len(before) > 2 and after[0] == before[0]:
        is_last = layout.axis in (None, len(before) - 1)
        return PLAIN if is_last else Layout(axis=layout.axis, flattened=before[1:])
    if len(after) < 3:
        return PLAIN
    if layout.flattened and after[1:] == layout.flattened:
        return Layout(axis=layout.axis)
    if layout.axis == 1 and after[1] == before[1]:
        return Layout(axis=1)
    if len(before) == 2 and after[:2] == before and set(after[2:]) == {1}:
        return Layout(axis=1)
    return PLAIN


def channels_first(rank: int) -> Layout:
    """Channels behind the batch, for tensors that have positions besides."""
    return Layout(axis=1) if rank > 2 else PLAIN


def _axis_or_plain(axis: int, rank: int) -> Layout:
    return PLAIN if axis == rank - 1 else Layout(axis=axis)
