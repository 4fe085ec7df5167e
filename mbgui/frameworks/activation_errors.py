"""How far one activation is from another."""

from math import isfinite, sqrt

import numpy as np

from mbgui.domain.equivalence import ErrorFigures
from mbgui.frameworks.stepwise import Array, Arrays

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
    both = np.isfinite(a) & np.isfinite(b)
    alike = both | (np.isnan(a) & np.isnan(b)) | (a == b)
    if not both.all():
        a, b = a[both], b[both]
    gap = b - a
    norm_a, norm_b, norm_gap = (sqrt(float(np.dot(values, values))) for values in (a, b, gap))
    cosine = 1 - float(np.dot(a, b)) / (norm_a * norm_b) if norm_a and norm_b else (0.0 if norm_a == norm_b else 1.0)
    unlike = int(alike.size - np.count_nonzero(alike))
    relative = norm_gap / (norm_a or norm_b) if norm_gap else 0.0
    return ErrorFigures(
        relative_l2=_finite(relative) if not unlike else None,
        max_absolute=_finite(float(np.abs(gap).max(initial=0.0))) if not unlike else None,
        cosine=_finite(max(cosine, 0.0)) if norm_gap else 0.0,
        non_finite=unlike,
    )


def distance(left: Array, right: Array) -> float | None:
    """‖b − a‖₂ / ‖a‖₂, or `None` where it is not finite."""
    return compare(left, right).relative_l2


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
