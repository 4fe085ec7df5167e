"""Whether an array holds the values of another in a different order, and which mistake makes that order."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import permutations
from math import isclose

import numpy as np

from mbgui.analysis.weight_axes import IN, MULTIPLIER, OUT
from mbgui.analysis.weight_comparing import chunks
from mbgui.analysis.weight_layout import Array

_SPATIAL = ("depth", "height", "width")
_COLOURS = 3
_SORTED_COLUMNS = 16  # enough to tell output channels apart


class Rearranged(StrEnum):
    """How values came into another order, as a clause."""

    FLATTEN_ORDER = "the inputs stand in the order of the other flattening, channels first against channels last"
    HEIGHT_AND_WIDTH = "kernel height and width are swapped"
    FLIPPED = "flipped in space"
    COLOURS = "the input channels stand in reverse order (RGB against BGR)"
    INPUTS_AND_OUTPUTS = "input and output channels are swapped"
    MULTIPLIERS = "the depthwise outputs are ordered by multiplier first, where they belong by channel first"
    RESHAPED = "the values were reshaped where they have to be transposed"
    OUTPUTS = "the same output channels stand in another order"
    REORDERED = "the same values stand in another order"


def rearrangement(left: Array, right: Array, axes: tuple[str, ...], *, is_flattened: bool = False) -> Rearranged | None:
    """How the right values came into their order, `None` where they are not the left ones reordered.

    Both arrays have one dimension for each of `axes`.
    """
    if left.shape != right.shape or left.ndim != len(axes) or not _may_be_reordered(left, right):
        return None
    for found, candidate in _candidates(left, axes, is_flattened=is_flattened):
        if candidate.shape == right.shape and np.array_equal(candidate, right):
            return found
    return _outputs_reordered(left, right, axes) or _reordered(left, right)


def _may_be_reordered(left: Array, right: Array) -> bool:
    """A cheap test that spares the others: a sum of squares does not depend on the order, but for rounding."""
    before = after = 0.0
    for mine, other in chunks(left, right):
        before += float(np.vdot(mine, mine))
        after += float(np.vdot(other, other))
    return left.size > 1 and isclose(before, after, rel_tol=1e-9)


def _candidates(left: Array, axes: tuple[str, ...], *, is_flattened: bool) -> Iterator[tuple[Rearranged, Array]]:
    spatial = [place for place, axis in enumerate(axes) if axis in _SPATIAL]
    if is_flattened and spatial:
        group = sorted([*spatial, *(place for place, axis in enumerate(axes) if axis == IN)])
        yield from ((Rearranged.FLATTEN_ORDER, values) for values in _read_in_other_orders(left, group))
    elif len(spatial) > 1:
        yield Rearranged.HEIGHT_AND_WIDTH, np.swapaxes(left, spatial[-2], spatial[-1])
    for flipped in _flips(spatial):
        yield Rearranged.FLIPPED, np.flip(left, flipped)
    yield from _channel_candidates(left, axes)
    if left.ndim <= 5:
        yield from ((Rearranged.RESHAPED, values) for values in _read_in_other_orders(left, list(range(left.ndim))))


def _flips(spatial: list[int]) -> Iterator[tuple[int, ...]]:
    if spatial:
        yield tuple(spatial)
    if len(spatial) > 1:
        yield from ((place,) for place in spatial)


def _channel_candidates(left: Array, axes: tuple[str, ...]) -> Iterator[tuple[Rearranged, Array]]:
    if IN in axes and left.shape[axes.index(IN)] == _COLOURS:
        yield Rearranged.COLOURS, np.flip(left, axes.index(IN))
    if IN in axes and OUT in axes:
        yield Rearranged.INPUTS_AND_OUTPUTS, np.swapaxes(left, axes.index(IN), axes.index(OUT))
    if IN in axes and MULTIPLIER in axes:
        group = sorted((axes.index(IN), axes.index(MULTIPLIER)))
        yield from ((Rearranged.MULTIPLIERS, values) for values in _read_in_other_orders(left, group))


def _read_in_other_orders(values: Array, group: list[int]) -> Iterator[Array]:
    """The array that results where a group of dimensions is written in one order and read in another."""
    rest = [place for place in range(values.ndim) if place not in group]
    shape = tuple(values.shape[place] for place in group)
    outer = tuple(values.shape[place] for place in rest)
    back = np.argsort([*rest, *group])
    written = values.transpose(*rest, *group)
    for order in permutations(range(len(group))):
        if order == tuple(range(len(group))):
            continue
        inner = tuple(len(rest) + place for place in order)
        moved = written.transpose(*range(len(rest)), *inner)
        yield moved.reshape(*outer, *shape).transpose(*back)
        turned = written.reshape(*outer, *(shape[place] for place in order))
        undone = tuple(len(rest) + int(place) for place in np.argsort(order))
        yield turned.transpose(*range(len(rest)), *undone).transpose(*back)


def _outputs_reordered(left: Array, right: Array, axes: tuple[str, ...]) -> Rearranged | None:
    if OUT not in axes or left.ndim < 2:
        return None
    place = axes.index(OUT)
    rows = [np.moveaxis(values, place, 0).reshape(left.shape[place], -1) for values in (left, right)]
    before, after = (found[np.lexsort(found[:, :_SORTED_COLUMNS].T[::-1])] for found in rows)
    return Rearranged.OUTPUTS if np.array_equal(before, after) else None


def _reordered(left: Array, right: Array) -> Rearranged | None:
    return Rearranged.REORDERED if np.array_equal(np.sort(left, axis=None), np.sort(right, axis=None)) else None
