"""Whether the calls so far have reached their level."""

from collections.abc import Sequence
from enum import StrEnum
from math import exp

import numpy as np
from numpy.typing import NDArray

FEWEST_CALLS = 10
SHORTEST_S = 0.3
"""Seconds of calls before which no level counts as reached: allocators, caches and clocks take as long."""
MOST_CALLS = 2000
LONGEST_S = 10.0
_LONGEST_WINDOW = 100
_SIGNIFICANCE = 0.05


class WarmUpState(StrEnum):
    """Whether warming up goes on, and if not, why."""

    GOES_ON = "goes on"
    STEADY = "steady"
    BOUND = "bound"


def is_steady(durations_s: Sequence[float]) -> bool:
    """Whether the later half of the calls, and at least the last ten, shows no change of level."""
    length = min(max(len(durations_s) // 2, FEWEST_CALLS), _LONGEST_WINDOW)
    window = np.asarray(durations_s[-length:], dtype=np.float64)
    return len(window) >= FEWEST_CALLS and change_probability(window) > _SIGNIFICANCE


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


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for the smallest; equal values share the mean of their ranks."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    means: NDArray[np.float64] = (last - (counts - 1) / 2.0)[places]
    return means
