"""How far two arrays are from each other, a chunk at a time: weights may be as large as a machine allows."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from mbgui.analysis.weight_layout import Array

_CHUNK_VALUES = 1 << 20


def compare_values(left: Array, right: Array) -> tuple[float | None, bool]:
    """‖right − left‖₂ / ‖left‖₂, and whether every value is the same; both in the layout of the left side.

    `None` where the shapes differ, a value is not finite, or the left side is all zeros and the right side is not.
    Not a number is the same as itself.
    """
    if left.shape != right.shape:
        return None, False
    size = distance = 0.0
    is_equal = True
    with np.errstate(invalid="ignore", over="ignore"):
        for mine, other in chunks(left, right):
            size += float(np.vdot(mine, mine))
            if not np.array_equal(mine, other, equal_nan=True):
                is_equal = False
                difference = other - mine
                distance += float(np.vdot(difference, difference))
    if is_equal:
        return 0.0, True
    if not np.isfinite(distance) or not np.isfinite(size) or size == 0:
        return None, False
    return sqrt(distance / size), False


def is_same(left: Array, right: Array) -> bool:
    """Whether two arrays have the same shape and values; not a number is the same as itself."""
    return left.shape == right.shape and all(
        np.array_equal(mine, other, equal_nan=True) for mine, other in chunks(left, right)
    )


def chunks(left: Array, right: Array) -> Iterator[tuple[Array, Array]]:
    """The values of two arrays of one shape side by side, flat and in float64, a million at a time."""
    mine, other = left.reshape(-1), right.reshape(-1)
    for start in range(0, mine.size, _CHUNK_VALUES):
        place = slice(start, start + _CHUNK_VALUES)
        yield mine[place].astype(np.float64, copy=False), other[place].astype(np.float64, copy=False)
