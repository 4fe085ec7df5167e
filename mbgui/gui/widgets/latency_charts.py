"""The histogram of the latency tab, drawn with pyqtgraph; the import takes a while and so happens in the background."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import pyqtgraph as graph
from PySide6.QtWidgets import QWidget

from mbgui.analysis.density import density
from mbgui.analysis.latency import bin_counts, common_edges
from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.chart import Chart, with_opacity
from mbgui.gui.widgets.duration_axis import DurationAxis
from mbgui.gui.widgets.latency_marks import MedianMark, settle, side_fill
from mbgui.gui.widgets.latency_picture import LatencyPicture
from mbgui.gui.widgets.latency_samples import Floats

_BAR_OPACITY = 105  # of 255: where both sides overlap, both still show
_GRID_OPACITY = 40
_LANES = {Side.LEFT: 0, Side.RIGHT: 1}  # of the medians, above all bars, one below the other
_LEAST_BARS = 0.3  # of the height, whatever the labels take
_CURVE_POINTS = 181
_FARTHEST = 4.0  # medians: on a linear axis, slower calls would squeeze all others together


class HistogramChart(Chart):
    """Both sides' durations on common bins, their densities as lines, and a mark at each median with its interval."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._durations = DurationAxis()
        super().__init__(theme, "Histogram of call durations", parent, below=self._durations)
        self._is_logarithmic = False
        self._picture: LatencyPicture | None = None
        self._range = (0.0, 1.0)
        self._tallest = 1.0
        self.beyond = 0
        self._bars = {side: _bars() for side in Side}
        self._curves = {side: graph.PlotCurveItem(antialias=True) for side in Side}
        for item in (*self._bars.values(), *self._curves.values()):
            self._area.addItem(item)
        self.marks = {side: MedianMark(self._area, side) for side in Side}
        self._area.sigResized.connect(self._place_labels)
        self._below.setLabel("call duration, ms")
        self._below.setGrid(_GRID_OPACITY)
        self._below.setStyle(maxTickLevel=0)
        self._beside.hide()
        self.color()

    @property
    def counts(self) -> dict[Side, tuple[float, ...]]:
        """The heights of the bars that are drawn."""
        drawn = {side: bars.getData()[1] for side, bars in self._bars.items()}
        return {side: tuple(map(float, heights)) if heights is not None else () for side, heights in drawn.items()}

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        for side in Side:
            fill = side_fill(self._theme.colors, side)
            self._bars[side].setBrush(with_opacity(fill, _BAR_OPACITY))
            self._curves[side].setPen(graph.mkPen(fill, width=1))  # a wider one takes ten times as long to paint
            self.marks[side].color(self._theme.colors)

    def show_logarithmic(self, *, is_logarithmic: bool) -> None:
        """Whether the axis of durations is logarithmic; so are the widths of the bins then."""
        self._is_logarithmic = is_logarithmic
        self._durations.show_logarithmic(is_logarithmic=is_logarithmic)
        if self._picture is not None:
            self.show_picture(self._picture)

    def show_picture(self, picture: LatencyPicture) -> None:
        """Draw the timed calls of both sides; a side without any is left out."""
        self._picture = picture
        timed = {side: picture.samples[side].timed_s for side in Side}
        edges_s = self._edges_s(timed)
        edges = self._on_axis(np.asarray(edges_s))
        self._tallest = 1.0
        for side in Side:
            counts = np.asarray(bin_counts(_listed(timed[side]), edges_s) if len(timed[side]) else (), dtype=np.float64)
            self._draw_bars(side, edges, counts)
            self._draw_curve(side, self._on_axis(timed[side]), edges)
            self._tallest = max(self._tallest, counts.max(initial=0.0))
            self._mark_median(side, picture)
        self.beyond = sum(int((durations > edges_s[-1]).sum()) for durations in timed.values()) if edges_s else 0
        if len(edges):
            self._range = float(edges[0]), float(edges[-1])
            self._area.setXRange(*self._range, padding=0.01)
        self._place_labels()
        settle(self._area)

    def _edges_s(self, timed: Mapping[Side, Floats]) -> tuple[float, ...]:
        """The bins of both sides; slower calls than the last one ends at are counted in it."""
        left, right = (timed[side] for side in Side)
        if not self._is_logarithmic:
            medians_s = [float(np.median(calls)) for calls in (left, right) if len(calls)]
            farthest_s = _FARTHEST * max(medians_s, default=0.0)
            left, right = np.minimum(left, farthest_s), np.minimum(right, farthest_s)
        return common_edges(_listed(left), _listed(right), is_logarithmic=self._is_logarithmic)

    def _draw_bars(self, side: Side, edges: Floats, counts: Floats) -> None:
        if len(counts):
            self._bars[side].setData(edges, counts)
        else:
            self._bars[side].clear()

    def _draw_curve(self, side: Side, places: Floats, edges: Floats) -> None:
        """The density, as high as bars of so many calls would be."""
        if len(places) < 2 or not len(edges):
            self._curves[side].setData([], [])
            return
        grid = np.linspace(edges[0], edges[-1], _CURVE_POINTS)
        heights = density(places, grid) * len(places) * (edges[1] - edges[0])
        self._curves[side].setData(grid, heights)
        self._tallest = max(self._tallest, float(heights.max()))

    def _mark_median(self, side: Side, picture: LatencyPicture) -> None:
        summary = picture.summaries.get(side)
        if summary is None:
            self.marks[side].hide()
            return
        low, place, high = self._on_axis(
            np.asarray([summary.median_low_s or summary.median_s, summary.median_s, summary.median_high_s])
        )
        has_interval = 0.0 < summary.median_low_s < summary.median_high_s
        self.marks[side].show(summary, float(place), (float(low), float(high)) if has_interval else None)

    def _place_labels(self) -> None:
        """Leave room for two lanes above the bars, and write each median beside its line.

        The smaller one goes before its line, the other behind, unless the edge of the chart is too near.
        """
        first, last = self._range
        lane, height = max(mark.height for mark in self.marks.values()), max(float(self._area.height()), 1.0)
        top = self._tallest / max(1.0 - len(Side) * lane / height, _LEAST_BARS)
        self._area.setYRange(0, top, padding=0)
        pixels, pixel = self._area.width() / max(last - first, 1e-12), top / height
        shown = [side for side in Side if self.marks[side].line.isVisible()]
        for order, side in enumerate(sorted(shown, key=self._median_place)):
            mark = self.marks[side]
            fits_before = (mark.place - first) * pixels > mark.width
            fits_behind = (last - mark.place) * pixels > mark.width
            is_before = fits_before and (order == 0 or not fits_behind)
            mark.put(top - _LANES[side] * lane * pixel, pixel, is_before=is_before)

    def _median_place(self, side: Side) -> float:
        return self.marks[side].place

    def _on_axis(self, durations_s: Floats) -> Floats:
        milliseconds = np.asarray(durations_s, dtype=np.float64) * 1e3
        return np.log10(np.maximum(milliseconds, 1e-9)) if self._is_logarithmic else milliseconds


def _bars() -> graph.PlotCurveItem:
    """Bars without gaps as one filled line: painted in a fifth of the time that single ones take."""
    return graph.PlotCurveItem(x=[0.0, 1.0], y=[0.0], stepMode="center", fillLevel=0.0, pen=None)


def _listed(durations_s: Floats) -> Sequence[float]:
    """An array is all that is asked of a sequence here; a list of so many calls would take time."""
    return cast("Sequence[float]", durations_s)
