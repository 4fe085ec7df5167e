"""Room for the chart of errors, with its size, its switches, its key and the line about one pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mbgui.analysis.equivalence_rows import ErrorCurves
from mbgui.analysis.equivalence_wording import size_text
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cause_switches import CauseSwitches
from mbgui.gui.widgets.chart_key import ChartKey
from mbgui.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mbgui.gui.widgets.equivalence_chart import EquivalenceChart

_PIECE_PAUSE_MS = 20
_CHART_HEIGHT = 330  # pixels
_LOADING, _NO_PAIRS = "The chart is being loaded…", "Pairs are drawn here as they are verified."
_HINT = "Point at a pair to read its figures; click it, or press Enter, to see its layers."


class EquivalenceChartPanel(QFrame):
    """The chart is built when its library is there and there is something to draw."""

    size_chosen = Signal(int)
    pair_pointed = Signal(int)
    pair_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves: ErrorCurves | None = None
        self._chart: EquivalenceChart | None = None
        self._is_library_loaded = False
        self._create()
        self._lay_out()
        self._sizes.activated.connect(self.size_chosen)
        self._timer.timeout.connect(self._build)
        theme.changed.connect(self._color)

    @property
    def chart(self) -> EquivalenceChart | None:
        """The chart, once it is built."""
        return self._chart

    def set_library_loaded(self) -> None:
        """The chart library is imported; building may begin."""
        self._is_library_loaded = True
        self._go_on()

    def show_sizes(self, texts: Sequence[str], current: int) -> None:
        """Offer the input sizes that were run."""
        self._sizes.clear()
        self._sizes.addItems([size_text(text) for text in texts])
        self._sizes.setCurrentIndex(current)
        for widget in (self._sizes, self._sizes_title):
            widget.setVisible(len(texts) > 1)

    def show_curves(self, curves: ErrorCurves) -> None:
        """Draw these errors, now or when the chart is there."""
        is_other = self._curves is None or len(self._curves.propagated) != len(curves.propagated)
        self._curves = curves
        self._key.show_before(is_shown=bool(curves.as_run))
        if is_other:
            self.show_line("")
        self._show_chart()
        self._go_on()

    def show_line(self, text: str) -> None:
        """Say something of one pair; nothing brings the hint back."""
        self._line.show_text(text or _HINT)

    def mark(self, place: int) -> None:
        """Put the cursor of the chart on a pair."""
        if self._chart is not None:
            self._chart.mark(place)

    def _create(self) -> None:
        self.setProperty("role", "card")
        self._title = QLabel("Error along the network")
        self._title.setProperty("role", "section")
        self._title.setIndent(8)
        self._sizes = QComboBox(self)
        self._sizes.setAccessibleName("Input size shown")
        self._sizes_title = QLabel("&input")
        self._sizes_title.setProperty("role", "muted")
        self._sizes_title.setBuddy(self._sizes)
        self.switches = CauseSwitches(self._theme, self)
        self._key = ChartKey(self._theme, self)
        self._line = ElidedLabel("muted", self)
        self._line.setAccessibleName("The pair that is pointed at")
        self._waiting = QLabel(_LOADING)
        self._waiting.setProperty("role", "muted")
        self._waiting.setAlignment(self._waiting.alignment().AlignCenter)
        self._waiting.setMinimumHeight(_CHART_HEIGHT)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PIECE_PAUSE_MS)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addSpacing(14)
        head.addWidget(self._key, 1)
        head.addWidget(self._sizes_title)
        head.addWidget(self._sizes)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 10, 12, 8)
        self._layout.setSpacing(6)
        self._layout.addLayout(head)
        self._layout.addWidget(self.switches)
        self._layout.addWidget(self._waiting, 1)
        self._layout.addWidget(self._line)

    def _go_on(self) -> None:
        if self._is_library_loaded and self._curves is not None and self._chart is None and not self._timer.isActive():
            self._timer.start()

    def _build(self) -> None:
        from mbgui.gui.widgets.equivalence_chart import EquivalenceChart  # noqa: PLC0415 - loaded by now

        self._chart = EquivalenceChart(self._theme, self)
        self._chart.setFixedHeight(_CHART_HEIGHT)
        self._waiting.setText(_NO_PAIRS)
        self._layout.insertWidget(self._layout.indexOf(self._line), self._chart, 1)
        self._chart.pair_pointed.connect(self.pair_pointed)
        self._chart.pair_chosen.connect(self.pair_chosen)
        self._show_chart()

    def _show_chart(self) -> None:
        """Draw what there is; axes without any pair would say nothing."""
        if self._chart is None or self._curves is None:
            return
        has_pairs = bool(self._curves.propagated)
        self._chart.setVisible(has_pairs)
        self._waiting.setVisible(not has_pairs)
        self._chart.show_curves(self._curves)

    def _color(self) -> None:
        if self._chart is not None:
            self._chart.color()
