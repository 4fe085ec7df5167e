"""Makes visible how measurements come in, and puts back what was shown where they give nothing."""

from collections.abc import Mapping
from typing import Protocol, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import Framework
from mbgui.domain.latency import LatencyEstimate, LatencyRound
from mbgui.domain.performance import CallPathTiming, LayerTimings, SweepPoint
from mbgui.domain.request import CompareRequest, Side, SweepRequest
from mbgui.gui.widgets.page_stack import PageStack


class Measuring(Protocol):
    """A view that says whether latency is being measured."""

    def start_measuring(self, request: CompareRequest, frameworks: Mapping[Side, Framework]) -> None:
        """Measurements are coming."""

    def stop_measuring(self) -> None:
        """No more measurements are coming."""


class Charting(Measuring, Protocol):
    """The view that shows measurements as they come in."""

    def add_round(self, latency_round: LatencyRound) -> None:
        """A round of the duel is in."""

    def add_estimate(self, estimate: LatencyEstimate) -> None:
        """The ratio of the duel is known better."""

    def finish_duel(self) -> None:
        """All rounds of the duel are in."""

    def add_call_path(self, timing: CallPathTiming) -> None:
        """One more call path is timed."""

    def add_sweep_point(self, sweep: SweepRequest, point: SweepPoint) -> None:
        """One more point of a sweep is timed."""

    def show_layer_timings(self, timings: LayerTimings) -> None:
        """It is known where the time goes."""

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a finished measurement."""


class LatencyPresenter(QObject):
    """Tells the view of latency what comes in, and the overview of a duel that belongs to a new comparison."""

    def __init__(self, pages: PageStack, overview_page: int, latency_page: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._overview_page = overview_page
        self._page = latency_page
        self._request: CompareRequest | None = None
        self._before: Comparison | None = None
        self._frameworks: dict[Side, Framework] = {}
        self._is_under_way = False

    def prepare(self, request: CompareRequest, before: Comparison | None = None) -> None:
        """A run began; `before` is the comparison that is measured again."""
        self._request = request
        self._before = before
        self._is_under_way = False
        self._frameworks = {} if before is None else {side: before.network(side).framework for side in Side}

    def drop(self) -> None:
        """The run that began measures nothing that is shown."""
        self._request = None
        self._before = None

    def learn(self, side: Side, framework: Framework) -> None:
        """A side was read."""
        self._frameworks[side] = framework

    def start(self) -> None:
        """A stage that measures began; the first empties what is going to be measured."""
        request, frameworks = self._request, dict(self._frameworks)
        if self._is_under_way or request is None or len(frameworks) < len(Side):
            return
        self._is_under_way = True

        def start(view: QWidget) -> None:
            cast(Measuring, view).start_measuring(request, frameworks)

        if self._before is None:
            self._pages.deliver_to(self._overview_page, start)
        self._pages.deliver_to(self._page, start)

    def add_round(self, latency_round: LatencyRound) -> None:
        """A round of the duel is in."""

        def add(view: QWidget) -> None:
            cast(Charting, view).add_round(latency_round)

        self._pages.deliver_to(self._page, add)

    def add_estimate(self, estimate: LatencyEstimate) -> None:
        """The ratio of the duel is known better."""

        def add(view: QWidget) -> None:
            cast(Charting, view).add_estimate(estimate)

        self._pages.deliver_to(self._page, add)

    def add_call_path(self, timing: CallPathTiming) -> None:
        """One more call path is timed."""

        def add(view: QWidget) -> None:
            cast(Charting, view).add_call_path(timing)

        self._pages.deliver_to(self._page, add)

    def add_sweep_point(self, sweep: SweepRequest, point: SweepPoint) -> None:
        """One more point of a sweep is timed."""

        def add(view: QWidget) -> None:
            cast(Charting, view).add_sweep_point(sweep, point)

        self._pages.deliver_to(self._page, add)

    def show_layer_timings(self, timings: LayerTimings) -> None:
        """It is known where the time goes."""

        def show(view: QWidget) -> None:
            cast(Charting, view).show_layer_timings(timings)

        self._pages.deliver_to(self._page, show)

    def finish_duel(self) -> None:
        """All rounds of the duel are in."""
        self._pages.deliver_to(self._page, _finish_duel)

    def leave_unfinished(self) -> None:
        """No more is coming: what was measured again is put back, what belongs to a new comparison stays."""
        before, self._is_under_way = self._before, False
        if before is None:
            for page in (self._overview_page, self._page):
                self._pages.deliver_to(page, _stop)
            return

        def show(view: QWidget) -> None:
            cast(Charting, view).show_comparison(before)

        self._pages.deliver_to(self._page, show)


def _stop(view: QWidget) -> None:
    cast(Measuring, view).stop_measuring()


def _finish_duel(view: QWidget) -> None:
    cast(Charting, view).finish_duel()
