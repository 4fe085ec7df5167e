"""Room for the latency charts, built piece by piece once their library is there and there is something to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from mbgui.gui.theme import Theme
from mbgui.gui.widgets.latency_samples import Samples, no_samples

if TYPE_CHECKING:
    from mbgui.gui.widgets.latency_charts import HistogramChart, StripChart

_PIECE_PAUSE_MS = 20
_LEAST_HEIGHT = 360  # pixels: below it the page scrolls rather than squeeze the charts
_SHARES = (5, 2)


class LatencyChartPanel(QFrame):
    """The histogram above the strip; until both are built it remembers what to draw."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._samples = no_samples()
        self._histogram: HistogramChart | None = None
        self._strip: StripChart | None = None
        self._is_library_loaded = False
        self._is_wanted = False
        self._create()
        self._timer.timeout.connect(self._build_next)
        theme.changed.connect(self._color)

    def set_library_loaded(self) -> None:
        """The chart library is imported; building may begin."""
        self._is_library_loaded = True
        self._go_on()

    def show_samples(self, samples: Samples) -> None:
        """Draw these samples, now or when the charts are there."""
        self._samples = samples
        self._is_wanted = True
        self._go_on()
        if self._histogram is not None:
            self._histogram.show_calls(samples)
        if self._strip is not None:
            self._strip.show_calls(samples)

    def _create(self) -> None:
        self.setProperty("role", "card")
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._waiting = QLabel("The charts are being loaded…", self)
        self._waiting.setProperty("role", "muted")
        self._waiting.setAlignment(self._waiting.alignment().AlignCenter)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 12, 12, 8)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._waiting, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PIECE_PAUSE_MS)

    def _go_on(self) -> None:
        if self._is_library_loaded and self._is_wanted and self._strip is None and not self._timer.isActive():
            self._timer.start()

    def _build_next(self) -> None:
        """One chart a turn of the event loop: each takes some tens of milliseconds."""
        from mbgui.gui.widgets.latency_charts import HistogramChart, StripChart  # noqa: PLC0415 - loaded by now

        if self._histogram is None:
            self._histogram = HistogramChart(self._theme, self)
            self._waiting.hide()
            self._layout.addWidget(self._histogram, _SHARES[0])
            self._histogram.show_calls(self._samples)
            self._timer.start()
        elif self._strip is None:
            self._strip = StripChart(self._theme, self)
            self._layout.addWidget(self._strip, _SHARES[1])
            self._strip.show_calls(self._samples)

    def _color(self) -> None:
        if self._histogram is not None:
            self._histogram.color()
        if self._strip is not None:
            self._strip.color()
