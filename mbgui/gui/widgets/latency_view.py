"""The latency tab: how to measure, the duel, and what is measured beside it."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QApplication, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import Framework
from mbgui.domain.latency import LatencyEstimate, LatencyRound
from mbgui.domain.performance import CallPathTiming, LayerTimings, SweepPoint
from mbgui.domain.request import CompareRequest, Side, SweepRequest
from mbgui.gui.settings import LatencyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card_row import SPACING
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.empty_state import EmptyState
from mbgui.gui.widgets.ladder_panel import LadderPanel
from mbgui.gui.widgets.latency_controls import LatencyControls
from mbgui.gui.widgets.latency_duel import LatencyDuel
from mbgui.gui.widgets.layer_times_panel import LayerTimesPanel
from mbgui.gui.widgets.sweep_panel import SweepPanel

_EMPTY = ("No latency measured", "Press Compare to read two models and time them in turn, or open a snapshot.")
_NOT_YET = ("No latency yet", "Latency is measured last, where it is asked for.")
_NOT_MEASURED = ("This comparison holds no latency", "Press Measure above to time both models, round by round in turn.")


class LatencyView(QWidget):
    """Shows measurements as they come in, or finished ones.

    `options_changed` says how the next is to be made, `measure_requested` carries the `MeasureScope` of one that is
    wanted, `calibrate_requested` asks what this machine can tell, `layers_requested` carries the paths of layers.
    """

    options_changed = Signal(object)
    measure_requested = Signal(object)
    calibrate_requested = Signal()
    layers_requested = Signal(tuple)

    def __init__(self, theme: Theme, options: LatencyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._empty: EmptyState | None = None
        self._is_running = False
        self._create(theme, options)
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def headline(self) -> str:
        """What is said of the duel first."""
        return self._duel.verdict.headline

    @property
    def sentence(self) -> str:
        """What is said of the duel beside it."""
        return self._duel.verdict.sentence

    def copy_selection(self) -> None:
        """Copy the selected rows of the table that has the focus as TSV, else those of the statistics."""
        focused = QApplication.focusWidget()
        is_own = isinstance(focused, QAbstractItemView) and self.isAncestorOf(focused)
        copy_selection(focused if is_own and isinstance(focused, QAbstractItemView) else self._duel.statistics)

    def set_frameworks(self, left: Framework | None, right: Framework | None) -> None:
        """Offer the call paths of these frameworks."""
        self._controls.set_frameworks(left, right)

    def set_running(self, is_running: bool) -> None:
        """Nothing can be asked for while something runs."""
        self._is_running = is_running
        self._controls.buttons.set_running(is_running=is_running)
        if self._comparison is not None and not _is_measured(self._comparison) and not self._duel.has_calls:
            self._show_empty(*_words(is_running=is_running))

    def set_library_loaded(self) -> None:
        """The libraries for numbers and charts are imported."""
        self._duel.set_library_loaded()
        self._sweeps.set_library_loaded()

    def clear(self) -> None:
        """Show what to do next."""
        self._comparison = None
        self._duel.clear()
        for panel in (self._ladder, self._sweeps, self._layers):
            panel.clear()
        self._controls.buttons.set_title("")
        self._show_empty(*_EMPTY)

    def start_measuring(self, request: CompareRequest, frameworks: Mapping[Side, Framework]) -> None:
        """Empty what is going to be measured; the rest stays."""
        latency = request.latency
        if latency is None:
            return
        if latency.is_duel:
            self._duel.start(request, latency, frameworks)
            self._duel.show()
        if latency.is_ladder:
            self._ladder.show_ladder(None, frameworks)
        if latency.is_by_layer:
            self._layers.clear()
        self._stack.setCurrentWidget(self._page)

    def add_round(self, latency_round: LatencyRound) -> None:
        """A round of the duel is in."""
        self._duel.add_round(latency_round)

    def add_estimate(self, estimate: LatencyEstimate) -> None:
        """The ratio of the duel is known better."""
        self._duel.add_estimate(estimate)

    def add_call_path(self, timing: CallPathTiming) -> None:
        """One more call path is timed."""
        self._ladder.add_timing(timing)

    def add_sweep_point(self, sweep: SweepRequest, point: SweepPoint) -> None:
        """One more point of a sweep is timed."""
        self._sweeps.add_point(sweep, point)

    def show_layer_timings(self, timings: LayerTimings) -> None:
        """It is known where the time goes."""
        if self._comparison is not None:
            self._layers.show_layer_times(replace(self._comparison, layer_times=timings))

    def redraw(self) -> None:
        """Draw all that came in at once, without waiting for the next moment."""
        self._duel.redraw()

    def finish_duel(self) -> None:
        """All rounds of the duel are in; something else may be measured next."""
        self._duel.finish()

    def stop_measuring(self) -> None:
        """Nothing more is coming; what was measured stays."""
        was_measuring = self._duel.is_measuring
        self._duel.stop()
        if was_measuring and not self._duel.has_calls:
            self._show_again()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show what was measured of a comparison."""
        self._comparison = comparison
        frameworks = {side: comparison.network(side).framework for side in Side}
        self._controls.buttons.set_title(comparison.title)
        self._duel.setVisible(comparison.latency is not None)
        if comparison.latency is None:
            self._duel.clear()
        else:
            self._duel.show_latency(comparison, comparison.latency)
        self._ladder.show_ladder(comparison.ladder, frameworks)
        self._sweeps.show_sweeps(comparison.sweeps, frameworks)
        self._layers.show_layer_times(comparison)
        if _is_measured(comparison):
            self._stack.setCurrentWidget(self._page)
        else:
            self._show_empty(*_words(is_running=self._is_running))

    def _create(self, theme: Theme, options: LatencyOptions) -> None:
        self._controls = LatencyControls(options, self)
        self._duel = LatencyDuel(theme, self)
        self._ladder = LadderPanel(theme, self)
        self._sweeps = SweepPanel(theme, self)
        self._layers = LayerTimesPanel(theme, self)
        self._page = QScrollArea(self)
        self._stack = QStackedWidget(self)
        self.setAccessibleName("Latency")

    def _lay_out(self) -> None:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self._duel, 1)
        for panel in (self._ladder, self._sweeps, self._layers):
            column.addWidget(panel)
        column.addStretch(0)
        self._page.setWidgetResizable(True)
        self._page.setWidget(content)
        self._stack.addWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(SPACING)
        layout.addWidget(self._controls)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._controls.options_changed.connect(self.options_changed)
        self._controls.buttons.measure_requested.connect(self.measure_requested)
        self._controls.buttons.calibrate_requested.connect(self.calibrate_requested)
        self._layers.layers_requested.connect(self.layers_requested)

    def _show_again(self) -> None:
        """Show what was there before a measurement that gave nothing."""
        if self._comparison is not None:
            self.show_comparison(self._comparison)
        else:
            self.clear()

    def _show_empty(self, headline: str, advice: str) -> None:
        before, self._empty = self._empty, EmptyState(headline, advice, self)
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()


def _words(*, is_running: bool) -> tuple[str, str]:
    return _NOT_YET if is_running else _NOT_MEASURED


def _is_measured(comparison: Comparison) -> bool:
    return comparison.latency is not None or bool(
        comparison.ladder is not None or comparison.sweeps or comparison.layer_times is not None
    )
