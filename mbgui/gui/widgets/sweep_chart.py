"""One quantity of both sides over the values of a sweep, drawn with pyqtgraph; imported once that is loaded."""

from collections.abc import Callable, Mapping, Sequence
from math import log10

import pyqtgraph as graph
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem, QWidget

from mbgui.analysis.sweep_rows import SweepCurve
from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.chart import Chart, with_opacity
from mbgui.gui.widgets.side_marker import side_color
from mbgui.gui.widgets.sweep_axes import AmountAxis, ValueAxis

_BAND_OPACITY = 55  # of 255
_WHISKER_OPACITY = 150
_GRID_OPACITY = 40
_SYMBOLS = {Side.LEFT: "o", Side.RIGHT: "d"}
_SIZES = {Side.LEFT: 7, Side.RIGHT: 9}  # the diamond covers less of its box than the disc
_MARGIN = 0.06  # of the width, on either side
_HEADROOM = 1.1
_FOOTROOM = 0.05  # of the height: at the very edge the label of 0 would be left out

Scale = Callable[[float], float]


class SweepChart(Chart):
    """A line with its 95 % band for each side: discs on the left, diamonds on the right."""

    def __init__(self, theme: Theme, name: str, *, beside: str, below: str, parent: QWidget | None = None) -> None:
        self._values, self._amounts = ValueAxis(), AmountAxis()
        super().__init__(theme, name, parent, below=self._values, beside=self._amounts)
        self._bands = {side: QGraphicsPolygonItem() for side in Side}
        self._whiskers = {side: graph.PlotCurveItem(connect="pairs") for side in Side}
        self._lines = {side: graph.PlotCurveItem(antialias=True) for side in Side}
        self._marks = {side: graph.ScatterPlotItem(size=_SIZES[side], symbol=_SYMBOLS[side], pen=None) for side in Side}
        for items in (self._bands, self._whiskers, self._lines, self._marks):
            for side in Side:
                self._area.addItem(items[side])
        self._amounts.setLabel(beside)
        self._values.setLabel(below)
        self._amounts.setGrid(_GRID_OPACITY)
        self.color()

    def marks(self, side: Side) -> graph.ScatterPlotItem:
        """The measured points of a side as they are drawn."""
        return self._marks[side]

    def band(self, side: Side) -> list[QPointF]:
        """The corners of a side's band."""
        return self._bands[side].polygon().toList()

    def value_labels(self) -> list[str]:
        """What the axis of values says, from left to right."""
        low, high = self._area.viewRange()[0]
        ((spacing, places),) = self._values.tickValues(low, high, self._area.width())
        return self._values.tickStrings(places, 1, spacing)

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        for side in Side:
            fill = side_color(self._theme.colors, side)
            self._bands[side].setBrush(with_opacity(fill.name(), _BAND_OPACITY))
            self._bands[side].setPen(QPen(Qt.PenStyle.NoPen))
            self._whiskers[side].setPen(graph.mkPen(with_opacity(fill.name(), _WHISKER_OPACITY), width=1))
            self._lines[side].setPen(graph.mkPen(fill, width=1.8))
            self._marks[side].setBrush(QColor(fill))

    def show_curves(
        self, curves: Mapping[Side, SweepCurve], values: Sequence[int], *, is_logarithmic: bool = False
    ) -> None:
        """Draw these curves; `values` are labelled, also those at which nothing could be measured."""
        has_logarithms = is_logarithmic and all(low > 0 for curve in curves.values() for low in curve.low)
        scale: Scale = log10 if has_logarithms else float
        self._values.show_values(values, is_logarithmic=has_logarithms)
        self._amounts.show_scale(is_logarithmic=has_logarithms)
        for side in Side:
            self._draw(side, curves.get(side, SweepCurve()), scale)
        self._fit(curves, values, scale)

    def _draw(self, side: Side, curve: SweepCurve, scale: Scale) -> None:
        x, low, high = ([scale(number) for number in numbers] for numbers in (curve.values, curve.low, curve.high))
        middle = [scale(number) for number in curve.middle]
        there = [QPointF(at, bound) for at, bound in zip(x, high, strict=True)]
        back = [QPointF(at, bound) for at, bound in zip(x, low, strict=True)]
        self._bands[side].setPolygon(QPolygonF([*there, *reversed(back)]))
        pairs = [bound for both in zip(low, high, strict=True) for bound in both]
        self._whiskers[side].setData([at for at in x for _ in range(2)], pairs)
        self._lines[side].setData(x, middle)
        self._marks[side].setData(x=x, y=middle)

    def _fit(self, curves: Mapping[Side, SweepCurve], values: Sequence[int], scale: Scale) -> None:
        """The amounts begin at 0 where they are spread evenly."""
        lows = [low for curve in curves.values() for low in curve.low]
        highs = [high for curve in curves.values() for high in curve.high]
        if not lows or not values:
            return
        top = scale(max(highs) * _HEADROOM)
        bottom = scale(min(lows) / _HEADROOM) if scale is log10 else -_FOOTROOM * top
        self._area.setYRange(bottom, max(top, bottom + 1e-9), padding=0)
        left, right = scale(values[0]), scale(values[-1])
        margin = (right - left) * _MARGIN or 0.5
        self._area.setXRange(left - margin, right + margin, padding=0)
