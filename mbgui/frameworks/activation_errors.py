"""How far one activation is from another."""

from math import isfinite, sqrt

import numpy as np

from mbgui.domain.equivalence import ErrorFigures
from mbgui.frameworks.stepwise import Array, Arrays

_PIECE = 1 << 15
"""Values: two tensors of float64 and their difference fit into a cache of 1 MiB."""
UNLIKE = ErrorFigures(relative_l2=None, max_absolute=None, cosine=None)
"""The figures of tensors that cannot be compared, since they have other shapes."""


def worst_errors(left: Arrays, right: Arrays) -> ErrorFigures:
    """The figures of the lane on which the right side is farthest from the left one; infinity is the farthest."""
    figures = [compare(mine, other) for mine, other in zip(left, right, strict=True)]
    return max(figures, key=lambda found: float("inf") if found.relative_l2 is None else found.relative_l2)


def compare(left: Array, right: Array) -> ErrorFigures:
    """‖b − a‖₂ / ‖a‖₂, max |b − a| and 1 − cos(a, b) of two tensors of one layout, a being the left one.

    Positions of one value that is not finite on both sides alike count as equal. Where a is zero everywhere, the
    error is relative to b.
    """
    if left.size != right.size:
        return UNLIKE
    a, b = np.asarray(left, dtype=np.float64).ravel(), np.asarray(right, dtype=np.float64).ravel()
    figures = _finite_figures(a, b)
    return figures if figures is not None else _figures_of_finite_places(a, b)


def _finite_figures(a: Array, b: Array) -> ErrorFigures | None:
    """The figures where all is finite; `None` where a sum tells that it is not.

    Goes through the tensors in pieces that stay in the processor's cache.
    """
    sums, largest = np.zeros(4), 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        for start in range(0, a.size, _PIECE):
            mine, other = a[start : start + _PIECE], b[start : start + _PIECE]
            gap = other - mine
            sums += np.dot(gap, gap), np.dot(mine, mine), np.dot(other, other), np.dot(mine, other)
            largest = max(largest, float(gap.max()), -float(gap.min()))
    if not np.isfinite(sums).all():
        return None
    norm_gap, norm_a, norm_b = (sqrt(float(square)) for square in sums[:3])
    if not norm_gap:
        return ErrorFigures(relative_l2=0.0, max_absolute=largest, cosine=0.0)
    cosine = 1 - float(sums[3]) / (norm_a * norm_b) if norm_a and norm_b else 1.0
    return ErrorFigures(
        relative_l2=_finite(norm_gap / (norm_a or norm_b)), max_absolute=largest, cosine=max(cosine, 0.0)
    )


def _figures_of_finite_places(a: Array, b: Array) -> ErrorFigures:
    """The figures where some values are not finite, or too large to be squared."""
    both = np.isfinite(a) & np.isfinite(b)
    alike = both | (np.isnan(a) & np.isnan(b)) | (a == b)
    unlike = int(alike.size - np.count_nonzero(alike))
    found = _finite_figures(a[both], b[both])
    if found is None or unlike:
        cosine = None if found is None else found.cosine
        return ErrorFigures(relative_l2=None, max_absolute=None, cosine=cosine, non_finite=unlike)
    return found


def distance(left: Array, right: Array) -> float | None:
    """‖b − a‖₂ / ‖a‖₂, or `None` where it is not finite."""
    return compare(left, right).relative_l2


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
