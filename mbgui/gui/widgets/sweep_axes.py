"""The axes of the charts of sweeps: labelled where something was measured, and at round values."""

from collections.abc import Sequence
from math import log10

import pyqtgraph as graph

from mbgui.analysis.axis_ticks import logarithmic_ticks, spaced

_TICK_HEIGHT = 24  # pixels between two labels one above the other
_TICK_WIDTH = 34  # pixels between two labels side by side

_AMOUNTS_WIDTH = 60  # pixels, the same in all charts, so that they line up


class ValueAxis(graph.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """The values of a sweep, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.enableAutoSIPrefix(False)
        self._values: Sequence[int] = ()
        self._is_logarithmic = False

    def show_values(self, values: Sequence[int], *, is_logarithmic: bool) -> None:
        """Label these values, in ascending order."""
        self._values, self._is_logarithmic = values, is_logarithmic
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803 (pyqtgraph's names)
        """The places of the values that are labelled."""
        places = [log10(value) if self._is_logarithmic else float(value) for value in self._values]
        a_pixel = (maxVal - minVal) / max(size, 1.0)
        return [(1.0, [places[kept] for kept in spaced(places, _TICK_WIDTH * a_pixel)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """`16`."""
        del scale, spacing
        return [f"{round(10**value if self._is_logarithmic else value):,}" for value in values]


class AmountAxis(graph.AxisItem):  # type: ignore[misc]
    """Milliseconds or inputs per second: round values, spread evenly or by powers of ten."""

    def __init__(self) -> None:
        super().__init__("left")
        self.setWidth(_AMOUNTS_WIDTH)
        self._is_logarithmic = False
        self.enableAutoSIPrefix(False)

    def show_scale(self, *, is_logarithmic: bool) -> None:
        """Choose how values are spread; those drawn have to be logarithms to the base of ten where this says so."""
        self._is_logarithmic = is_logarithmic
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """The usual ticks without the smallest ones, or logarithms of round values."""
        most = max(int(size // _TICK_HEIGHT), 2)
        if self._is_logarithmic:
            return [(1.0, [log10(value) for value in logarithmic_ticks(10**minVal, 10**maxVal, most)])]
        usual: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
        return usual[:2]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """`20`, `0.5`."""
        if not self._is_logarithmic:
            usual: list[str] = super().tickStrings(values, scale, spacing)
            return usual
        return [f"{10**value:,.10g}" for value in values]
