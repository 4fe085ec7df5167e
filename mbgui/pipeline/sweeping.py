"""Sweeps: both sides over batch sizes, threads or image sizes, with everything else kept."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.events import Event, Stage, SweepPointTimed
from mbgui.domain.input_shape import InputShape
from mbgui.domain.performance import Sweep, SweepPoint
from mbgui.domain.request import Side, SweepAxis, SweepRequest
from mbgui.pipeline.called import spread_between
from mbgui.pipeline.lone_timing import LoneTiming
from mbgui.pipeline.problem_text import problem_text

if TYPE_CHECKING:
    from mbgui.domain.calibration import Calibration
    from mbgui.domain.request import LatencyRequest
    from mbgui.pipeline.launch import Launch
    from mbgui.pipeline.launcher import Launcher
    from mbgui.pipeline.stages import StageClock
    from mbgui.pipeline.subject import Subject

_VALUE_TEXTS = {SweepAxis.BATCH: "batch {}", SweepAxis.THREADS: "{} threads", SweepAxis.INPUT: "input {0}×{0}"}


class Sweeping:
    """One sweep under way. Keeps what it has so far.

    Both sides are measured at one value before the next one, so that a sweep cut short compares what it has. Every
    point has a process of its own: threads are set before the first operation, and memory of a larger point is no
    burden on the next.
    """

    def __init__(
        self,
        wanted: SweepRequest,
        subjects: dict[Side, Subject],
        latency: LatencyRequest,
        launcher: Launcher,
        calibrations: Sequence[Calibration] = (),
    ) -> None:
        self._wanted = wanted
        self._subjects = subjects
        self._latency = latency
        self._launcher = launcher
        self._calibrations = calibrations
        self._points: list[SweepPoint] = []
        self._began_s = launcher.elapsed_s

    def events(self, clock: StageClock) -> Iterator[Event]:
        """Time one point after the other. Raises `MbguiError` only where the run was stopped."""
        yield clock.start(Stage.SWEEP)
        places = [(value, side) for value in self._wanted.values for side in Side]
        for count, (value, side) in enumerate(places):
            if self._launcher.elapsed_s - self._began_s > self._latency.further_budget_s:
                break
            point = yield from self._timed(self._subjects[side], value, clock, count / len(places))
            self._points.append(point)
            yield SweepPointTimed(sweep=self._wanted, point=point)
        yield clock.finish()

    def result(self) -> Sweep | None:
        """What was timed, or `None` where nothing was."""
        if not self._points:
            return None
        left, right = self._subjects[Side.LEFT], self._subjects[Side.RIGHT]
        return Sweep(
            axis=self._wanted.axis,
            left_path=left.call_path,
            right_path=right.call_path,
            threads=left.threads,
            batch_size=left.batch_size,
            points=tuple(self._points),
            is_complete=len(self._points) == len(Side) * len(self._wanted.values),
        )

    def _timed(
        self, subject: Subject, value: int, clock: StageClock, fraction: float
    ) -> Generator[Event, None, SweepPoint]:
        """One side at one value; why not, where it cannot be run."""
        text = f"{subject.source.title} ({subject.framework.display_name}), " + _VALUE_TEXTS[self._wanted.axis].format(
            value
        )
        yield clock.progress(fraction, f"{text}: starting")
        try:
            with self._launcher.launched((set_to(subject, self._wanted.axis, value),)) as (launch,):
                return (yield from self._measured(launch, value, clock, fraction, text))
        except MbguiError as error:
            self._launcher.cancel.raise_if_cancelled()
            return SweepPoint(side=subject.side, value=value, summary=None, reason=problem_text(error.problem))

    def _measured(
        self, launch: Launch, value: int, clock: StageClock, fraction: float, text: str
    ) -> Generator[Event, None, SweepPoint]:
        from mbgui.analysis.latency import summarize  # noqa: PLC0415  numpy: not at the start of the app

        launch.require_built()
        launch.prepare()
        timing = LoneTiming(launch, warmup=self._latency.warmup, round_size=self._latency.round_size)
        yield from timing.events(clock, fraction, text)
        called = launch.subject
        summary = summarize((timing.durations_s,), spread=spread_between(self._calibrations, called, called))
        return SweepPoint(
            side=launch.subject.side,
            value=value,
            summary=summary,
            throughput_per_s=launch.subject.batch_size / summary.median_s,
            durations_s=timing.durations_s,
        )


def set_to(subject: Subject, axis: SweepAxis, value: int) -> Subject:
    """The same side at one value of an axis."""
    match axis:
        case SweepAxis.BATCH:
            return replace(subject, batch_size=value, command=replace(subject.command, batch_size=value))
        case SweepAxis.THREADS:
            return replace(subject, threads=value)
        case SweepAxis.INPUT:
            shape = InputShape(sizes=(value, value))
            return replace(subject, command=replace(subject.command, inputs=(shape,)))
