"""All that a request asks to be measured, one kind after the other; what was measured is never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.events import Event
from mbgui.domain.latency import StopReason
from mbgui.domain.request import Side
from mbgui.pipeline.called import spread_between
from mbgui.pipeline.climbing import Climbing
from mbgui.pipeline.duel import Duel
from mbgui.pipeline.ended_run import unexpected_problem
from mbgui.pipeline.known_calibrations import known_calibrations
from mbgui.pipeline.launcher import Launcher
from mbgui.pipeline.layer_timing import TimingLayers
from mbgui.pipeline.subject import Subject, inputs_read_at, subject_of
from mbgui.pipeline.sweeping import Sweeping

if TYPE_CHECKING:
    from mbgui.domain.calibration import Calibration
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.environment import Version
    from mbgui.domain.latency import LatencyComparison
    from mbgui.domain.performance import Ladder, LayerTimings, Sweep
    from mbgui.domain.request import CompareRequest, LatencyRequest
    from mbgui.pipeline.keeping import WarningLog
    from mbgui.pipeline.means import Means
    from mbgui.pipeline.stages import StageClock


class Measuring:
    """One measurement under way, of the networks of a comparison."""

    def __init__(self, request: CompareRequest, comparison: Comparison, means: Means, log: WarningLog) -> None:
        self._request = request
        self._comparison = comparison
        self._cancel = means.cancel
        self._launcher = Launcher(means.children, means.cancel)
        self._calibrations = means.calibrations
        self._log = log
        self._known: tuple[Calibration, ...] = ()
        self._latency: LatencyComparison | None = None
        self._ladder: Ladder | None = None
        self._sweeps: list[Sweep] = []
        self._layer_times: LayerTimings | None = None

    def events(self, latency: LatencyRequest, clock: StageClock) -> Iterator[Event]:
        """Measure everything asked for. A failure costs what failed, nothing else; stopping ends it quietly."""
        try:
            subjects = {side: self._subject(side) for side in Side}
        except MbguiError as error:  # a call path that turned out to be of the other framework
            yield self._log.add_error(error, _NOT_MEASURED)
            return
        self._known = yield from known_calibrations(self._calibrations, self._log)
        steps: list[Callable[[], Iterator[Event]]] = []
        if latency.is_duel:
            steps.append(lambda: self._duel(subjects, latency, clock))
        if latency.is_ladder:
            steps.append(lambda: self._climb(tuple(subjects.values()), latency, clock))
        if latency.sweeps:
            steps.append(lambda: self._sweep(subjects, latency, clock))
        if latency.is_by_layer:
            steps.append(lambda: self._time_layers(subjects, clock))
        for step in steps:
            if not self._cancel.is_cancelled:
                yield from self._guarded(step)

    def _guarded(self, step: Callable[[], Iterator[Event]]) -> Iterator[Event]:
        """One kind of measurement; whatever fails in it, even a fault of the program, costs nothing but that."""
        try:
            yield from step()
        except MbguiError as error:
            if not self._cancel.is_cancelled:
                yield self._log.add_error(error, _NOT_ALL)
        except Exception as error:  # noqa: BLE001  a comparison that took minutes is not lost for it
            yield self._log.add(unexpected_problem(error), _NOT_ALL)

    @property
    def has_measured(self) -> bool:
        """Whether there is anything to keep."""
        return any((self._latency, self._ladder, self._sweeps, self._layer_times))

    @property
    def versions(self) -> tuple[Version, ...]:
        """The packages that were measured with."""
        return self._launcher.versions

    def added_to(self, comparison: Comparison) -> Comparison:
        """The comparison with what was measured in place of what it had of the same kind."""
        axes = {sweep.axis for sweep in self._sweeps}
        kept = tuple(sweep for sweep in comparison.sweeps if sweep.axis not in axes)
        return replace(
            comparison,
            latency=self._latency or comparison.latency,
            ladder=self._ladder or comparison.ladder,
            sweeps=(*kept, *self._sweeps),
            layer_times=self._layer_times or comparison.layer_times,
        )

    def _subject(self, side: Side) -> Subject:
        network = self._comparison.network(side)
        return subject_of(self._request, side, network.framework, inputs_read_at(self._request, network))

    def _duel(self, subjects: dict[Side, Subject], latency: LatencyRequest, clock: StageClock) -> Iterator[Event]:
        spread = spread_between(self._known, subjects[Side.LEFT], subjects[Side.RIGHT])
        duel = Duel(subjects, latency, self._launcher, spread)
        ended: StopReason | None = None
        try:
            yield from duel.events(clock)
        except MbguiError as error:
            ended = StopReason.STOPPED if self._cancel.is_cancelled else StopReason.FAILED
            self._latency = duel.result(ended=ended)
            if ended is StopReason.FAILED:
                yield self._log.add_error(error, _IN_PART if self._latency else _NOT_MEASURED)
            return
        self._latency = duel.result()

    def _climb(self, subjects: Sequence[Subject], latency: LatencyRequest, clock: StageClock) -> Iterator[Event]:
        climbing = Climbing(subjects, latency, self._launcher, self._known)
        yield from self._until_stopped(climbing.events(clock))
        self._ladder = climbing.result()

    def _sweep(self, subjects: dict[Side, Subject], latency: LatencyRequest, clock: StageClock) -> Iterator[Event]:
        for wanted in latency.sweeps:
            sweeping = Sweeping(wanted, subjects, latency, self._launcher, self._known)
            if not self._cancel.is_cancelled:
                yield from self._until_stopped(sweeping.events(clock))
            result = sweeping.result()
            if result is not None:
                self._sweeps.append(result)

    def _time_layers(self, subjects: dict[Side, Subject], clock: StageClock) -> Iterator[Event]:
        networks = {side: self._comparison.network(side) for side in Side}
        timing = TimingLayers(subjects, networks, self._launcher)
        yield from self._until_stopped(timing.events(clock))
        self._layer_times = timing.result()

    def _until_stopped(self, events: Iterator[Event]) -> Iterator[Event]:
        """These events; where the run is stopped they end, and what was measured by then is kept."""
        try:
            yield from events
        except MbguiError:
            if not self._cancel.is_cancelled:
                raise


_NOT_ALL = "Not everything was measured."
_NOT_MEASURED, _IN_PART = "Latency was not measured.", "Latency was measured in part only."
OF_A_DUEL = (_NOT_MEASURED, _IN_PART)
"""How the warnings of a duel end."""
