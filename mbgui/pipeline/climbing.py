"""The ladder: every call path of both sides, each in a process of its own."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.events import CallPathTimed, Event, Stage
from mbgui.domain.framework import CALL_PATHS, CallPath
from mbgui.domain.performance import CallPathTiming, Ladder
from mbgui.pipeline.called import spread_between
from mbgui.pipeline.lone_timing import LoneTiming
from mbgui.pipeline.problem_text import problem_text

if TYPE_CHECKING:
    from mbgui.domain.calibration import Calibration
    from mbgui.domain.request import LatencyRequest
    from mbgui.pipeline.launcher import Launcher
    from mbgui.pipeline.stages import StageClock
    from mbgui.pipeline.subject import Subject

NO_TIME = "There was no time left for it."


class Climbing:
    """One ladder under way. Keeps what it has so far."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        latency: LatencyRequest,
        launcher: Launcher,
        calibrations: Sequence[Calibration] = (),
    ) -> None:
        self._latency = latency
        self._launcher = launcher
        self._calibrations = calibrations
        self._rungs = [(subject, path) for subject in subjects for path in CALL_PATHS[subject.framework]]
        self._timings: list[CallPathTiming] = []
        self._began_s = launcher.elapsed_s

    def events(self, clock: StageClock) -> Iterator[Event]:
        """Time one path after the other. Raises `MbguiError` only where the run was stopped."""
        yield clock.start(Stage.CALL_PATHS)
        for count, (subject, path) in enumerate(self._rungs):
            timing = CallPathTiming(side=subject.side, call_path=path, reason=NO_TIME)
            if self._launcher.elapsed_s - self._began_s < self._latency.further_budget_s:
                timing = yield from self._timed(subject, path, clock, count / len(self._rungs))
            self._timings.append(timing)
            yield CallPathTimed(timing=timing)
        yield clock.finish()

    def result(self) -> Ladder | None:
        """What was timed, or `None` where nothing was."""
        if not self._timings:
            return None
        subject = self._rungs[0][0]
        is_whole = len(self._timings) == len(self._rungs)
        return Ladder(
            timings=tuple(self._timings),
            threads=subject.threads,
            batch_size=subject.batch_size,
            is_complete=is_whole and all(timing.reason != NO_TIME for timing in self._timings),
        )

    def _timed(
        self, subject: Subject, path: CallPath, clock: StageClock, fraction: float
    ) -> Generator[Event, None, CallPathTiming]:
        """One path; why not, where it cannot be run."""
        text = f"{subject.source.title} ({subject.framework.display_name}, {path})"
        yield clock.progress(fraction, f"{text}: starting")
        try:
            return (yield from self._launched(subject, path, clock, fraction, text))
        except MbguiError as error:
            self._launcher.cancel.raise_if_cancelled()
            return CallPathTiming(side=subject.side, call_path=path, reason=problem_text(error.problem))

    def _launched(
        self, subject: Subject, path: CallPath, clock: StageClock, fraction: float, text: str
    ) -> Generator[Event, None, CallPathTiming]:
        from mbgui.analysis.latency import summarize  # noqa: PLC0415  numpy: not at the start of the app

        with self._launcher.launched((subject,)) as (launch,):
            called = replace(subject, call_path=path)
            launch.require_built()
            launch.prepare(path)
            timing = LoneTiming(launch, warmup=self._latency.warmup, round_size=self._latency.round_size)
            yield from timing.events(clock, fraction, text)
            return CallPathTiming(
                side=subject.side,
                call_path=path,
                launch=launch.describe(),
                summary=summarize((timing.durations_s,), spread=spread_between(self._calibrations, called, called)),
                durations_s=timing.durations_s,
            )
