"""The latency tab: how to measure, the verdict, live charts, and the statistics."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mbgui.analysis.wording import input_sizes_text, same_or_both
from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.latency import LatencyComparison, LatencyRound, LatencyRun
from mbgui.domain.request import CompareRequest, LatencyRequest, Side
from mbgui.gui.settings import LatencyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card import Card
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.empty_state import EmptyState
from mbgui.gui.widgets.latency_chart_panel import LatencyChartPanel
from mbgui.gui.widgets.latency_controls import LatencyControls
from mbgui.gui.widgets.latency_samples import add_rounds, no_samples
from mbgui.gui.widgets.latency_statistics import LatencyStatistics
from mbgui.gui.widgets.throttle import Throttle

REDRAW_INTERVAL_MS = 100
_MEASURED = 0  # the place in the stack; what says that there is nothing comes after it
_EMPTY = ("No latency measured", "Press Compare to time both models, round by round in turn.")
_NOT_MEASURED = ("This comparison holds no latency", "Tick “Measure” above and press Compare.")


class LatencyView(QWidget):
    """Shows a measurement as it comes in, or a finished one; `options_changed` says how the next is to be made."""

    options_changed = Signal(object)

    def __init__(self, theme: Theme, options: LatencyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = no_samples()
        self._called: dict[Side, tuple[Framework, CallPath]] = {}
        self._runs = 0
        self._is_measuring = False
        self._is_library_loaded = False
        self._measured_runs: dict[Side, LatencyRun] | None = None
        self._create(theme, options)
        self._lay_out()
        self._controls.options_changed.connect(self.options_changed)
        self._throttle.triggered.connect(self._redraw)
        self.clear()

    @property
    def headline(self) -> str:
        """What the view says above its charts."""
        return self._headline.text()

    def copy_selection(self) -> None:
        """Copy the selected statistics as TSV."""
        copy_selection(self._statistics)

    def set_frameworks(self, left: Framework | None, right: Framework | None) -> None:
        """Offer the call paths of these frameworks."""
        self._controls.set_frameworks(left, right)

    def set_library_loaded(self) -> None:
        """The libraries for numbers and charts are imported; what was to be shown till now is shown."""
        self._is_library_loaded = True
        self._charts.set_library_loaded()
        self._draw()

    def clear(self) -> None:
        """Show what to do next."""
        self._is_measuring = False
        self._throttle.cancel()
        self._samples = no_samples()
        self._show_empty(*_EMPTY)

    def start_measuring(self, request: CompareRequest, frameworks: Mapping[Side, Framework]) -> None:
        """Empty the charts; rounds are coming."""
        if request.latency is None:
            return
        self._throttle.cancel()
        self._samples = no_samples()
        self._runs = request.latency.runs
        self._is_measuring = True
        self._called = {
            Side.LEFT: (frameworks[Side.LEFT], _path(frameworks[Side.LEFT], request.latency.left_path)),
            Side.RIGHT: (frameworks[Side.RIGHT], _path(frameworks[Side.RIGHT], request.latency.right_path)),
        }
        self._show_words("Warming up", _plan_text(request, request.latency))
        self._measured_runs = None
        self._draw()
        self._stack.setCurrentIndex(_MEASURED)

    def add_round(self, latency_round: LatencyRound) -> None:
        """A round is in; it is drawn with the others of the next tenth of a second."""
        if self._is_measuring:
            add_rounds(self._samples, (latency_round,))
            self._throttle.request()

    def stop_measuring(self) -> None:
        """No more rounds are coming; what was measured stays."""
        if not self._is_measuring:
            return
        self._is_measuring = False
        self._throttle.cancel()
        if any(calls.durations_s for calls in self._samples.values()):
            self._redraw()
            self._headline.setText(f"Stopped after {self._done_text()}")
        else:
            self.clear()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a finished measurement; one that is still under way goes on."""
        latency = comparison.latency
        self._is_measuring = False
        if latency is None:
            self._show_empty(*_NOT_MEASURED)
            return
        self._throttle.cancel()
        self._samples = no_samples()
        add_rounds(self._samples, latency.rounds)
        self._called = {
            Side.LEFT: (comparison.left.framework, latency.left.call_path),
            Side.RIGHT: (comparison.right.framework, latency.right.call_path),
        }
        self._show_words(latency.sentence, _made_text(comparison, latency))
        self._measured_runs = {Side.LEFT: latency.left, Side.RIGHT: latency.right}
        self._draw()
        self._stack.setCurrentIndex(_MEASURED)

    def _create(self, theme: Theme, options: LatencyOptions) -> None:
        self._controls = LatencyControls(options, self)
        self._headline = _label("headline")
        self._detail = _label("muted")
        self._charts = LatencyChartPanel(theme, self)
        self._statistics = LatencyStatistics(theme, self)
        self._measured = QWidget(self)
        self._stack = QStackedWidget(self)
        self._throttle = Throttle(REDRAW_INTERVAL_MS, self)
        self._headline.setAccessibleName("Verdict on latency")
        self.setAccessibleName("Latency")

    def _lay_out(self) -> None:
        verdict = QFrame(self)
        verdict.setProperty("role", "card")
        words = QVBoxLayout(verdict)
        words.setContentsMargins(16, 12, 16, 12)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        measured = QVBoxLayout(self._measured)
        measured.setContentsMargins(0, 0, 0, 0)
        measured.setSpacing(12)
        measured.addWidget(verdict)
        measured.addWidget(self._charts, 1)
        measured.addWidget(Card("Statistics over all timed calls", self._statistics))
        scrolled = QScrollArea(self)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(self._measured)
        self._stack.addWidget(scrolled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._controls)
        layout.addWidget(self._stack, 1)

    def _redraw(self) -> None:
        self._headline.setText(f"Measuring: {self._done_text()}")
        self._draw()

    def _draw(self) -> None:
        """Draw all samples; before the libraries are imported that would stall the window."""
        if self._is_library_loaded and self._called:
            self._charts.show_samples(self._samples)
            self._statistics.show_samples(self._samples, self._called, self._measured_runs)

    def _done_text(self) -> str:
        left, right = (len(self._samples[side].durations_s) for side in Side)
        return f"{left} and {right} of {self._runs} calls a side"

    def _show_words(self, headline: str, detail: str) -> None:
        self._headline.setText(headline)
        self._detail.setText(detail)

    def _show_empty(self, headline: str, advice: str) -> None:
        current = self._stack.currentWidget()
        empty = EmptyState(headline, advice, self)
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)
        if isinstance(current, EmptyState):
            self._stack.removeWidget(current)
            current.deleteLater()


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _path(framework: Framework, chosen: CallPath | None) -> CallPath:
    return chosen if chosen is not None else CALL_PATHS[framework][0]


def _plan_text(request: CompareRequest, latency: LatencyRequest) -> str:
    return (
        f"{latency.runs} calls a side after {latency.warmup} untimed ones, in alternating rounds of "
        f"{latency.round_size} · batch {request.batch_size} · {_threads_text(request.threads)}"
    )


def _made_text(comparison: Comparison, latency: LatencyComparison) -> str:
    ratio = f"ratio of medians {latency.ratio:.2f} (right over left)"
    sizes = same_or_both(input_sizes_text(comparison.left), input_sizes_text(comparison.right))
    made = f"{len(latency.rounds)} alternating rounds · input {sizes} · batch {latency.left.batch_size}"
    where = f"{_threads_text(latency.left.threads)} · {comparison.environment.processor}"
    unfinished = "" if latency.is_complete else " · stopped before its end"
    return f"{ratio} · {made} · {where}{unfinished}"


def _threads_text(threads: int) -> str:
    return f"{threads} thread{'' if threads == 1 else 's'}"
