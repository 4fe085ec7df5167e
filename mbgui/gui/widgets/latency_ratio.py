"""How the interval of the ratio narrows while rounds come in."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as graph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from mbgui.domain.latency import LatencyEstimate
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.chart import Chart, with_opacity
from mbgui.gui.widgets.latency_marks import settle, steady
from mbgui.gui.widgets.latency_picture import LatencyPicture

_DRAWN_AT_MOST = 400
_BAND_OPACITY, _FLOOR_OPACITY, _GRID_OPACITY = 60, 30, 40  # of 255
_MARGIN = 0.12


class RatioChart(Chart):
    """The ratio over the seconds since measuring began, its 95 % interval as a band, a dashed line at 1.

    What is within the noise floor of 1 is shaded. Early intervals that are far wider than the last are cut.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Ratio of medians over time", parent)
        self._floor = graph.LinearRegionItem(orientation="horizontal", movable=False, pen=graph.mkPen(None))
        self._one = graph.InfiniteLine(pos=1.0, angle=0, movable=False)
        self.low, self.high = graph.PlotCurveItem(), graph.PlotCurveItem()
        self._band = graph.FillBetweenItem(self.low, self.high)
        self.line = graph.PlotCurveItem(antialias=True)
        self._last = graph.ScatterPlotItem(size=6, symbol="s", pen=None)
        self._whisker = graph.PlotCurveItem()
        for item in (self._floor, self._band, self.low, self.high, self._one, self.line, self._whisker, self._last):
            self._area.addItem(item)
        self._below.setLabel("seconds elapsed")
        self._beside.setGrid(_GRID_OPACITY)
        steady(self._below, self._beside)
        self.color()

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        colors = self._theme.colors
        self._floor.setBrush(with_opacity(colors.muted, _FLOOR_OPACITY))
        self._band.setBrush(with_opacity(colors.muted, _BAND_OPACITY))
        for edge in (self.low, self.high):
            edge.setPen(graph.mkPen(with_opacity(colors.muted, 2 * _BAND_OPACITY), width=1))
        self._one.setPen(graph.mkPen(colors.muted, width=1, style=Qt.PenStyle.DashLine))
        self.line.setPen(graph.mkPen(colors.text, width=1.5))
        self._whisker.setPen(graph.mkPen(colors.text, width=1.5))
        self._last.setBrush(QColor(colors.text))

    def show_picture(self, picture: LatencyPicture) -> None:
        """Draw the estimates so far."""
        self._floor.setVisible(picture.smallest_difference is not None)
        if picture.smallest_difference is not None:
            most = 1.0 + picture.smallest_difference
            self._floor.setRegion((1.0 / most, most))
        estimates = picture.estimates[-_DRAWN_AT_MOST:]
        elapsed, ratio, low, high = _columns(estimates)
        for curve, values in ((self.low, low), (self.high, high), (self.line, ratio)):
            curve.setData(elapsed, values)
        self._last.setData(x=elapsed[-1:], y=ratio[-1:])
        self._whisker.setData(np.repeat(elapsed[-1:], 2), np.concatenate([low[-1:], high[-1:]]))
        if estimates:
            self._area.setXRange(0.0, max(float(elapsed[-1]), 1e-3), padding=0.03)
        self._area.setYRange(*_heights(estimates), padding=0)
        settle(self._area)


def _columns(estimates: Sequence[LatencyEstimate]) -> tuple[np.ndarray, ...]:
    rows = [(found.elapsed_s, found.ratio, found.ci_low, found.ci_high) for found in estimates]
    return tuple(np.asarray(rows, dtype=np.float64).reshape(-1, 4).T)


def _heights(estimates: Sequence[LatencyEstimate]) -> tuple[float, float]:
    """All of the later half, and 1."""
    later = estimates[len(estimates) // 2 :]
    low = min([1.0, *(found.ci_low for found in later)])
    high = max([1.0, *(found.ci_high for found in later)])
    margin = (high - low) * _MARGIN or 0.1
    return low - margin, high + margin
