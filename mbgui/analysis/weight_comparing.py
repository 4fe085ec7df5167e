"""How far two arrays are from each other."""

import numpy as np

from mbgui.analysis.weight_layout import Array


def compare_values(left: Array, right: Array) -> tuple[float | None, bool]:
    """‖right − left‖₂ / ‖left‖₂, and whether every value is the same; both in the layout of the left side.

    `None` where the shapes differ, a value is not finite, or the left side is all zeros and the right side is not.
    Not a number is the same as itself.
    """
    if left.shape != right.shape:
        return None, False
    if np.array_equal(left, right, equal_nan=left.dtype.kind in "fc" and right.dtype.kind in "fc"):
        return 0.0, True
    before = left.astype(np.float64, copy=False).ravel()
    with np.errstate(invalid="ignore", over="ignore"):
        size, distance = np.linalg.norm(before), np.linalg.norm(right.astype(np.float64, copy=False).ravel() - before)
    if not np.isfinite(distance) or not np.isfinite(size) or size == 0:
        return None, False
    return float(distance / size), False
