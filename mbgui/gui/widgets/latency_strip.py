"""Every call of a duel over the time at which it ran."""

import numpy as np
import pyqtgraph as graph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.chart import Chart, with_opacity
from mbgui.gui.widgets.latency_marks import SYMBOL_SIZES, SYMBOLS, settle, side_fill, steady
from mbgui.gui.widgets.latency_samples import Flags, Floats, Integers, Samples

POINTS_AT_MOST = 1000
"""Calls of a side that are drawn: drawing takes as long as there are points, and a strip has about as many pixels."""
_MARKED_AT_MOST = 300  # outliers of a side, calls of its warm-up
_BLOCKS_AT_MOST = 300  # narrower ones than a few pixels would be a grey carpet
_POINT_OPACITY, _WARMUP_OPACITY, _BLOCK_OPACITY = 170, 70, 14  # of 255
_TAIL_PERCENTILE = 99.5
_HEADROOM = 0.22  # of the height, for the words above the calls


class StripChart(Chart):
    """Dots for timed calls, faint ones for the warm-up, rings for outliers; lines between launches, shaded blocks.

    The time in which processes start is left out. Of many calls every second, fourth, … is drawn, so that those that
    are drawn stay where they are while more come in.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Call durations over time", parent)
        self.step = 1
        self._blocks = graph.BarGraphItem(x0=[], x1=[], y0=0, height=[])
        self._borders = graph.PlotCurveItem(connect="pairs")
        self._words: list[graph.TextItem] = []
        self._starts: dict[int, float] = {}
        self._length_s, self._top = 0.0, 1.0
        self.dots = {side: _marks(side, larger=0) for side in Side}
        self.warmups = {side: _marks(side, larger=0) for side in Side}
        self.rings = {side: _marks(side, larger=3) for side in Side}
        self._area.addItem(self._blocks)
        self._area.addItem(self._borders)
        for marks in (self.warmups, self.dots, self.rings):
            for item in marks.values():
                self._area.addItem(item)
        self._area.sigResized.connect(self._write)
        self._below.setLabel("seconds of measuring; the start of processes is left out")
        self._beside.setLabel("ms")
        steady(self._below, self._beside)
        self.color()

    @property
    def words(self) -> list[str]:
        """What is written above the calls."""
        return [word.textItem.toPlainText() for word in self._words if word.isVisible()]

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        colors = self._theme.colors
        self._blocks.setOpts(brush=with_opacity(colors.text, _BLOCK_OPACITY), pen=None)
        self._borders.setPen(graph.mkPen(colors.disabled, width=1, style=Qt.PenStyle.DashLine))
        for word in self._words:
            self._color_word(word)
        for side in Side:
            fill = side_fill(colors, side)
            self.dots[side].setBrush(with_opacity(fill, _POINT_OPACITY))
            self.warmups[side].setBrush(with_opacity(fill, _WARMUP_OPACITY))
            self.rings[side].setBrush(None)
            self.rings[side].setPen(graph.mkPen(fill, width=1.3))

    def show_calls(self, samples: Samples) -> None:
        """Draw the calls of both sides; the few slowest are drawn at the upper edge."""
        low, high = _heights_ms(samples)
        self.step = 1
        for side in Side:
            self._draw_side(side, samples, high)
        self._draw_launches(samples, low, high)
        self._area.setYRange(low, high + (high - low) * _HEADROOM, padding=0)
        self._area.setXRange(0, max(samples.length_s(), 1e-3), padding=0.01)
        settle(self._area)

    def _draw_side(self, side: Side, samples: Samples, top_ms: float) -> None:
        calls = samples[side]
        places, heights = samples.places_s(side), np.minimum(calls.durations_s * 1e3, top_ms)
        outliers = calls.outliers()
        timed, step = _thinned(~calls.is_warmup & ~outliers, POINTS_AT_MOST)
        self.step = max(self.step, step)
        _draw(self.dots[side], places, heights, timed)
        _draw(self.warmups[side], places, heights, _thinned(calls.is_warmup, _MARKED_AT_MOST)[0])
        _draw(self.rings[side], places, heights, _thinned(outliers, _MARKED_AT_MOST)[0])

    def _draw_launches(self, samples: Samples, low: float, high: float) -> None:
        begins, ends = samples.odd_blocks()
        if len(begins) > _BLOCKS_AT_MOST:
            begins, ends = begins[:0], ends[:0]
        top = high + (high - low) * _HEADROOM
        self._blocks.setOpts(x0=begins, x1=ends, y0=low, height=np.full(len(begins), top - low))
        starts = samples.launch_starts()
        between = [start for start in starts.values() if start > 0]
        self._borders.setData(np.repeat(between, 2), np.tile([low, top], len(between)))
        self._starts = starts if len(starts) > 1 else {}
        self._length_s, self._top = samples.length_s(), top
        self._write()

    def _write(self) -> None:
        """Number the launches where there is room for a word each."""
        while len(self._words) < len(self._starts):
            word = graph.TextItem(anchor=(0, 0))
            self._color_word(word)
            self._area.addItem(word, ignoreBounds=True)
            self._words.append(word)
        for word in self._words:
            word.setVisible(False)
        pixels, free = self._area.width() / max(self._length_s, 1e-9), 0.0
        for word, (launch, start) in zip(self._words, self._starts.items(), strict=False):
            word.setText(f"launch {launch + 1}")
            width = float(word.textItem.boundingRect().width())
            has_room = start * pixels >= free and start * pixels + width <= self._area.width()
            word.setVisible(has_room)
            word.setPos(start, self._top)
            free = start * pixels + width if has_room else free

    def _color_word(self, word: graph.TextItem) -> None:
        word.setColor(QColor(self._theme.colors.muted))


def _marks(side: Side, *, larger: int) -> graph.ScatterPlotItem:
    return graph.ScatterPlotItem(size=SYMBOL_SIZES[side] + larger, symbol=SYMBOLS[side], pen=None)


def _draw(item: graph.ScatterPlotItem, places: Floats, heights: Floats, which: Integers) -> None:
    if len(which):
        item.setData(x=places[which], y=heights[which])
    else:
        item.clear()


def _thinned(kept: Flags, most: int) -> tuple[Integers, int]:
    """The places of the kept calls, or of every second, fourth, … of them, and how many are passed over at a step."""
    places, step = np.flatnonzero(kept), 1
    while len(places) > most:
        places, step = places[::2], 2 * step
    return places, step


def _heights_ms(samples: Samples) -> tuple[float, float]:
    """From below the fastest timed call to above all but the slowest; before there are any, of the warm-up."""
    timed = np.concatenate([samples[side].timed_s for side in Side])
    everything = timed if len(timed) else np.concatenate([samples[side].durations_s for side in Side])
    if not len(everything):
        return 0.0, 1.0
    low, high = float(everything.min()) * 1e3, float(np.percentile(everything, _TAIL_PERCENTILE)) * 1e3
    margin = (high - low) * 0.1 or max(low * 0.1, 1e-6)
    return max(low - margin, 0.0), high + margin
