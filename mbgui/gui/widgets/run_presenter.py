"""Makes visible what happens during a comparison: status bar, views, messages."""

from collections.abc import Callable, Mapping
from functools import singledispatchmethod
from typing import Protocol, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mbgui.domain import events
from mbgui.domain.comparison import Comparison
from mbgui.domain.environment import Version
from mbgui.domain.events import Stage
from mbgui.domain.framework import Framework
from mbgui.domain.latency import LatencyRound
from mbgui.domain.network import Network
from mbgui.domain.request import CompareRequest, Side
from mbgui.gui.widgets.page_stack import PageStack
from mbgui.gui.widgets.proof_presenter import ProofPresenter
from mbgui.gui.widgets.run_status import RunStatus

OVERVIEW_PAGE, LAYERS_PAGE = 0, 1
STAGE_TITLES = {
    Stage.START: "Starting the frameworks",
    Stage.READ: "Reading the models",
    Stage.COMPARE: "Comparing",
    Stage.VERIFY: "Verifying the outputs",
    Stage.WARM_UP: "Warming up",
    Stage.MEASURE: "Measuring latency",
    Stage.SAVE: "Saving",
}


class OneSided(Protocol):
    """A view that can show one side while the other is still under way."""

    def show_network(self, side: Side, network: Network) -> None:
        """Show the network of one side."""

    def stop_reading(self) -> None:
        """The other side is not coming any more."""


class Measuring(Protocol):
    """A view that says whether latency is being measured."""

    def start_measuring(self, request: CompareRequest, frameworks: Mapping[Side, Framework]) -> None:
        """Rounds are coming."""

    def stop_measuring(self) -> None:
        """No more rounds are coming."""


class Charting(Measuring, Protocol):
    """The view that shows timed calls as they come in."""

    def add_round(self, latency_round: LatencyRound) -> None:
        """A round is in."""


class RunPresenter(QObject):
    """Keeps what was shown until the new run has something to show in its place."""

    comparison_shown = Signal(object)
    problem_raised = Signal(object)
    network_read = Signal(object)

    def __init__(
        self,
        status: RunStatus,
        pages: PageStack,
        latency_page: int,
        equivalence_page: int,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._pages = pages
        self._latency_page = latency_page
        self._equivalence_page = equivalence_page
        self._proof = ProofPresenter(pages, OVERVIEW_PAGE, equivalence_page, self)
        self._request: CompareRequest | None = None
        self._has_new_content = False
        self._is_half_read = False
        self._frameworks: dict[Side, Framework] = {}
        self._durations: dict[str, float] = {}
        self._versions: dict[str, str] = {}

    @Slot(object)
    def start(self, request: CompareRequest) -> None:
        """A run began."""
        self._request = request
        self._has_new_content = False
        self._is_half_read = False
        self._frameworks.clear()
        self._durations.clear()
        self._versions.clear()
        self._proof.drop()
        self._status.start()

    @Slot(object, str)
    def show_opened(self, comparison: Comparison, path: str) -> None:
        """Show a comparison from a file."""
        del path
        self.show_comparison(comparison)
        title = "Sample" if comparison.is_sample else "Opened"
        self._status.finish(
            title, stages_text({item.stage: item.duration_s for item in comparison.stages}), is_good=True
        )

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison in every view."""
        self._pages.show_comparison(comparison)
        self._status.show_versions(versions_text(comparison))
        self.comparison_shown.emit(comparison)

    @Slot(object)
    def show_corrected(self, comparison: Comparison) -> None:
        """Show the same comparison with other pairs; parameters and latency do not change by that."""
        self._pages.update_comparison(comparison, (OVERVIEW_PAGE, LAYERS_PAGE, self._equivalence_page))
        self.comparison_shown.emit(comparison)

    @singledispatchmethod
    def show_event(self, event: object) -> None:
        """Show what an event tells."""
        raise TypeError(f"{type(event).__name__} is no event of a comparison")

    @show_event.register
    def _(self, event: events.StageStarted) -> None:
        self._status.show_stage(STAGE_TITLES[event.stage], "")
        self._status.show_progress(-1.0, "")
        if event.stage is Stage.WARM_UP:
            self._start_measuring()
        if event.stage is Stage.VERIFY and self._request is not None:
            self._proof.start(self._request)
        elif event.stage in (Stage.WARM_UP, Stage.SAVE):
            self._proof.stop()

    @show_event.register
    def _(self, event: events.StageFinished) -> None:
        self._durations[event.stage] = event.duration_s

    @show_event.register
    def _(self, event: events.Progressed) -> None:
        self._status.show_progress(event.fraction, event.text)

    @show_event.register
    def _(self, event: events.FrameworkReady) -> None:
        self._versions.update(_by_name(event.versions))
        self._status.show_versions(" · ".join(f"{name} {version}" for name, version in self._versions.items()))

    @show_event.register
    def _(self, event: events.NetworkRead) -> None:
        if not self._has_new_content:
            self._has_new_content = True
            self._pages.clear_views()
            self.comparison_shown.emit(None)
        self._is_half_read = True
        self._frameworks[event.side] = event.network.framework
        self.network_read.emit(event.network)
        self._pages.deliver(_show_network(event.side, event.network))

    @show_event.register
    def _(self, event: events.StructureCompared) -> None:
        self._has_new_content = True
        self._is_half_read = False
        self.show_comparison(event.comparison)

    @show_event.register
    def _(self, event: events.PairVerified) -> None:
        self._proof.add(event.evidence)

    @show_event.register
    def _(self, event: events.EquivalenceProven) -> None:
        self._show_equivalence(event.comparison)
        self.comparison_shown.emit(event.comparison)

    @show_event.register
    def _(self, event: events.LatencySampled) -> None:
        taken = event.latency_round

        def add(view: QWidget) -> None:
            cast(Charting, view).add_round(taken)

        self._pages.deliver_to(self._latency_page, add)

    @show_event.register
    def _(self, event: events.Warned) -> None:
        self.problem_raised.emit(event.problem)

    @show_event.register
    def _(self, event: events.Completed) -> None:
        self._show_latency(event.comparison)
        lacking = _lacking(event.comparison)
        self._status.finish(f"Done{lacking}", stages_text(self._durations), is_good=not lacking)

    @show_event.register
    def _(self, event: events.Failed) -> None:
        self._leave_unfinished()
        self._status.finish("Failed", stages_text(self._durations), is_good=False)
        self.problem_raised.emit(event.problem)

    @show_event.register
    def _(self, event: events.Cancelled) -> None:
        del event
        self._leave_unfinished()
        self._status.finish("Stopped", stages_text(self._durations), is_good=False)

    def _show_latency(self, comparison: Comparison) -> None:
        """The structure is shown already: whoever looks at a layer keeps looking at it."""
        self._proof.drop()
        self._pages.update_comparison(comparison, (OVERVIEW_PAGE, self._equivalence_page, self._latency_page))
        self.comparison_shown.emit(comparison)

    def _show_equivalence(self, comparison: Comparison) -> None:
        """The layers learn causes that only running the networks could tell; latency is still to come."""
        self._proof.drop()
        self._pages.update_comparison(comparison, (OVERVIEW_PAGE, LAYERS_PAGE, self._equivalence_page))

    def _leave_unfinished(self) -> None:
        """A side that was read stays in every view, but nothing any longer says that the other one is coming."""
        for page in (OVERVIEW_PAGE, self._latency_page):
            self._pages.deliver_to(page, _stop_measuring)
        self._proof.stop()
        if self._is_half_read:
            self._pages.deliver(_stop_reading)

    def _start_measuring(self) -> None:
        request, frameworks = self._request, dict(self._frameworks)
        if request is None or len(frameworks) < len(Side):
            return

        def start(view: QWidget) -> None:
            cast(Measuring, view).start_measuring(request, frameworks)

        for page in (OVERVIEW_PAGE, self._latency_page):
            self._pages.deliver_to(page, start)


def stages_text(durations_s: dict[str, float]) -> str:
    """`read 4.9 s · measure 31.0 s`: the stages that took a noticeable time."""
    return " · ".join(f"{stage} {seconds:.1f} s" for stage, seconds in durations_s.items() if seconds >= 0.05)


def versions_text(comparison: Comparison) -> str:
    """`PyTorch 2.14.1 · Keras 3.15.1 · 2 threads`."""
    environment = comparison.environment
    named = [f"{name} {version}" for name, version in _by_name(environment.versions).items()]
    threads = f"{environment.threads} thread{'' if environment.threads == 1 else 's'}"
    return " · ".join([*named, threads])


def _lacking(comparison: Comparison) -> str:
    """What was asked for and is not there, as the end of a sentence."""
    latency, request = comparison.latency, comparison.request
    parts = [", outputs not verified"] if request.verification is not None and comparison.equivalence is None else []
    if request.latency is not None and latency is None:
        parts.append(", latency not measured")
    elif latency is not None and not latency.is_complete:
        parts.append(", latency measured in part")
    return "".join(parts)


def _by_name(versions: tuple[Version, ...]) -> dict[str, str]:
    return {version.name: version.version for version in versions}


def _show_network(side: Side, network: Network) -> Callable[[QWidget], None]:
    def show(view: QWidget) -> None:
        if hasattr(view, "show_network"):
            cast(OneSided, view).show_network(side, network)

    return show


def _stop_measuring(view: QWidget) -> None:
    cast(Measuring, view).stop_measuring()


def _stop_reading(view: QWidget) -> None:
    if hasattr(view, "stop_reading"):
        cast(OneSided, view).stop_reading()
