"""The axes of the chart of errors: powers of ten with a zero, and whole pairs."""

import pyqtgraph as graph

from mbgui.analysis.error_curves import LogScale, scale_of

_TICK_ROOM = 24  # pixels between two labels of the axis


class ErrorAxis(graph.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Powers of ten, and zero below them."""

    def __init__(self) -> None:
        super().__init__("left")
        self._scale = scale_of()

    def show_scale(self, scale: LogScale) -> None:
        """Span these decades."""
        self._scale = scale
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803 (pyqtgraph's names)
        """Every decade, or every so many, and zero."""
        del minVal, maxVal
        scale = self._scale
        room = max(int(size // _TICK_ROOM), 2)
        step = max(-(-(scale.top - scale.bottom + 2) // room), 1)
        decades = range(scale.top - (scale.top - scale.bottom) // step * step, scale.top + 1, step)
        return [(float(step), [float(scale.zero), *map(float, decades)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """`1e-12`, and `0` for zero."""
        del scale, spacing
        return ["0" if value == self._scale.zero else _power_text(round(value)) for value in values]


class PairAxis(graph.AxisItem):  # type: ignore[misc]
    """Whole numbers alone: there is no half of a pair."""

    def __init__(self) -> None:
        super().__init__("bottom")

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N803
        """The usual spacings from 1 on."""
        usual = super().tickSpacing(minVal, maxVal, size)
        return [(spacing, offset) for spacing, offset in usual if spacing >= 1] or [(1.0, 0.0)]


def _power_text(exponent: int) -> str:
    return "1" if exponent == 0 else f"1e{exponent}"
