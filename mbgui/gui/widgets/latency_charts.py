"""The charts of the latency tab, drawn with pyqtgraph; the import takes a while and so happens in the background."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as graph
from PySide6.QtWidgets import QWidget

from mbgui.analysis.latency import bin_counts, common_edges
from mbgui.analysis.wording import milliseconds_text
from mbgui.domain.request import Side
from mbgui.gui.theme import Colors, Theme
from mbgui.gui.widgets.chart import Chart, with_opacity
from mbgui.gui.widgets.latency_samples import Samples

_BAR_OPACITY = 115  # of 255: where both sides overlap, both still show
_GRID_OPACITY = 40
_LABEL_OPACITY = 215
_POINT_OPACITY = 170
_POINT_SIZES = {Side.LEFT: 4, Side.RIGHT: 6}  # the diamond covers less of its box than the disc
_LABEL_HEIGHTS = {Side.LEFT: 0.95, Side.RIGHT: 0.87}
_TAIL_PERCENTILE = 99.5


class HistogramChart(Chart):
    """Both sides' durations on common bins, with a line at each median."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Histogram of call durations", parent)
        self._bars = {side: graph.BarGraphItem(x0=[], x1=[], height=[], y0=0) for side in Side}
        self._lines = {side: _median_line(side) for side in Side}
        for item in (*self._bars.values(), *self._lines.values()):
            self._area.addItem(item)
        self._below.setLabel("call duration, ms")
        self._below.setGrid(_GRID_OPACITY)
        self._beside.hide()
        self.color()

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        for side in Side:
            fill = _fill(self._theme.colors, side)
            self._bars[side].setOpts(brush=with_opacity(fill, _BAR_OPACITY), pen=None)
            self._lines[side].setPen(graph.mkPen(fill, width=2))
            self._lines[side].label.setColor(_text(self._theme.colors, side))
            self._lines[side].label.fill = graph.mkBrush(with_opacity(self._theme.colors.surface, _LABEL_OPACITY))

    def show_calls(self, samples: Samples) -> None:
        """Draw the calls of both sides; a side without any is left out."""
        edges_s = common_edges(samples[Side.LEFT].durations_s, samples[Side.RIGHT].durations_s)
        edges_ms = np.asarray(edges_s) * 1e3
        tallest = 1
        for side in Side:
            counts = bin_counts(samples[side].durations_s, edges_s)
            self._bars[side].setOpts(x0=edges_ms[:-1], x1=edges_ms[1:], height=np.asarray(counts))
            tallest = max(tallest, *counts) if counts else tallest
            self._show_median(side, samples[side].durations_s)
        if len(edges_ms):
            self._area.setXRange(float(edges_ms[0]), float(edges_ms[-1]), padding=0.01)
        self._area.setYRange(0, tallest * 1.18, padding=0)

    def _show_median(self, side: Side, durations_s: Sequence[float]) -> None:
        line = self._lines[side]
        line.setVisible(bool(durations_s))
        if durations_s:
            median_s = float(np.median(durations_s))
            line.setValue(median_s * 1e3)
            line.label.setFormat(f"median {milliseconds_text(median_s)}")


class StripChart(Chart):
    """Every call as a dot over the time at which it ran."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Call durations over time", parent)
        self._dots = {
            side: graph.ScatterPlotItem(size=_POINT_SIZES[side], pen=None, symbol=_symbol(side)) for side in Side
        }
        for item in self._dots.values():
            self._area.addItem(item)
        self._below.setLabel("seconds since measuring began")
        self._beside.setLabel("ms")
        self.color()

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        for side in Side:
            self._dots[side].setBrush(with_opacity(_fill(self._theme.colors, side), _POINT_OPACITY))

    def show_calls(self, samples: Samples) -> None:
        """Draw the calls of both sides; the few slowest are drawn at the upper edge."""
        everything = [*samples[Side.LEFT].durations_s, *samples[Side.RIGHT].durations_s]
        if not everything:
            for dots in self._dots.values():
                dots.clear()
            return
        top_ms = float(np.percentile(everything, _TAIL_PERCENTILE)) * 1.1e3
        bottom_ms = min(everything) * 0.9e3
        for side, dots in self._dots.items():
            durations_ms = np.minimum(np.asarray(samples[side].durations_s) * 1e3, top_ms)
            dots.setData(x=np.asarray(samples[side].started_s), y=durations_ms)
        self._area.setYRange(bottom_ms, top_ms, padding=0.02)
        last_s = max((samples[side].started_s[-1] for side in Side if samples[side].started_s), default=1.0)
        self._area.setXRange(0, max(last_s, 1e-3), padding=0.01)


def _median_line(side: Side) -> graph.InfiniteLine:
    label = {"position": _LABEL_HEIGHTS[side], "anchors": [(0, 0.5), (0, 0.5)], "movable": False}
    line = graph.InfiniteLine(angle=90, movable=False, label="", labelOpts=label)
    line.label.setFlag(line.GraphicsItemFlag.ItemStacksBehindParent)
    line.setVisible(False)
    return line


def _symbol(side: Side) -> str:
    """Dots on the left, diamonds on the right: colour is not the only carrier."""
    return "o" if side is Side.LEFT else "d"


def _fill(colors: Colors, side: Side) -> str:
    return colors.left if side is Side.LEFT else colors.right


def _text(colors: Colors, side: Side) -> str:
    return colors.left_text if side is Side.LEFT else colors.right_text
