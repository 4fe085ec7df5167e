"""Where the axes of charts over measured values are labelled."""

from collections.abc import Sequence
from math import ceil, floor, log10

_MANTISSAS = ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1,))
"""From the most labels to the fewest."""


def logarithmic_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values from `low` to `high`, both above 0: as many as there is room for, at most `most`."""
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    ticks: list[float] = []
    for mantissas in _MANTISSAS:
        ticks = [value for power in decades for m in mantissas if low <= (value := m * 10.0**power) <= high]
        if len(ticks) <= most:
            return ticks
    step = -(-len(ticks) // max(most, 1))
    return ticks[::step]


def spaced(positions: Sequence[float], gap: float) -> list[int]:
    """The places of those of ascending positions that lie at least `gap` apart; the first is always among them."""
    kept: list[int] = []
    for place, position in enumerate(positions):
        if not kept or position - positions[kept[-1]] >= gap:
            kept.append(place)
    return kept
