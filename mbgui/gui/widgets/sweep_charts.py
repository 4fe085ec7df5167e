"""Latency and throughput over a sweep beside each other, built piece by piece once their library is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from mbgui.analysis.performance_wording import AXIS_TITLES, AXIS_UNITS
from mbgui.analysis.sweep_rows import SweepRow, latency_curve, throughput_curve
from mbgui.domain.request import Side, SweepAxis
from mbgui.gui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mbgui.gui.widgets.sweep_chart import SweepChart

_PIECE_PAUSE_MS = 20
_CHART_HEIGHT = 250  # pixels
_BESIDE_EACH_OTHER_FROM = 700  # pixels of width below which the charts stand one above the other
_QUANTITIES = (("Latency", "median latency, ms", latency_curve), ("Throughput", "inputs per second", throughput_curve))


class SweepCharts(QWidget):
    """Two charts of one sweep; until they are built it remembers what to draw."""

    def __init__(self, theme: Theme, axis: SweepAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._axis = axis
        self._rows: Sequence[SweepRow] = ()
        self._is_logarithmic = False
        self._is_library_loaded = False
        self._charts: list[SweepChart] = []
        self._create()
        self._timer.timeout.connect(self._build_next)
        theme.changed.connect(self._color)

    @property
    def charts(self) -> tuple[SweepChart, ...]:
        """Latency and throughput, as far as they are built."""
        return tuple(self._charts)

    def set_library_loaded(self) -> None:
        """The chart library is imported; building may begin."""
        self._is_library_loaded = True
        self._go_on()

    def show_rows(self, rows: Sequence[SweepRow], *, is_logarithmic: bool) -> None:
        """Draw these rows, now or when the charts are there."""
        self._rows, self._is_logarithmic = rows, is_logarithmic
        for place in range(len(self._charts)):
            self._draw(place)
        self._go_on()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the charts beside or below each other."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= _BESIDE_EACH_OTHER_FROM
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    def _create(self) -> None:
        self._waiting = QLabel("The charts are being loaded…", self)
        self._waiting.setProperty("role", "muted")
        self._waiting.setAlignment(self._waiting.alignment().AlignCenter)
        self._waiting.setFixedHeight(_CHART_HEIGHT)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(14)
        self._layout.addWidget(self._waiting, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PIECE_PAUSE_MS)

    def _go_on(self) -> None:
        is_missing = len(self._charts) < len(_QUANTITIES)
        if self._is_library_loaded and self._rows and is_missing and not self._timer.isActive():
            self._timer.start()

    def _build_next(self) -> None:
        """One chart a turn of the event loop: each takes some tens of milliseconds."""
        from mbgui.gui.widgets.sweep_chart import SweepChart  # noqa: PLC0415 - loaded by now

        name, title, _ = _QUANTITIES[len(self._charts)]
        below = AXIS_UNITS[self._axis]
        chart = SweepChart(
            self._theme, f"{name} over {AXIS_TITLES[self._axis].lower()}", beside=title, below=below, parent=self
        )
        chart.setFixedHeight(_CHART_HEIGHT)
        self._waiting.hide()
        self._layout.addWidget(chart, 1)
        self._charts.append(chart)
        self._draw(len(self._charts) - 1)
        self._go_on()

    def _draw(self, place: int) -> None:
        _, _, curve_of = _QUANTITIES[place]
        curves = {side: curve_of(self._rows, side) for side in Side}
        values = [row.value for row in self._rows]
        self._charts[place].show_curves(curves, values, is_logarithmic=self._is_logarithmic)

    def _color(self) -> None:
        for chart in self._charts:
            chart.color()
