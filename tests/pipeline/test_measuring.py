"""The ladder, sweeps, layers and calibration: each keeps what it has, whatever fails or is stopped."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import (
    Calibrated,
    CalibrationCompleted,
    CallPathTimed,
    Cancelled,
    Completed,
    Event,
    Failed,
    LayersTimed,
    Stage,
    StageStarted,
    SweepPointTimed,
)
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.latency import StopReason
from mbgui.domain.performance import Ladder, Sweep
from mbgui.domain.request import CompareRequest, LatencyRequest, Side, SweepAxis, SweepRequest
from mbgui.pipeline.calibrating import calibrate
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.measure_again import measure_again
from mbgui.processes.latency_messages import BuildModel, PrepareLatency, TimeLayers
from mbgui.processes.messages import Command
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.pipeline.test_compare import KERAS, REQUEST, TORCH, completed, failed, only
from tests.support.fake_child import AnswerT, FakeChild
from tests.support.records import tiny_comparison

OUT_OF_MEMORY = Problem(sentence="Keras ran out of memory.", advice="Choose a smaller batch.")
LADDER = LatencyRequest(is_duel=False, is_ladder=True)
BY_LAYER = LatencyRequest(is_duel=False, is_by_layer=True)


def sweep_request(axis: SweepAxis, *values: int) -> LatencyRequest:
    return LatencyRequest(is_duel=False, sweeps=(SweepRequest(axis=axis, values=values),))


class Picky(FakeChild):
    """Fails, or does something else, at the commands that `meet` raises at."""

    def __init__(self, framework: Framework | None, threads: int, meet: Callable[["Picky", Command], None]) -> None:
        super().__init__(framework, threads)
        self._meet_command = meet

    def ask(self, command: Command, answer: type[AnswerT], timeout_s: float = 1.0) -> AnswerT:
        self._meet_command(self, command)
        return super().ask(command, answer, timeout_s)


class Started:
    """Starts children and remembers them."""

    def __init__(self, meet: Callable[[Picky, Command], None] | None = None) -> None:
        self.children: list[Picky] = []
        self._meet = meet or _nothing

    def __call__(self, framework: Framework | None, threads: int) -> Picky:
        child = Picky(framework, threads, self._meet)
        self.children.append(child)
        return child

    def asked(self, kind: type) -> list[Command]:
        return [command for child in self.children for command in child.asked if isinstance(command, kind)]


def _nothing(child: Picky, command: Command) -> None:
    """Nothing special happens."""


def measured(
    latency: LatencyRequest,
    started: Started | None = None,
    *,
    cancel: CancelToken | None = None,
    folder: Path | None = None,
) -> list[Event]:
    """All events of measuring the tiny comparison again."""
    pool = WarmChildren(started or Started())
    comparison = tiny_comparison()
    events = list(
        measure_again(
            comparison,
            replace(comparison.request, latency=latency),
            cancel=cancel or CancelToken(),
            children=pool,
            store=None if folder is None else SnapshotStore(folder),
            calibrations=None,
        )
    )
    pool.close()
    assert [isinstance(event, Completed | Failed | Cancelled) for event in events[:-1]] == [False] * (len(events) - 1)
    return events


def ladder_of(events: list[Event]) -> Ladder:
    ladder = completed(events).ladder
    assert ladder is not None
    return ladder


def sweep_of(events: list[Event]) -> Sweep:
    (sweep,) = completed(events).sweeps
    return sweep


def test_a_ladder_has_every_call_path_of_both_sides_each_in_a_process_of_its_own() -> None:
    started = Started()
    events = measured(LADDER, started)
    ladder = ladder_of(events)
    expected = [(Side.LEFT, path) for path in CALL_PATHS[TORCH]] + [(Side.RIGHT, path) for path in CALL_PATHS[KERAS]]
    assert [(timing.side, timing.call_path) for timing in ladder.timings] == expected
    assert ladder.timings == tuple(event.timing for event in only(events, CallPathTimed))
    assert len(started.children) == len(expected)
    assert all(child.was_closed for child in started.children)
    assert ladder.is_complete
    for timing in ladder.timings:
        assert timing.summary is not None
        assert timing.summary.count == len(timing.durations_s)
        assert timing.launch is not None


def test_a_call_path_that_cannot_be_run_says_why_and_the_others_go_on() -> None:
    def refuse(child: Picky, command: Command) -> None:
        if isinstance(command, PrepareLatency) and command.call_path == CallPath.COMPILE:
            raise MbguiError(Problem(sentence="There is no C++ compiler.", advice="Install g++."))

    ladder = ladder_of(measured(LADDER, Started(refuse)))
    reasons = {timing.call_path: timing.reason for timing in ladder.timings}
    assert reasons.pop(CallPath.COMPILE) == "There is no C++ compiler. Install g++."
    assert set(reasons.values()) == {""}
    assert ladder.is_complete


def test_call_paths_for_which_no_time_is_left_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mbgui.pipeline.launcher.Launcher.elapsed_s", property(counting(step_s=40.0)))
    ladder = ladder_of(measured(replace(LADDER, budget_s=100.0)))
    assert not ladder.is_complete
    assert ladder.timings[0].summary is not None
    assert ladder.timings[-1].reason == "There was no time left for it."


def counting(step_s: float) -> Callable[[object], float]:
    """A clock that moves on by so much whenever it is read."""
    read: list[float] = []

    def elapsed_s(_: object) -> float:
        read.append(step_s)
        return sum(read)

    return elapsed_s


def test_a_sweep_over_batches_measures_both_sides_at_every_value() -> None:
    started = Started()
    events = measured(sweep_request(SweepAxis.BATCH, 1, 4), started)
    sweep = sweep_of(events)
    assert [(point.value, point.side) for point in sweep.points] == [
        (1, Side.LEFT),
        (1, Side.RIGHT),
        (4, Side.LEFT),
        (4, Side.RIGHT),
    ]
    assert sweep.points == tuple(event.point for event in only(events, SweepPointTimed))
    assert [command.batch_size for command in started.asked(PrepareLatency)] == [1, 1, 4, 4]  # type: ignore[union-attr]
    for point in sweep.points:
        assert point.summary is not None
        assert point.throughput_per_s == pytest.approx(point.value / point.summary.median_s)
    assert sweep.is_complete


def test_a_sweep_over_threads_starts_processes_with_as_many() -> None:
    started = Started()
    measured(sweep_request(SweepAxis.THREADS, 1, 2), started)
    assert [child.threads for child in started.children] == [1, 1, 2, 2]


def test_a_sweep_over_input_sizes_builds_the_models_at_each() -> None:
    started = Started()
    measured(sweep_request(SweepAxis.INPUT, 32, 64), started)
    shapes = [command.inputs for command in started.asked(BuildModel)]  # type: ignore[union-attr]
    assert shapes == [(InputShape(sizes=(size, size)),) for size in (32, 32, 64, 64)]


def test_a_side_that_fails_in_a_sweep_leaves_a_reason_and_the_rest_goes_on() -> None:
    def die(child: Picky, command: Command) -> None:
        if isinstance(command, PrepareLatency) and command.batch_size == 8 and child.framework is KERAS:
            raise MbguiError(OUT_OF_MEMORY)

    sweep = sweep_of(measured(sweep_request(SweepAxis.BATCH, 1, 8, 16), Started(die)))
    reasons = {(point.value, point.side): point.reason for point in sweep.points}
    assert reasons.pop((8, Side.RIGHT)) == "Keras ran out of memory. Choose a smaller batch."
    assert set(reasons.values()) == {""}
    assert len(sweep.points) == 6


def test_stopping_a_sweep_keeps_its_points(tmp_path: Path) -> None:
    cancel = CancelToken()

    def stop(child: Picky, command: Command) -> None:
        if isinstance(command, PrepareLatency) and command.batch_size == 4:
            cancel.cancel()

    events = measured(sweep_request(SweepAxis.BATCH, 1, 4, 8), Started(stop), cancel=cancel, folder=tmp_path)
    sweep = sweep_of(events)
    assert not sweep.is_complete
    assert [point.value for point in sweep.points] == [1, 1]
    last = events[-1]
    assert isinstance(last, Completed)
    assert SnapshotStore(tmp_path).open(Path(last.snapshot_path)).sweeps == (sweep,)


def test_stopping_before_anything_was_measured_is_cancelled() -> None:
    cancel = CancelToken()

    def stop(child: Picky, command: Command) -> None:
        cancel.cancel()

    assert measured(LADDER, Started(stop), cancel=cancel)[-1] == Cancelled()


def test_layers_of_both_sides_are_timed_and_a_side_that_cannot_be_says_why() -> None:
    def refuse(child: Picky, command: Command) -> None:
        if isinstance(command, TimeLayers) and child.framework is KERAS:
            raise MbguiError(Problem(sentence="It has no layers."))

    events = measured(BY_LAYER, Started(refuse))
    timings = completed(events).layer_times
    assert timings is not None
    assert timings.left is not None
    assert timings.left.layers
    assert (timings.right, timings.right_reason) == (None, "It has no layers.")
    assert only(events, LayersTimed)[0].timings == timings


def test_everything_is_measured_in_turn_and_put_into_one_comparison() -> None:
    latency = replace(
        LatencyRequest(runs=6, is_ladder=True, is_by_layer=True),
        sweeps=(SweepRequest(axis=SweepAxis.BATCH, values=(1,)), SweepRequest(axis=SweepAxis.THREADS, values=(1, 2))),
    )
    events = measured(latency)
    stages = [event.stage for event in only(events, StageStarted)]
    assert stages == [Stage.MEASURE, Stage.CALL_PATHS, Stage.SWEEP, Stage.SWEEP, Stage.LAYER_TIMES]
    comparison = completed(events)
    assert comparison.latency is not None
    assert comparison.ladder is not None
    assert [sweep.axis for sweep in comparison.sweeps] == [SweepAxis.BATCH, SweepAxis.THREADS]
    assert comparison.layer_times is not None


def test_measuring_again_keeps_the_rest_of_the_comparison_and_is_one_of_its_own() -> None:
    before = tiny_comparison()
    after = completed(measured(LADDER))
    assert after.identifier != before.identifier
    assert not after.is_sample
    kept = ("left", "right", "alignment", "outline", "differences", "verdict", "latency", "equivalence")
    assert all(getattr(after, name) == getattr(before, name) for name in kept)
    assert after.environment.processor != before.environment.processor  # this machine, not that of the record
    again = measure_sweep_again(after)
    assert again.ladder == after.ladder


def test_a_new_duel_takes_the_place_of_what_was_said_of_the_old_one() -> None:
    comparison = replace(
        tiny_comparison(), warnings=("Keras ran out of memory. Latency was not measured.", "The sizes differ.")
    )
    again = measured_again(comparison, LatencyRequest(runs=6))
    assert again.warnings == ("The sizes differ.",)
    assert measured_again(comparison, LADDER).warnings == comparison.warnings


def test_a_fault_of_the_program_costs_what_it_was_measuring_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("mbgui.pipeline.duel.Duel.result", stumble)
    comparison = measured_again(tiny_comparison(), replace(LADDER, is_duel=True))
    assert comparison.ladder is not None
    assert "ZeroDivisionError: oops" in comparison.warnings[0]


def measure_sweep_again(comparison: Comparison) -> Comparison:
    return measured_again(comparison, sweep_request(SweepAxis.BATCH, 2))


def measured_again(comparison: Comparison, latency: LatencyRequest) -> Comparison:
    request = replace(comparison.request, latency=latency)
    pool = WarmChildren(Started())
    events = list(
        measure_again(comparison, request, cancel=CancelToken(), children=pool, store=None, calibrations=None)
    )
    pool.close()
    return completed(events)


def test_measuring_nothing_is_wrong_use() -> None:
    comparison = tiny_comparison()
    pool = WarmChildren(Started())
    request = replace(comparison.request, latency=None)
    (event,) = measure_again(comparison, request, cancel=CancelToken(), children=pool, store=None, calibrations=None)
    assert isinstance(event, Failed)
    assert event.problem.kind is ProblemKind.WRONG_USE


def test_a_duel_alone_that_fails_fails_the_run_with_its_reason() -> None:
    def die(child: Picky, command: Command) -> None:
        if isinstance(command, PrepareLatency):
            raise MbguiError(OUT_OF_MEMORY)

    problem = failed(measured(LatencyRequest(runs=6), Started(die)))
    assert problem.sentence == "Keras ran out of memory. Latency was not measured."


def calibrations_of(
    request: CompareRequest, folder: Path, launches: int = 3, started: Started | None = None
) -> list[Event]:
    pool = WarmChildren(started or Started())
    store = CalibrationStore(folder / "calibrations.json")
    events = list(calibrate(request, cancel=CancelToken(), children=pool, calibrations=store, launches=launches))
    pool.close()
    return events


def test_calibrating_times_each_model_against_itself_and_keeps_what_it_tells(tmp_path: Path) -> None:
    started = Started()
    events = calibrations_of(REQUEST, tmp_path, 4, started)
    last = events[-1]
    assert isinstance(last, CalibrationCompleted)
    assert [found.call_path for found in last.calibrations] == [CallPath.EAGER, CallPath.TF_FUNCTION]
    assert [event.calibration for event in only(events, Calibrated)] == list(last.calibrations)
    for found in last.calibrations:
        assert len(found.left_medians_s) == len(found.right_medians_s) == 4
        assert 0 <= found.rigorous <= found.quick
    assert len(started.children) == 2 * 2 * 4
    known = CalibrationStore(tmp_path / "calibrations.json").known()
    assert set(known) == set(last.calibrations)


def test_the_same_model_on_both_sides_is_calibrated_once(tmp_path: Path) -> None:
    last = calibrations_of(replace(REQUEST, right=REQUEST.left), tmp_path)[-1]
    assert isinstance(last, CalibrationCompleted)
    assert len(last.calibrations) == 1


def test_too_few_launches_to_calibrate_by_are_wrong_use(tmp_path: Path) -> None:
    problem = failed(calibrations_of(REQUEST, tmp_path, 2))
    assert problem.kind is ProblemKind.WRONG_USE
    assert "at least 3 launches" in problem.sentence


def test_what_was_calibrated_before_a_failure_is_kept(tmp_path: Path) -> None:
    def die(child: Picky, command: Command) -> None:
        if isinstance(command, PrepareLatency) and child.framework is KERAS:
            raise MbguiError(OUT_OF_MEMORY)

    assert failed(calibrations_of(REQUEST, tmp_path, 3, Started(die))) == OUT_OF_MEMORY
    (known,) = CalibrationStore(tmp_path / "calibrations.json").known()
    assert known.framework is TORCH


def test_a_verdict_refers_to_what_was_calibrated_on_this_machine(tmp_path: Path) -> None:
    calibrations_of(REQUEST, tmp_path)
    comparison = tiny_comparison()
    request = replace(comparison.request, latency=LatencyRequest(runs=6))
    pool = WarmChildren(Started())
    store = CalibrationStore(tmp_path / "calibrations.json")
    events = list(
        measure_again(comparison, request, cancel=CancelToken(), children=pool, store=None, calibrations=store)
    )
    pool.close()
    latency = completed(events).latency
    assert latency is not None
    assert latency.noise_floor is not None
    assert latency.noise_floor.calibrated_at
    assert latency.stop_reason is StopReason.DONE


def test_a_damaged_file_of_calibrations_is_a_warning(tmp_path: Path) -> None:
    store = CalibrationStore(tmp_path / "calibrations.json")
    store.path.write_bytes(b"{")
    comparison = tiny_comparison()
    request = replace(comparison.request, latency=LatencyRequest(runs=6))
    pool = WarmChildren(Started())
    events = list(
        measure_again(comparison, request, cancel=CancelToken(), children=pool, store=None, calibrations=store)
    )
    pool.close()
    assert any("not known" in warning for warning in completed(events).warnings)


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    measured(LADDER)
    assert set(threading.enumerate()) <= before
