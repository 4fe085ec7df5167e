"""The error along the network on a logarithmic axis."""

import numpy as np
import pyqtgraph as graph
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from mbgui.analysis.equivalence_rows import ErrorCurves
from mbgui.analysis.error_curves import Floats, as_array, missing_places, on_scale, peaks, scale_of, spans
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.chart import Chart, with_opacity
from mbgui.gui.widgets.error_axes import ErrorAxis, PairAxis

_MARKED_UP_TO = 300  # pairs: more are drawn as lines alone
_POINTS_AT_MOST = 1500  # about one a pixel
_BAND_OPACITY = 42  # of 255
_GRID_OPACITY = 40
_ZOOM = 1.5
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -(10**9),
    Qt.Key.Key_End: 10**9,
}
_ZOOM_KEYS = {Qt.Key.Key_Plus: 1 / _ZOOM, Qt.Key.Key_Equal: 1 / _ZOOM, Qt.Key.Key_Minus: _ZOOM, Qt.Key.Key_0: 1e9}


class EquivalenceChart(Chart):
    """Propagated errors as a line with dots, isolated ones as hollow diamonds, the noise floor as a band.

    `pair_pointed` carries the place of the pair under the mouse or the cursor, `pair_chosen` of one that was clicked or
    entered. Arrow keys move the cursor, plus and minus (or Ctrl with the wheel) widen and narrow, 0 shows all.
    """

    pair_pointed = Signal(int)
    pair_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._decades = ErrorAxis()
        super().__init__(theme, "Error along the network", parent, beside=self._decades, below=PairAxis())
        self._curves = ErrorCurves()
        self._count, self._start, self._stop, self._place = 0, 0, 0, -1
        self._scale = scale_of()
        self._missing: list[int] = []
        self._add_items()
        self._below.setLabel("pair, in execution order")
        self._beside.setLabel("relative L2 error")
        self._beside.setGrid(_GRID_OPACITY)
        self.setAccessibleDescription("Arrow keys move from pair to pair, Enter shows its layers")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.color()

    @property
    def curves(self) -> ErrorCurves:
        """What is drawn."""
        return self._curves

    @property
    def missing_places(self) -> list[int]:
        """The pairs that are marked since their error is not finite."""
        return self._missing

    @property
    def place(self) -> int:
        """Where the cursor is, -1 for nowhere."""
        return self._place

    @property
    def visible_places(self) -> range:
        """The pairs that are shown."""
        return range(self._start, self._stop)

    def plot_area(self) -> QRectF:
        """Where pairs are drawn, in pixels of the widget."""
        corners = self._area.sceneBoundingRect()
        return QRectF(self.mapFromScene(corners).boundingRect())

    def axis_labels(self) -> list[str]:
        """What the axis of errors says, from the bottom up."""
        values = self._decades.tickValues(0, 0, self.plot_area().height())[0][1]
        return self._decades.tickStrings(values, 1, 1)

    def color(self) -> None:
        """Take the colours of the theme."""
        self._color_axes()
        colors = self._theme.colors
        self._band.setBrush(with_opacity(colors.muted, _BAND_OPACITY))
        self._band.setPen(graph.mkPen(with_opacity(colors.muted, 2 * _BAND_OPACITY), width=1))
        self._as_run.setPen(graph.mkPen(colors.muted, width=1, style=Qt.PenStyle.DotLine))
        self._line.setPen(graph.mkPen(colors.text, width=1.6))
        self._dots.setPen(graph.mkPen(colors.text))
        self._dots.setBrush(QColor(colors.text))
        self._isolated_line.setPen(graph.mkPen(colors.warning, width=1.2, style=Qt.PenStyle.DashLine))
        self._diamonds.setPen(graph.mkPen(colors.warning, width=1.4))
        self._diamonds.setBrush(QColor(colors.surface))
        self._gaps.setPen(graph.mkPen(colors.error, width=2))
        self._divergence.setPen(graph.mkPen(colors.error, width=1.5, style=Qt.PenStyle.DashLine))
        self._divergence.label.setColor(QColor(colors.error))
        self._divergence.label.fill = graph.mkBrush(with_opacity(colors.surface, 215))
        self._cursor.setPen(graph.mkPen(colors.accent, width=1))
        self._spot.setPen(graph.mkPen(colors.accent, width=2))

    def show_curves(self, curves: ErrorCurves) -> None:
        """Draw these errors; what was widened stays so while the number of pairs does."""
        self._curves = curves
        if len(curves.propagated) != self._count:
            self._count = len(curves.propagated)
            self._start, self._stop, self._place = 0, self._count, -1
        arrays = (curves.propagated, curves.isolated, curves.noise_floor, curves.as_run)
        self._propagated, self._isolated, self._noise, self._before = map(as_array, arrays)
        self._scale = scale_of(self._propagated, self._isolated, self._noise, self._before)
        self._decades.show_scale(self._scale)
        self._draw()

    def mark(self, place: int) -> None:
        """Put the cursor on a pair, -1 for none, and bring it into sight."""
        self._place = place if 0 <= place < self._count else -1
        width = self._stop - self._start
        if self._place >= 0 and not self._start <= self._place < self._stop:
            self._start = min(max(self._place - width // 2, 0), self._count - width)
            self._stop = self._start + width
            self._draw()
        self._draw_cursor()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by the keyboard needs a cursor to start from: the first divergence, or the first pair."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEYBOARD and self._place < 0 and self._count:
            self.mark(max(self._curves.first_divergence, 0))
            self.pair_pointed.emit(self._place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the pair below the mouse."""
        place = self._place_at(event.position())
        if place >= 0 and place != self._place:
            self._point(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the pair below the mouse."""
        place = self._place_at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._point(place)
            self.pair_chosen.emit(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has chosen the pair."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl widen and narrow, else leave the wheel to the page."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._zoom(1 / _ZOOM if event.angleDelta().y() > 0 else _ZOOM, self._place_at(event.position()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, choose its pair, widen and narrow."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._count:
            self.mark(min(max(self._place + _STEPS[key], 0), self._count - 1))
            self.pair_pointed.emit(self._place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._place >= 0:
            self.pair_chosen.emit(self._place)
        elif key in _ZOOM_KEYS:
            self._zoom(_ZOOM_KEYS[key], self._place)
        else:
            event.ignore()

    def _add_items(self) -> None:
        self._band = graph.PlotCurveItem(fillLevel=0.0, connect="finite")
        self._as_run, self._line, self._isolated_line = (graph.PlotCurveItem(connect="finite") for _ in range(3))
        self._dots = graph.ScatterPlotItem(size=5, symbol="o")
        self._diamonds = graph.ScatterPlotItem(size=9, symbol="d")
        self._gaps = graph.ScatterPlotItem(size=9, symbol="x")
        self._spot = graph.ScatterPlotItem(size=13, symbol="o", brush=None)
        self._divergence = _divergence_line()
        self._cursor = graph.InfiniteLine(angle=90, movable=False)
        self._line.opts["antialias"] = True
        for item in (self._band, self._divergence, self._cursor, self._as_run, self._isolated_line, self._line):
            self._area.addItem(item)
        for item in (self._diamonds, self._dots, self._gaps, self._spot):
            self._area.addItem(item)
        self._cursor.setVisible(False)

    def _draw(self) -> None:
        scale, is_marked = self._scale, self._stop - self._start <= _MARKED_UP_TO
        floor = float(scale.zero) - 0.5
        self._band.setFillLevel(floor)
        self._band.setData(*self._points(self._noise))
        self._as_run.setData(*self._points(self._before))
        for values, line, marks in (
            (self._propagated, self._line, self._dots),
            (self._isolated, self._isolated_line, self._diamonds),
        ):
            x, y = self._points(values)
            is_line = line is self._line or not is_marked
            line.setData(x, y) if is_line else line.setData([], [])
            known = np.isfinite(y)  # spots that are not finite would be an error
            marks.setData(x=x[known], y=y[known]) if is_marked else marks.clear()
        self._draw_gaps()
        self._divergence.setVisible(self._curves.first_divergence >= 0)
        self._divergence.setValue(self._curves.first_divergence + 1)
        self._area.setYRange(floor, scale.top + 0.4, padding=0)
        self._area.setXRange(self._start + 0.5, max(self._stop, self._start + 1) + 0.5, padding=0.01)
        self._draw_cursor()

    def _points(self, values: Floats) -> tuple[Floats, Floats]:
        """Where to draw these errors, nowhere where none is finite; the first pair is number 1."""
        heights = on_scale(values, self._scale)
        x, y = peaks(heights, self._start, min(self._stop, len(heights)), _POINTS_AT_MOST)
        return (x + 1, y) if np.isfinite(y).any() else (x[:0], y[:0])

    def _draw_gaps(self) -> None:
        """A cross at the upper edge for every error that is not finite, of so many that single ones can be told."""
        self._missing = missing_places(self._propagated, self._start, self._stop, _MARKED_UP_TO)
        self._gaps.setData(x=[place + 1 for place in self._missing], y=[float(self._scale.top)] * len(self._missing))

    def _draw_cursor(self) -> None:
        self._cursor.setVisible(self._place >= 0)
        self._cursor.setValue(self._place + 1)
        height = on_scale(self._propagated[self._place : self._place + 1], self._scale)
        is_known = self._place >= 0 and bool(np.isfinite(height).all())
        self._spot.setData(x=[self._place + 1], y=height) if is_known else self._spot.clear()

    def _point(self, place: int) -> None:
        self._place = place
        self._draw_cursor()
        self.pair_pointed.emit(place)

    def _place_at(self, point: QPointF) -> int:
        """The place of the pair at a point of the widget, -1 beside the plot."""
        scene = self.mapToScene(point.toPoint())
        if not self._count or not self._area.sceneBoundingRect().contains(scene):
            return -1
        x = float(self._area.mapSceneToView(scene).x())
        return min(max(round(x) - 1, self._start), self._stop - 1)

    def _zoom(self, factor: float, around: int) -> None:
        if not self._count:
            return
        middle = around if around >= 0 else (self._start + self._stop) // 2
        self._start, self._stop = spans(
            count=self._count, start=self._start, stop=self._stop, factor=factor, around=middle
        )
        self._draw()


def _divergence_line() -> graph.InfiniteLine:
    """A line with its word at half height: between errors that matter and rounding there is mostly nothing."""
    label = {"position": 0.5, "anchors": [(0, 0.5), (1, 0.5)], "movable": False}
    line = graph.InfiniteLine(angle=90, movable=False, label="first divergence", labelOpts=label)
    line.setZValue(1)
    line.setVisible(False)
    return line
