"""Whether the calls so far have reached their level."""

from collections.abc import Sequence
from enum import StrEnum
from math import exp, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

FEWEST_CALLS = 10
SHORTEST_S = 0.3
"""Seconds of calls before which no level counts as reached: allocators, caches and clocks take as long."""
MOST_CALLS = 2000
LONGEST_S = 10.0
_LONGEST_WINDOW = 100
_SIGNIFICANCE = 0.05
_SIGNIFICANCE_OF_FALL = 0.01


class WarmUpState(StrEnum):
    """Whether warming up goes on, and if not, why."""

    GOES_ON = "goes on"
    STEADY = "steady"
    BOUND = "bound"


def is_steady(durations_s: Sequence[float]) -> bool:
    """Whether the later half of the calls, and at least the last ten, shows no change of level and no fall."""
    length = min(max(len(durations_s) // 2, FEWEST_CALLS), _LONGEST_WINDOW)
    window = np.asarray(durations_s[-length:], dtype=np.float64)
    if len(window) < FEWEST_CALLS:
        return False
    return change_probability(window) > _SIGNIFICANCE and falling_probability(window) > _SIGNIFICANCE_OF_FALL


def warm_up_is_over(durations_s: Sequence[float], fewest: int, elapsed_s: float) -> WarmUpState:
    """Whether warming up may end after these calls; `elapsed_s` is how long it went on altogether.

    The bound of calls or seconds ends it whatever the level does, though not before `fewest` calls.
    """
    if len(durations_s) < fewest:
        return WarmUpState.GOES_ON
    if sum(durations_s) >= SHORTEST_S and is_steady(durations_s):
        return WarmUpState.STEADY
    is_bound = len(durations_s) >= MOST_CALLS or elapsed_s >= LONGEST_S
    return WarmUpState.BOUND if is_bound else WarmUpState.GOES_ON


def change_probability(values: NDArray[np.float64]) -> float:
    """The probability of so large a change of level somewhere in a series that has none.

    Pettitt's test (Applied Statistics 28, 1979): K = max |2·Σ ranks − t·(n + 1)| over the first t values, and
    p ≈ 2·exp(−6K² / (n³ + n²)). It works on ranks, so a few slow calls do not look like a change. 1 for equal values.
    """
    count = len(values)
    sums = np.cumsum(_ranks(values))
    places = np.arange(1, count + 1)
    statistic = float(np.abs(2.0 * sums - places * (count + 1)).max())
    return min(2.0 * exp(-6.0 * statistic**2 / (count**3 + count**2)), 1.0)


def falling_probability(values: NDArray[np.float64]) -> float:
    """The probability of a later half so far below the earlier one where there is no trend.

    The rank sum of Mann and Whitney (Annals of Mathematical Statistics 18, 1947) by its normal approximation with
    continuity correction. Pettitt's approximation is blind for ten values: even all in falling order give 0.066.
    """
    count = len(values)
    later = count - count // 2
    expected = later * (count + 1) / 2.0
    deviation = sqrt((count // 2) * later * (count + 1) / 12.0)
    fall = expected - float(_ranks(values)[-later:].sum()) - 0.5
    return 1.0 - NormalDist().cdf(fall / deviation)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for the smallest; equal values share the mean of their ranks."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    means: NDArray[np.float64] = (last - (counts - 1) / 2.0)[places]
    return means
