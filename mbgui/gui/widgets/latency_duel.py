"""The duel of both sides: the verdict, live charts, and the statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mbgui.analysis.call_path_wording import call_path_title
from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CALL_PATHS, Framework
from mbgui.domain.latency import LatencyComparison, LatencyEstimate, LatencyRound, LatencyRun, LatencySummary
from mbgui.domain.request import CompareRequest, LatencyRequest, Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card import Card
from mbgui.gui.widgets.card_row import SPACING
from mbgui.gui.widgets.latency_chart_panel import LatencyChartPanel
from mbgui.gui.widgets.latency_picture import LatencyPicture
from mbgui.gui.widgets.latency_statistics import LatencyStatistics, latency_row, statistics_foot
from mbgui.gui.widgets.latency_texts import details, headline, plan_text, progress_text
from mbgui.gui.widgets.latency_verdict_card import LatencyVerdictCard
from mbgui.gui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from mbgui.gui.widgets.latency_samples import Samples

REDRAW_INTERVAL_MS = 250
"""Four pictures a second are fluid to look at, and leave the processors to what is being measured."""
_WARMING, _MEASURING, _MEASURED, _STOPPED = "Starting and warming up", "Measuring", "Measured", "Stopped"


class LatencyDuel(QWidget):
    """Shows a duel as it comes in, or a finished one. Nothing is drawn while nobody can see it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_measuring = False
        self._is_library_loaded = False
        self._is_stale = False
        self._samples: Samples | None = None
        self._pending: list[LatencyRound] = []
        self._estimates: Sequence[LatencyEstimate] = ()
        self._latency: LatencyComparison | None = None
        self._names: dict[Side, str] = {}
        self._counts = [0, 0]
        self._create(theme)
        self._lay_out()
        self._throttle.triggered.connect(self.redraw)

    @property
    def is_measuring(self) -> bool:
        """Whether rounds are coming."""
        return self._is_measuring

    @property
    def has_calls(self) -> bool:
        """Whether any timed call is there."""
        return any(self._counts)

    def set_library_loaded(self) -> None:
        """The libraries for numbers and charts are imported; what was to be shown till now is shown."""
        self._is_library_loaded = True
        self.charts.set_library_loaded()
        self.redraw()

    def start(self, request: CompareRequest, latency: LatencyRequest, frameworks: Mapping[Side, Framework]) -> None:
        """Empty everything; rounds are coming."""
        self._forget()
        self._is_measuring = True
        for side, framework in frameworks.items():
            path = latency.call_path(side) or CALL_PATHS[framework][0]
            self._names[side] = f"{framework.display_name} · {call_path_title(path)}"
        self.verdict.show_words(_WARMING, "", (plan_text(request, latency),))
        self.redraw()

    def add_round(self, latency_round: LatencyRound) -> None:
        """A round is in; it is drawn with the others of the next quarter of a second."""
        if self._is_measuring:
            self._pending.append(latency_round)
            if not latency_round.is_warmup:
                self._counts[latency_round.side is Side.RIGHT] += len(latency_round.durations_s)
            self._throttle.request()

    def add_estimate(self, estimate: LatencyEstimate) -> None:
        """The ratio is known better."""
        if self._is_measuring:
            self._estimates = [*self._estimates, estimate]
            self._throttle.request()

    def finish(self) -> None:
        """All rounds are in; the verdict comes with the rest of what is measured."""
        self._end(_MEASURED)

    def stop(self) -> None:
        """No more rounds are coming; what was measured stays."""
        self._end(_STOPPED)

    def clear(self) -> None:
        """Forget everything."""
        self._forget()
        self._is_measuring = False
        self._throttle.cancel()

    def show_latency(self, comparison: Comparison, latency: LatencyComparison) -> None:
        """Show a finished duel."""
        self.clear()
        self._pending = list(latency.rounds)
        self._estimates = _with_last(latency)
        self._latency = latency
        for side in Side:
            framework = comparison.network(side).framework
            self._names[side] = f"{framework.display_name} · {call_path_title(latency.run(side).call_path)}"
        warnings = [warning.sentence for warning in latency.warnings]
        self.verdict.show_words(headline(latency), latency.sentence, details(comparison, latency), warnings)
        self.redraw()

    def redraw(self) -> None:
        """Draw everything; before the libraries are imported that would stall the window."""
        if self._is_measuring and self.has_calls:
            self.verdict.show_sentence(_MEASURING, self._progress_text())
        self._is_stale = not (self._is_library_loaded and self.isVisible())
        if not self._is_stale and self._names:
            self._draw(self._gathered())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came in while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self.redraw()

    def _create(self, theme: Theme) -> None:
        self.verdict = LatencyVerdictCard(theme, self)
        self.charts = LatencyChartPanel(theme, self)
        self.statistics = LatencyStatistics(theme, self)
        self._foot = QLabel()
        self._throttle = Throttle(REDRAW_INTERVAL_MS, self)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.verdict)
        layout.addWidget(self.charts, 1)
        layout.addWidget(Card("Statistics over all timed calls", self.statistics, foot=self._foot))

    def _end(self, word: str) -> None:
        if self._is_measuring:
            self.redraw()
            self._is_measuring = False
            self._throttle.cancel()
            self.verdict.show_sentence(word, self._progress_text())

    def _forget(self) -> None:
        self._samples = None
        self._pending = []
        self._estimates = ()
        self._latency = None
        self._names = {}
        self._counts = [0, 0]

    def _gathered(self) -> Samples:
        """All calls so far in arrays."""
        from mbgui.gui.widgets.latency_samples import Samples  # noqa: PLC0415 - NumPy comes in the background

        if self._samples is None:
            self._samples = Samples()
        self._samples.add(self._pending)
        self._pending = []
        return self._samples

    def _draw(self, samples: Samples) -> None:
        summaries = self._summaries(samples)
        floor = self._latency.noise_floor if self._latency is not None else None
        self.charts.show_names(*(self._names.get(side, side.value) for side in Side))
        self.charts.show_picture(
            LatencyPicture(
                samples=samples,
                summaries=summaries,
                estimates=self._estimates,
                smallest_difference=floor.smallest_difference if floor is not None and floor.calibrated_at else None,
            )
        )
        runs = _runs(self._latency)
        self.statistics.show_rows(
            [
                latency_row(side, self._names[side], summary, len(samples[side].timed_by_launch()), runs.get(side))
                for side, summary in summaries.items()
            ]
        )
        self._foot.setText(statistics_foot(is_finished=bool(runs)))

    def _summaries(self, samples: Samples) -> dict[Side, LatencySummary]:
        """Those of the record, or of the calls so far: these without intervals, which only all launches can tell."""
        from mbgui.analysis.latency import describe  # noqa: PLC0415 - NumPy comes in the background

        if self._latency is not None:
            return {side: self._latency.summary(side) for side in Side}
        launches = {side: cast("Sequence[Sequence[float]]", samples[side].timed_by_launch()) for side in Side}
        return {side: describe(made) for side, made in launches.items() if made}

    def _progress_text(self) -> str:
        return progress_text(self._estimates, (self._counts[0], self._counts[1]), is_over=not self._is_measuring)


def _runs(latency: LatencyComparison | None) -> dict[Side, LatencyRun]:
    return {} if latency is None else {side: latency.run(side) for side in Side}


def _with_last(latency: LatencyComparison) -> tuple[LatencyEstimate, ...]:
    """The estimates on the way, and the final one behind them."""
    last = LatencyEstimate(
        elapsed_s=max((taken.started_s + sum(taken.durations_s) for taken in latency.rounds), default=0.0),
        launches=len(latency.left.launches),
        ratio=latency.ratio,
        ci_low=latency.ci_low,
        ci_high=latency.ci_high,
    )
    before = tuple(found for found in latency.estimates if found.elapsed_s < last.elapsed_s)
    return (*before, last)
