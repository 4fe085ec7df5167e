"""An axis of milliseconds, linear or logarithmic, whose ticks are round numbers either way."""

from collections.abc import Sequence
from math import ceil, floor, log10

import pyqtgraph as graph

_FEW_DECADES = 1.2  # a smaller span has too few of 1, 2, 5, 10, …
_MOST_TICKS = 7
_STEPS = (1.0, 2.0, 5.0, 10.0)


class DurationAxis(graph.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """On a logarithmic axis places are decimal logarithms of milliseconds."""

    def __init__(self, orientation: str = "bottom") -> None:
        super().__init__(orientation)
        self._is_logarithmic = False

    def show_logarithmic(self, *, is_logarithmic: bool) -> None:
        """Whether places are logarithms."""
        self._is_logarithmic = is_logarithmic
        self.picture = None  # what is drawn is out of date
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Where the ticks are."""
        if not self._is_logarithmic:
            return super().tickValues(minVal, maxVal, size)  # type: ignore[no-any-return]
        return [(1.0, [log10(tick) for tick in logarithmic_ticks(10.0**minVal, 10.0**maxVal)])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """What the ticks say."""
        if not self._is_logarithmic:
            return super().tickStrings(values, scale, spacing)  # type: ignore[no-any-return]
        return [f"{10.0**value:.6g}" for value in values]


def logarithmic_ticks(low: float, high: float) -> list[float]:
    """Round numbers between two positive ones: evenly apart within a decade, else 1, 2, 5, 10 and so on."""
    if not 0.0 < low < high:
        return []
    if log10(high / low) < _FEW_DECADES:
        step = _round_up((high - low) / _MOST_TICKS)
        return [step * count for count in range(ceil(low / step), floor(high / step) + 1) if count > 0]
    decades = range(floor(log10(low)), ceil(log10(high)))
    ticks = [step * 10.0**decade for decade in decades for step in _STEPS[:3]]
    return [tick for tick in ticks if low <= tick <= high]


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10 times a power of ten."""
    power = 10.0 ** floor(log10(value))
    return next(step for step in _STEPS if step * power >= value * (1 - 1e-9)) * power
