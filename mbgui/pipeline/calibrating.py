"""Calibrating: each model timed against itself, to know the smallest difference that this machine can tell."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

from mbgui.domain.errors import MbguiError
from mbgui.domain.events import Calibrated, CalibrationCompleted, Event, Stage
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import inputs_text
from mbgui.domain.request import BenchMode, LatencyRequest, Side
from mbgui.pipeline.called import called_side
from mbgui.pipeline.duel import Duel
from mbgui.pipeline.ended_run import ended_run
from mbgui.pipeline.launcher import Launcher
from mbgui.pipeline.machine import available_processors, processor
from mbgui.pipeline.stages import StageClock
from mbgui.pipeline.subject import Subject, subject_of
from mbgui.pipeline.validation import validate

if TYPE_CHECKING:
    from mbgui.domain.calibration import Calibration
    from mbgui.domain.latency import LatencyRound
    from mbgui.domain.request import CompareRequest
    from mbgui.pipeline.cancel import CancelToken
    from mbgui.processes.pool import WarmChildren
    from mbgui.snapshots.calibrations import CalibrationStore

CALIBRATION_LAUNCHES = 10
FEWEST_CALIBRATION_LAUNCHES = 3


def calibrate(
    request: CompareRequest,
    *,
    cancel: CancelToken,
    children: WarmChildren,
    calibrations: CalibrationStore,
    launches: int = CALIBRATION_LAUNCHES,
) -> Iterator[Event]:
    """Time the left and the right model of a request each against itself and keep what that tells.

    Ends in exactly one of `CalibrationCompleted`, `Failed`, `Cancelled`; what was calibrated before a failure is kept.
    """
    return ended_run(_calibrate_both(request, Launcher(children, cancel), calibrations, launches), cancel)


def _calibrate_both(
    request: CompareRequest, launcher: Launcher, calibrations: CalibrationStore, launches: int
) -> Iterator[Event]:
    latency = replace(request.latency or LatencyRequest(), mode=BenchMode.RIGOROUS)
    request = replace(request, latency=latency)
    validate(request)
    if launches < FEWEST_CALIBRATION_LAUNCHES:
        raise MbguiError.wrong_use(
            f"A calibration takes at least {FEWEST_CALIBRATION_LAUNCHES} launches, not {launches}.",
            f"Choose more; {CALIBRATION_LAUNCHES} are usual.",
        )
    clock = StageClock()
    made: list[Calibration] = []
    seen: list[Subject] = []
    yield clock.start(Stage.START)
    subjects = [_subject(request, side, launcher) for side in Side]
    yield clock.finish()
    for subject in subjects:
        alike = replace(subject, side=Side.LEFT)
        if alike in seen:
            continue
        seen.append(alike)
        calibration = yield from _calibrate(alike, latency, launcher, clock, launches)
        calibrations.keep(calibration)
        made.append(calibration)
        yield Calibrated(calibration=calibration)
    yield CalibrationCompleted(calibrations=tuple(made))


def _subject(request: CompareRequest, side: Side, launcher: Launcher) -> Subject:
    """A side at the inputs named or its own. Where only building tells the framework, it is built once."""
    source = request.left if side is Side.LEFT else request.right
    framework = source.likely_framework or _built_framework(request, side, launcher)
    return subject_of(request, side, framework, request.inputs)


def _built_framework(request: CompareRequest, side: Side, launcher: Launcher) -> Framework:
    without_paths = replace(request, latency=None)
    guess = subject_of(without_paths, side, Framework.PYTORCH, request.inputs)
    with launcher.launched((guess,)) as (launch,):
        return launch.require_built().framework


def _calibrate(
    subject: Subject, latency: LatencyRequest, launcher: Launcher, clock: StageClock, launches: int
) -> Generator[Event, None, Calibration]:
    from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD, calibrated  # noqa: PLC0415  not at the start of the app

    pair = {side: replace(subject, side=side) for side in Side}
    duel = Duel(pair, latency, launcher, CAUTIOUS_SPREAD, launches=launches)
    yield from duel.events(clock, Stage.CALIBRATE)
    return calibrated(
        launch_medians_s(duel.rounds, Side.LEFT),
        launch_medians_s(duel.rounds, Side.RIGHT),
        side=called_side(subject),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=processor(),
        processor_count=available_processors(),
        input_sizes=inputs_text(subject.command.inputs),
        batch_size=subject.batch_size,
    )


def launch_medians_s(rounds: tuple[LatencyRound, ...], side: Side) -> tuple[float, ...]:
    """The median of each launch of a side, in seconds."""
    launches: dict[int, list[float]] = {}
    for taken in rounds:
        if taken.side is side and not taken.is_warmup:
            launches.setdefault(taken.launch, []).extend(taken.durations_s)
    return tuple(median(durations_s) for _, durations_s in sorted(launches.items()))
