"""Makes visible what happens during a comparison: status bar, views, messages."""

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Protocol, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mbgui.domain import events
from mbgui.domain.comparison import Comparison
from mbgui.domain.environment import Version
from mbgui.domain.events import Stage
from mbgui.domain.network import Network
from mbgui.domain.request import CompareRequest, Side
from mbgui.gui.widgets.calibration_text import calibrated_text
from mbgui.gui.widgets.latency_presenter import LatencyPresenter
from mbgui.gui.widgets.page_stack import PageStack
from mbgui.gui.widgets.proof_presenter import ProofPresenter
from mbgui.gui.widgets.run_status import RunStatus

OVERVIEW_PAGE, LAYERS_PAGE = 0, 1
STAGE_TITLES = {
    Stage.START: "Starting the frameworks",
    Stage.READ: "Reading the models",
    Stage.COMPARE: "Comparing",
    Stage.VERIFY: "Verifying the outputs",
    Stage.MEASURE: "Measuring latency",
    Stage.CALL_PATHS: "Timing call paths",
    Stage.SWEEP: "Sweeping",
    Stage.LAYER_TIMES: "Timing layers",
    Stage.CALIBRATE: "Calibrating",
    Stage.SAVE: "Saving",
}

MEASURING = frozenset({Stage.MEASURE, Stage.CALL_PATHS, Stage.SWEEP, Stage.LAYER_TIMES})
_FROM_NOW_ON = "Verdicts refer to it from now on; press Measure for a new one."


class OneSided(Protocol):
    """A view that can show one side while the other is still under way."""

    def show_network(self, side: Side, network: Network) -> None:
        """Show the network of one side."""

    def stop_reading(self) -> None:
        """The other side is not coming any more."""


class RunPresenter(QObject):
    """Keeps what was shown until the new run has something to show in its place."""

    comparison_shown = Signal(object)
    problem_raised = Signal(object)
    hint_raised = Signal(str, str)
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
        self._latency = LatencyPresenter(pages, OVERVIEW_PAGE, latency_page, self)
        self._request: CompareRequest | None = None
        self._has_new_content = False
        self._is_half_read = False
        self._durations: dict[str, float] = {}
        self._versions: dict[str, str] = {}

    @Slot(object)
    def start(self, request: CompareRequest) -> None:
        """A comparison began."""
        self._begin(request)
        self._latency.prepare(request)

    @Slot(object, object)
    def start_measuring(self, comparison: Comparison, request: CompareRequest) -> None:
        """The models of a comparison are going to be measured; until then it stays as it is."""
        self._begin(request)
        self._latency.prepare(request, comparison)

    @Slot(object)
    def start_calibrating(self, request: CompareRequest) -> None:
        """It is going to be learnt what this machine can tell; what is shown stays."""
        self._begin(request)
        self._latency.drop()

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
        """Show the same comparison with other pairs; parameters and the duel do not change by that."""
        paired = (self._latency_page,) if comparison.layer_times is not None else ()
        self._pages.update_comparison(comparison, (OVERVIEW_PAGE, LAYERS_PAGE, self._equivalence_page, *paired))
        self.comparison_shown.emit(comparison)

    @singledispatchmethod
    def show_event(self, event: object) -> None:
        """Show what an event tells."""
        raise TypeError(f"{type(event).__name__} is no event of a comparison")

    @show_event.register
    def _(self, event: events.StageStarted) -> None:
        self._status.show_stage(STAGE_TITLES[event.stage], "")
        self._status.show_progress(-1.0, "")
        if event.stage in MEASURING:
            self._latency.start()
        if event.stage is Stage.VERIFY and self._request is not None:
            self._proof.start(self._request)
        elif event.stage in MEASURING or event.stage is Stage.SAVE:
            self._proof.stop()

    @show_event.register
    def _(self, event: events.StageFinished) -> None:
        self._durations[event.stage] = self._durations.get(event.stage, 0.0) + event.duration_s
        if event.stage is Stage.MEASURE:
            self._latency.finish_duel()

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
        self._latency.learn(event.side, event.network.framework)
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
        self._latency.add_round(event.latency_round)

    @show_event.register
    def _(self, event: events.LatencyEstimated) -> None:
        self._latency.add_estimate(event.estimate)

    @show_event.register
    def _(self, event: events.CallPathTimed) -> None:
        self._latency.add_call_path(event.timing)

    @show_event.register
    def _(self, event: events.SweepPointTimed) -> None:
        self._latency.add_sweep_point(event.sweep, event.point)

    @show_event.register
    def _(self, event: events.LayersTimed) -> None:
        self._latency.show_layer_timings(event.timings)

    @show_event.register
    def _(self, event: events.Calibrated) -> None:
        self._status.show_progress(-1.0, calibrated_text((event.calibration,)))

    @show_event.register
    def _(self, event: events.CalibrationCompleted) -> None:
        self._status.finish("Calibrated", stages_text(self._durations), is_good=True)
        self.hint_raised.emit(calibrated_text(event.calibrations), _FROM_NOW_ON)

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

    def _begin(self, request: CompareRequest) -> None:
        self._request = request
        self._has_new_content = False
        self._is_half_read = False
        self._durations.clear()
        self._versions.clear()
        self._proof.drop()
        self._status.start()

    def _show_latency(self, comparison: Comparison) -> None:
        """The structure is shown already: whoever looks at a layer keeps looking, unless times of layers are new."""
        self._proof.drop()
        timed = (LAYERS_PAGE,) if comparison.layer_times is not None else ()
        pages = (OVERVIEW_PAGE, *timed, self._equivalence_page, self._latency_page)
        self._pages.update_comparison(comparison, pages)
        self.comparison_shown.emit(comparison)

    def _show_equivalence(self, comparison: Comparison) -> None:
        """The layers learn causes that only running the networks could tell; latency is still to come."""
        self._proof.drop()
        self._pages.update_comparison(comparison, (OVERVIEW_PAGE, LAYERS_PAGE, self._equivalence_page))

    def _leave_unfinished(self) -> None:
        """A side that was read stays in every view, but nothing any longer says that the other one is coming."""
        self._latency.leave_unfinished()
        self._proof.stop()
        if self._is_half_read:
            self._pages.deliver(_stop_reading)


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
    if request.latency is not None and request.latency.is_duel and latency is None:
        parts.append(", latency not measured")
    elif not all(part.is_complete for part in (latency, comparison.ladder, *comparison.sweeps) if part is not None):
        parts.append(", latency measured in part")
    return "".join(parts)


def _by_name(versions: tuple[Version, ...]) -> dict[str, str]:
    return {version.name: version.version for version in versions}


def _show_network(side: Side, network: Network) -> Callable[[QWidget], None]:
    def show(view: QWidget) -> None:
        if hasattr(view, "show_network"):
            cast(OneSided, view).show_network(side, network)

    return show


def _stop_reading(view: QWidget) -> None:
    if hasattr(view, "stop_reading"):
        cast(OneSided, view).stop_reading()
