"""Room for the latency charts, built piece by piece once their library is there and there is something to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mbgui.gui.theme import Theme
from mbgui.gui.widgets.latency_key import LatencyKey

if TYPE_CHECKING:
    from mbgui.gui.widgets.latency_charts import HistogramChart
    from mbgui.gui.widgets.latency_picture import LatencyPicture
    from mbgui.gui.widgets.latency_ratio import RatioChart
    from mbgui.gui.widgets.latency_strip import StripChart

_PIECE_PAUSE_MS = 20
_HISTOGRAM_HEIGHT, _STRIP_HEIGHT = 270, 190  # pixels: below it the page scrolls rather than squeeze the charts
_STRIP_SHARE, _RATIO_SHARE = 8, 3
_TITLE = "Call durations"
_STRIP_TITLE = "Calls over time"
_RATIO_TITLE = "Ratio of medians, right over left"


class LatencyChartPanel(QFrame):
    """The histogram above the strip and the ratio; until all are built it remembers what to draw."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: LatencyPicture | None = None
        self._histogram: HistogramChart | None = None
        self._strip: StripChart | None = None
        self._ratio: RatioChart | None = None
        self._is_library_loaded = False
        self._create()
        self._lay_out()
        self._timer.timeout.connect(self._build_next)
        self._logarithmic.toggled.connect(self._on_logarithmic)
        theme.changed.connect(self._color)

    @property
    def is_built(self) -> bool:
        """Whether every chart is there."""
        return self._ratio is not None

    def set_library_loaded(self) -> None:
        """The chart library is imported; building may begin."""
        self._is_library_loaded = True
        self._go_on()

    def show_names(self, left: str, right: str) -> None:
        """Name both sides in the key."""
        self._key.show_names(left, right)

    def show_picture(self, picture: LatencyPicture) -> None:
        """Draw it, now or when the charts are there."""
        self._picture = picture
        self._go_on()
        self._draw_histogram()
        self._draw_strip()
        self._draw_ratio()

    def _create(self) -> None:
        self.setProperty("role", "card")
        self._title = _title(_TITLE)
        self._key = LatencyKey(self._theme, self)
        self._logarithmic = QCheckBox("Lo&garithmic", self)
        self._logarithmic.setToolTip("A logarithmic axis of durations in the histogram")
        self._waiting = QLabel("The charts are being loaded…", self)
        self._waiting.setProperty("role", "muted")
        self._waiting.setAlignment(self._waiting.alignment().AlignCenter)
        self._waiting.setMinimumHeight(_HISTOGRAM_HEIGHT)
        self._strip_title, self._ratio_title = _title(_STRIP_TITLE), _title(_RATIO_TITLE)
        for title in (self._strip_title, self._ratio_title):
            title.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PIECE_PAUSE_MS)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._key, 1)
        head.addWidget(self._logarithmic)
        self._upper, self._left, self._right = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._upper.addWidget(self._waiting)
        self._left.addWidget(self._strip_title)
        self._right.addWidget(self._ratio_title)
        lower = QHBoxLayout()
        lower.setSpacing(18)
        lower.addLayout(self._left, _STRIP_SHARE)
        lower.addLayout(self._right, _RATIO_SHARE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(self._upper, 3)
        layout.addLayout(lower, 2)

    def _go_on(self) -> None:
        if self._is_library_loaded and self._picture is not None and not self.is_built and not self._timer.isActive():
            self._timer.start()

    def _build_next(self) -> None:
        """One chart a turn of the event loop: each takes some tens of milliseconds."""
        if self._histogram is None:
            self._build_histogram()
        elif self._strip is None:
            self._build_strip()
        elif self._ratio is None:
            self._build_ratio()
        self._go_on()

    def _build_histogram(self) -> None:
        from mbgui.gui.widgets.latency_charts import HistogramChart  # noqa: PLC0415 - loaded by now

        self._histogram = HistogramChart(self._theme, self)
        self._histogram.setMinimumHeight(_HISTOGRAM_HEIGHT)
        self._waiting.hide()
        self._upper.addWidget(self._histogram, 1)
        self._histogram.show_logarithmic(is_logarithmic=self._logarithmic.isChecked())
        self._draw_histogram()

    def _build_strip(self) -> None:
        from mbgui.gui.widgets.latency_strip import StripChart  # noqa: PLC0415 - loaded by now

        self._strip = StripChart(self._theme, self)
        self._strip.setMinimumHeight(_STRIP_HEIGHT)
        self._left.addWidget(self._strip, 1)
        self._strip_title.show()
        self._draw_strip()

    def _build_ratio(self) -> None:
        from mbgui.gui.widgets.latency_ratio import RatioChart  # noqa: PLC0415 - loaded by now

        self._ratio = RatioChart(self._theme, self)
        self._right.addWidget(self._ratio, 1)
        self._ratio_title.show()
        self._draw_ratio()

    def _draw_histogram(self) -> None:
        if self._histogram is not None and self._picture is not None:
            self._histogram.show_picture(self._picture)
            self._tell_of_slow_calls()

    def _tell_of_slow_calls(self) -> None:
        beyond = self._histogram.beyond if self._histogram is not None else 0
        self._title.setText(f"{_TITLE} · {beyond:,} slower in the last bin" if beyond else _TITLE)

    def _draw_strip(self) -> None:
        if self._strip is None or self._picture is None:
            return
        self._strip.show_calls(self._picture.samples)
        step = self._strip.step
        self._strip_title.setText(_STRIP_TITLE if step == 1 else f"{_STRIP_TITLE} · one in {step} drawn")

    def _draw_ratio(self) -> None:
        if self._ratio is None or self._picture is None:
            return
        self._ratio.show_picture(self._picture)
        last = self._picture.estimates[-1] if self._picture.estimates else None
        figures = f": {last.ratio:.2f} ({last.ci_low:.2f}–{last.ci_high:.2f})" if last is not None else ""
        self._ratio_title.setText(f"{_RATIO_TITLE}{figures}")

    def _on_logarithmic(self, is_checked: bool) -> None:
        if self._histogram is not None:
            self._histogram.show_logarithmic(is_logarithmic=is_checked)
            self._tell_of_slow_calls()

    def _color(self) -> None:
        for chart in (self._histogram, self._strip, self._ratio):
            if chart is not None:
                chart.color()


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "section")
    label.setIndent(8)
    return label
