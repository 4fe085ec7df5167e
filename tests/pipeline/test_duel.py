"""The duel: fresh processes launched in pairs, timed in ABBA blocks while the other side is suspended."""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import Problem, ProblemKind
from mbgui.domain.events import Cancelled, Event, LatencyEstimated, LatencySampled, Progressed, Stage, Warned
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import LatencyComparison, LatencyVerdict, StopReason
from mbgui.domain.request import BenchMode, LatencyRequest, Side
from mbgui.pipeline import duel
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.pipeline.duel import schedule_blocks
from mbgui.processes.latency_messages import BuildModel, MeasureRound, PrepareLatency, ReadUsage
from mbgui.processes.messages import LoadModel
from mbgui.snapshots.store import SnapshotStore
from tests.pipeline.test_compare import KERAS, LEFT, REQUEST, TORCH, completed, events_of, failed, only
from tests.support.fake_child import FakeChild, fake_children

RIGOROUS = LatencyRequest(mode=BenchMode.RIGOROUS, runs=12, warmup=2, round_size=3)
DEATH = "The Keras process was killed by signal 9 (out of memory?)."


def crew(
    launches: int = 1, deaths: Mapping[type, int] | None = None, holds: tuple[type, ...] = ()
) -> tuple[list[FakeChild], list[FakeChild]]:
    """Children of both sides: the first reads, the others are launched; what happens befalls the last right one."""
    left = [FakeChild(TORCH, 2) for _ in range(1 + launches)]
    right = [FakeChild(KERAS, 2) for _ in range(launches)]
    return left, [*right, FakeChild(KERAS, 2, deaths=deaths, holds=holds)]


def measured(*children: FakeChild, latency: LatencyRequest) -> LatencyComparison:
    found = completed(events_of(*children, request=replace(REQUEST, latency=latency))).latency
    assert found is not None
    return found


def test_blocks_are_mirrored_and_give_both_sides_as_many_rounds() -> None:
    schedule = schedule_blocks(5)
    letters = "".join(side.value[0].upper() for _, side in schedule)
    assert letters == "LRRLRLLRLR"
    assert [block for block, _ in schedule] == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    for rounds in range(1, 9):
        for side in Side:
            assert sum(taken is side for _, taken in schedule_blocks(rounds)) == rounds


def test_a_quick_duel_launches_one_fresh_process_a_side() -> None:
    left, right = crew()
    latency = measured(*left, *right, latency=REQUEST.latency or LatencyRequest())
    assert [type(command) for command in left[0].asked] == [LoadModel]
    assert [type(command) for command in left[1].asked[:2]] == [BuildModel, PrepareLatency]
    assert isinstance(right[1].asked[-1], ReadUsage)
    assert left[1].was_closed
    assert right[1].was_closed
    assert [len(latency.run(side).launches) for side in Side] == [1, 1]
    assert latency.mode is BenchMode.QUICK
    assert latency.stop_reason is StopReason.DONE


def test_a_rigorous_duel_takes_at_least_five_launches_a_side_and_names_the_faster_one() -> None:
    latency = measured(latency=RIGOROUS)
    assert [len(latency.run(side).launches) for side in Side] == [5, 5]
    assert latency.verdict is LatencyVerdict.RIGHT_FASTER
    assert latency.stop_reason is StopReason.DECIDED
    assert {taken.launch for taken in latency.rounds} == set(range(5))
    assert latency.ci_low < latency.ratio < latency.ci_high < 1


def test_the_side_that_waits_is_suspended_and_nobody_is_asked_while_suspended() -> None:
    left, right = crew()
    measured(*left, *right, latency=RIGOROUS.__class__(runs=12, warmup=2, round_size=3))
    for child in (left[1], right[1]):  # asking a suspended fake fails the run
        timed = sum(isinstance(command, MeasureRound) and command.untimed > 0 for command in child.asked)
        assert child.suspensions.count("suspend") == timed + 2  # once before and once after its warm-up
        assert child.suspensions[-1] == "resume"


def test_calls_add_up_to_the_runs_asked_for_and_the_warm_up_is_apart() -> None:
    latency = measured(latency=LatencyRequest(runs=13, warmup=4, round_size=5))
    for side in Side:
        assert len(latency.durations_s(side)) == 13
        warmup = [taken for taken in latency.rounds if taken.side is side and taken.is_warmup]
        assert sum(len(taken.durations_s) for taken in warmup) >= 4


def test_without_a_number_of_runs_slow_models_get_fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duel, "_MEASURE_S", dict.fromkeys(BenchMode, 0.3))
    latency = measured(latency=LatencyRequest())
    rounds = [taken for taken in latency.rounds if taken.side is Side.LEFT and not taken.is_warmup]
    assert len(rounds) == 4  # 30 ms a call: three calls fill a round of 0.1 s


def test_every_round_and_estimate_is_told_as_it_comes() -> None:
    events = events_of(request=replace(REQUEST, latency=RIGOROUS))
    latency = completed(events).latency
    assert latency is not None
    assert latency.rounds == tuple(event.latency_round for event in only(events, LatencySampled))
    assert latency.estimates == tuple(event.estimate for event in only(events, LatencyEstimated))
    assert [taken.started_s for taken in latency.rounds] == sorted(taken.started_s for taken in latency.rounds)
    assert [estimate.launches for estimate in latency.estimates[-4:]] == [2, 3, 4, 5]


def test_progress_of_a_rigorous_duel_names_the_launch_and_only_grows() -> None:
    events = events_of(request=replace(REQUEST, latency=RIGOROUS))
    told = [event for event in only(events, Progressed) if event.stage is Stage.MEASURE]
    assert [event.fraction for event in told] == sorted(event.fraction for event in told)
    assert told[-1].text.startswith("Launch 5 (5 or more): round")


def test_the_call_path_chosen_is_the_one_that_is_timed() -> None:
    left, right = crew()
    latency = measured(*left, *right, latency=LatencyRequest(runs=6, right_path=CallPath.PREDICT))
    assert PrepareLatency(call_path="predict", batch_size=1, warmup=0, seed=0) in right[1].asked
    assert latency.right.call_path is CallPath.PREDICT


def test_a_call_path_of_the_other_framework_is_wrong_use() -> None:
    request = replace(REQUEST, latency=LatencyRequest(left_path=CallPath.PREDICT))
    assert failed(events_of(request=request)).kind is ProblemKind.WRONG_USE


def test_a_budget_that_is_spent_ends_a_duel_that_would_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mbgui.pipeline.duel.Duel._is_time_up", lambda _: True)
    latency = measured(latency=replace(RIGOROUS, budget_s=1.0))
    assert latency.stop_reason is StopReason.BUDGET
    assert len(latency.left.launches) == 1
    assert not latency.is_complete  # fewer launches than a rigorous duel takes


def test_memory_and_times_of_every_launch_are_kept() -> None:
    launch = measured(latency=LatencyRequest(runs=6)).right.launches[0]
    assert launch.import_s > 0
    assert launch.build_s > 0
    assert launch.first_call_s > 0
    assert launch.baseline_bytes is not None
    assert launch.peak_bytes is not None
    assert launch.peak_bytes > launch.baseline_bytes
    assert launch.traces == 1


def test_a_child_that_dies_in_a_round_leaves_what_was_measured(tmp_path: Path) -> None:
    left, right = crew(deaths={MeasureRound: 4})
    comparison = died(left, right, SnapshotStore(tmp_path))
    assert comparison.latency is not None
    assert not comparison.latency.is_complete
    assert comparison.latency.stop_reason is StopReason.FAILED
    assert comparison.latency.durations_s(Side.RIGHT)
    assert comparison.warnings == (f"{DEATH} Latency was measured in part only.",)
    assert [entry.title for entry in SnapshotStore(tmp_path).entries()] == ["tiny_net · TinyNet"]


@pytest.mark.parametrize("deadly", [BuildModel, PrepareLatency, MeasureRound])
def test_a_child_that_dies_before_its_first_round_leaves_no_latency(deadly: type) -> None:
    left, right = crew(deaths={deadly: 0})
    comparison = died(left, right, None)
    assert comparison.latency is None
    assert comparison.warnings == (f"{DEATH} Latency was not measured.",)


def died(left: list[FakeChild], right: list[FakeChild], store: SnapshotStore | None) -> Comparison:
    events = events_of(*left, *right, store=store)
    comparison = completed(events)
    assert [event.problem.sentence for event in only(events, Warned)] == list(comparison.warnings)
    assert all(child.was_closed for child in (left[-1], right[-1]))
    return comparison


@pytest.mark.parametrize("held", [BuildModel, PrepareLatency, MeasureRound])
def test_stopping_before_anything_is_measured_ends_the_run_within_a_second(held: type) -> None:
    left, right = crew(holds=(held,))
    events, waited_s = stopped(left, right, LatencyRequest(runs=12, round_size=3))
    assert waited_s < 1
    assert events[-1] == Cancelled()
    assert not only(events, Warned)
    assert all(child.was_closed for child in (left[-1], right[-1]))


def test_stopping_in_the_second_launch_keeps_the_first() -> None:
    left, right = crew(launches=2, holds=(MeasureRound,))
    events, waited_s = stopped(left, right, RIGOROUS)
    assert waited_s < 1
    latency = completed(events).latency
    assert latency is not None
    assert (latency.is_complete, latency.stop_reason) == (False, StopReason.STOPPED)
    assert [len(latency.run(side).launches) for side in Side] == [1, 2]  # the right one was warming up
    assert latency.right.launches[1].first_call_s > 0
    assert latency.right.launches[1].peak_bytes is None


def stopped(left: list[FakeChild], right: list[FakeChild], latency: LatencyRequest) -> tuple[list[Event], float]:
    """The events of a run that is stopped when the last child on the right waits, and the seconds that took."""
    cancel, cancelled_s = CancelToken(), list[float]()

    def cancel_when_reached() -> None:
        assert right[-1].reached.wait(10)
        cancelled_s.append(time.monotonic())
        cancel.cancel()

    thread = threading.Thread(target=cancel_when_reached)
    thread.start()
    events = events_of(*left, *right, request=replace(REQUEST, latency=latency), cancel=cancel)
    waited_s = time.monotonic() - cancelled_s[0]
    thread.join()
    return events, waited_s


def test_two_models_of_one_framework_are_launched_apart() -> None:
    children = [FakeChild(TORCH, 2) for _ in range(4)]
    completed(events_of(*children, request=replace(REQUEST, right=LEFT)))
    assert all(any(isinstance(command, MeasureRound) for command in child.asked) for child in children[2:])


def test_a_model_of_unknown_framework_is_launched_like_it_was_read() -> None:
    started: list[Framework | None] = []

    def start(framework: Framework | None, threads: int) -> FakeChild:
        started.append(framework)
        return FakeChild(framework, threads)

    pool = fake_children()
    pool._start = start
    list(compare(REQUEST, cancel=CancelToken(), children=pool, store=None))
    pool.close()
    assert started == [TORCH, KERAS, TORCH, KERAS]


def test_a_problem_of_building_is_told_as_it_is() -> None:
    problem = Problem(sentence="It does not fit.", advice="Choose a smaller one.")
    children = [FakeChild(TORCH, 2), FakeChild(TORCH, 2, failures={BuildModel: problem})]
    comparison = completed(events_of(*children))
    assert comparison.warnings == ("It does not fit. Latency was not measured.",)
