"""Which calls of a launch took surprisingly long or short; they are marked and kept."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_CONSISTENCY = 0.6745
_LARGEST_SCORE = 3.5
"""Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): |0.6745·(x − median) / MAD| > 3.5."""
_MEAN_CONSISTENCY = 1.253314
"""The score where more than half of the calls are equal, with the mean absolute deviation (ibid.)."""


def outlier_mask(durations_s: Sequence[float] | NDArray[np.float64]) -> NDArray[np.bool_]:
    """True for each call of one launch whose modified z-score is beyond 3.5; the shape is that of the calls.

    Where the median absolute deviation is 0 the mean absolute deviation takes its place; where that is 0 as well
    there are none.
    """
    samples = np.asarray(durations_s, dtype=np.float64)
    if not samples.size:
        return np.zeros(0, dtype=np.bool_)
    distances = np.abs(samples - np.median(samples))
    spread = float(np.median(distances)) / _CONSISTENCY or float(distances.mean()) * _MEAN_CONSISTENCY
    return distances > _LARGEST_SCORE * spread if spread else np.zeros(samples.shape, dtype=np.bool_)
