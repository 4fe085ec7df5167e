"""The events of a comparison: their order, and that one of them is always the last."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from mbgui.analysis import structure
from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem, ProblemKind, Remedy
from mbgui.domain.events import (
    Cancelled,
    Completed,
    Event,
    Failed,
    FrameworkReady,
    LatencySampled,
    NetworkRead,
    Progressed,
    Stage,
    StageFinished,
    StageStarted,
    StructureCompared,
    Warned,
)
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.input_shape import InputOrigin, InputShape
from mbgui.domain.network import Network, TensorSpec
from mbgui.domain.request import CompareRequest, LatencyRequest, ReadingLimits, Side, Weights
from mbgui.domain.source import ModelSource, SourceKind, WeightsFile
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare
from mbgui.processes.client import ANSWER_TIMEOUT_S
from mbgui.processes.messages import Command, LoadModel, ModelLoaded, Ready, Reply
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.store import SnapshotStore
from tests.support.fake_child import AnswerT, FakeChild, fake_children

LEFT = ModelSource(kind=SourceKind.TORCHVISION, name="tiny_net")
RIGHT = ModelSource(kind=SourceKind.KERAS, name="TinyNet")
LATENCY = LatencyRequest(runs=12, warmup=2, round_size=5)
REQUEST = CompareRequest(left=LEFT, right=RIGHT, threads=2, latency=LATENCY)
FINAL = (Completed, Failed, Cancelled)
TORCH, KERAS = Framework.PYTORCH, Framework.KERAS
EventT = TypeVar("EventT")
PROBLEM = Problem(sentence="There is no such model.", kind=ProblemKind.WRONG_USE, advice="Try another.")


def events_of(
    *prepared: FakeChild,
    request: CompareRequest = REQUEST,
    cancel: CancelToken | None = None,
    store: SnapshotStore | None = None,
) -> list[Event]:
    """All events of a run; whatever happens, the last one alone is final."""
    children = fake_children(*prepared)
    events = list(compare(request, cancel=cancel or CancelToken(), children=children, store=store))
    children.close()
    assert [isinstance(event, FINAL) for event in events] == [False] * (len(events) - 1) + [True]
    return events


def only(events: list[Event], kind: type[EventT]) -> list[EventT]:
    return [event for event in events if isinstance(event, kind)]


def completed(events: list[Event]) -> Comparison:
    assert isinstance(events[-1], Completed), events[-1]
    return events[-1].comparison


def failed(events: list[Event]) -> Problem:
    assert isinstance(events[-1], Failed), events[-1]
    return events[-1].problem


def test_stages_follow_each_other_and_each_one_ends(tmp_path: Path) -> None:
    events = events_of(store=SnapshotStore(tmp_path))
    stages = [event for event in events if isinstance(event, StageStarted | StageFinished)]
    expected = [Stage.START, Stage.READ, Stage.COMPARE, Stage.MEASURE, Stage.SAVE]  # nothing else was asked for
    assert [event.stage for event in stages] == [stage for stage in expected for _ in range(2)]
    assert [type(event) for event in stages] == [StageStarted, StageFinished] * len(expected)
    assert [stage.stage for stage in completed(events).stages] == expected[:-1]


def test_what_is_found_comes_in_order() -> None:
    events = events_of()
    kinds = (FrameworkReady, NetworkRead, StructureCompared, LatencySampled, Completed)
    order = [kinds.index(type(event)) for event in events if isinstance(event, kinds)]
    for side in Side:
        ready = next(i for i, event in enumerate(events) if isinstance(event, FrameworkReady) and event.side is side)
        read = next(i for i, event in enumerate(events) if isinstance(event, NetworkRead) and event.side is side)
        assert ready < read
    assert order[4:] == sorted(order[4:])
    assert order.count(1) == 2


def test_a_comparison_holds_what_the_children_and_the_analysis_said() -> None:
    comparison = completed(events_of())
    assert comparison.left.source == LEFT
    assert comparison.right.source == RIGHT
    assert [version.name for version in comparison.environment.versions] == [
        "torch",
        "torchvision",
        "tensorflow",
        "keras",
    ]
    assert comparison.environment.threads == 2
    assert comparison.environment.processor
    assert comparison.differences
    assert comparison.warnings == ()
    assert comparison.latency is not None
    assert comparison.latency.is_complete
    assert comparison.latency.ratio == pytest.approx(2 / 3, rel=0.01)
    assert (comparison.latency.left.call_path, comparison.latency.right.call_path) == (
        CallPath.EAGER,
        CallPath.TF_FUNCTION,
    )
    assert len(comparison.latency.left.launches) == 1


def test_structure_is_known_before_latency_is_measured() -> None:
    events = events_of()
    structure = only(events, StructureCompared)[0].comparison
    assert structure.latency is None
    final = completed(events)
    assert replace(final, latency=None, stages=()) == replace(structure, stages=())


def test_the_children_are_asked_what_was_requested() -> None:
    left, right = FakeChild(TORCH, 2), FakeChild(KERAS, 2)
    latency = replace(LATENCY, right_path=CallPath.PREDICT)
    inputs = (InputShape(sizes=(32, 48)),)
    request = replace(REQUEST, inputs=inputs, batch_size=3, seed=5, latency=latency)
    events_of(left, right, request=request)
    assert left.asked[0] == LoadModel(
        source=LEFT,
        inputs=inputs,
        batch_size=3,
        weights=Weights.NONE,
        seed=5,
        code_folders=(),
        limits=ReadingLimits(),
    )
    assert len(left.asked) == len(right.asked) == 1  # what is timed runs in processes of its own


def test_progress_only_grows_within_a_stage() -> None:
    for stage in Stage:
        fractions = [event.fraction for event in only(events_of(), Progressed) if event.stage is stage]
        assert fractions == sorted(fractions)
        assert all(0 <= fraction <= 1 for fraction in fractions)


def test_without_latency_no_child_is_timed() -> None:
    left = FakeChild(TORCH, 2)
    events = events_of(left, request=replace(REQUEST, latency=None))
    assert completed(events).latency is None
    assert [type(command) for command in left.asked] == [LoadModel]


def test_two_models_of_one_framework_get_a_child_each() -> None:
    left, right = FakeChild(TORCH, 2), FakeChild(TORCH, 2)
    completed(events_of(left, right, request=replace(REQUEST, right=LEFT)))
    assert left.asked
    assert right.asked


def test_a_warm_child_costs_no_import() -> None:
    children = fake_children(FakeChild(TORCH, 2, is_ready=True))
    events = list(compare(REQUEST, cancel=CancelToken(), children=children, store=None))
    assert {event.side: event.import_s for event in only(events, FrameworkReady)} == {Side.LEFT: 0.0, Side.RIGHT: 1.5}


def test_both_children_are_free_again_when_the_last_event_comes() -> None:
    left, right = FakeChild(TORCH, 2), FakeChild(KERAS, 2)
    children = fake_children(left, right)
    last = None
    for event in compare(REQUEST, cancel=CancelToken(), children=children, store=None):
        last = event
        if isinstance(event, FINAL):
            assert children.take(TORCH, 2) is left
            assert children.take(KERAS, 2) is right
    assert isinstance(last, Completed)


@pytest.mark.parametrize("failing", [LoadModel, Ready])
def test_one_side_that_fails_leaves_the_other_one_read(failing: type) -> None:
    events = events_of(FakeChild(TORCH, 2, failures={failing: PROBLEM}))
    assert [event.side for event in only(events, NetworkRead)] == [Side.RIGHT]
    assert failed(events) == PROBLEM


def test_a_side_that_fails_while_the_other_is_still_busy_waits_for_it() -> None:
    right = FakeChild(KERAS, 2, holds=(LoadModel,))
    threading.Thread(target=release_when_reached, args=(right,)).start()
    events = events_of(FakeChild(TORCH, 2, failures={Ready: PROBLEM}), right)
    assert [event.side for event in only(events, NetworkRead)] == [Side.RIGHT]
    assert failed(events) == PROBLEM


def release_when_reached(child: FakeChild) -> None:
    assert child.reached.wait(5)
    child.release()


def test_two_sides_that_fail_are_told_in_one_problem_each_by_its_name() -> None:
    other = Problem(sentence="Keras cannot be used.", advice="Install it.")
    events = events_of(FakeChild(TORCH, 2, failures={LoadModel: PROBLEM}), FakeChild(KERAS, 2, failures={Ready: other}))
    assert failed(events).sentence == "Left: There is no such model. Right: Keras cannot be used."
    assert failed(events).advice == "Left: Try another. Right: Install it."


def test_a_child_that_dies_while_it_reads_fails_the_comparison() -> None:
    events = events_of(FakeChild(TORCH, 2, deaths={LoadModel: 0}))
    assert failed(events).sentence == "The PyTorch process was killed by signal 9 (out of memory?)."
    assert only(events, NetworkRead)


def test_a_finished_comparison_is_kept(tmp_path: Path) -> None:
    events = events_of(store=SnapshotStore(tmp_path))
    last = events[-1]
    assert isinstance(last, Completed)
    assert SnapshotStore(tmp_path).open(Path(last.snapshot_path)) == last.comparison


def test_a_disk_that_refuses_the_snapshot_costs_only_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where the folder is to be")
    events = events_of(store=SnapshotStore(tmp_path / "occupied"))
    last = events[-1]
    assert isinstance(last, Completed)
    assert last.snapshot_path == ""
    assert "not kept on disk" in only(events, Warned)[0].problem.sentence


@pytest.mark.parametrize("held", [Ready, LoadModel])
def test_cancel_ends_every_stage_within_a_second(held: type) -> None:
    child = FakeChild(KERAS, 2, holds=(held,))
    cancel, cancelled_s = CancelToken(), list[float]()
    threading.Thread(target=cancel_when_reached, args=(child, cancel, cancelled_s)).start()
    events = events_of(child, cancel=cancel)
    assert time.monotonic() - cancelled_s[0] < 1
    assert events[-1] == Cancelled()
    assert not only(events, Warned)
    assert child.was_closed


def test_a_run_cancelled_when_its_structure_is_known_keeps_nothing(tmp_path: Path) -> None:
    cancel, children = CancelToken(), fake_children()
    events: list[Event] = []
    request = replace(REQUEST, latency=None)
    for event in compare(request, cancel=cancel, children=children, store=SnapshotStore(tmp_path)):
        events.append(event)
        if isinstance(event, StructureCompared):
            cancel.cancel()
    children.close()
    assert events[-1] == Cancelled()
    assert not list(tmp_path.iterdir())


def cancel_when_reached(child: FakeChild, cancel: CancelToken, cancelled_s: list[float]) -> None:
    assert child.reached.wait(5)
    cancelled_s.append(time.monotonic())
    cancel.cancel()


def test_a_run_cancelled_before_it_starts_asks_for_no_child() -> None:
    cancel = CancelToken()
    cancel.cancel()
    assert events_of(cancel=cancel) == [Cancelled()]


def test_children_ended_with_the_app_count_as_cancelled() -> None:
    child = FakeChild(KERAS, 2, holds=(LoadModel,))
    children = fake_children(child)
    threading.Thread(target=close_when_reached, args=(child, children)).start()
    events = list(compare(REQUEST, cancel=CancelToken(), children=children, store=None))
    assert events[-1] == Cancelled()


def close_when_reached(child: FakeChild, children: WarmChildren) -> None:
    assert child.reached.wait(5)
    children.close()


def test_a_listener_that_goes_away_leaves_no_busy_child_and_no_thread() -> None:
    child = FakeChild(KERAS, 2, holds=(LoadModel,))
    before = set(threading.enumerate())
    events = compare(REQUEST, cancel=CancelToken(), children=fake_children(child), store=None)
    next(event for event in events if isinstance(event, NetworkRead))
    close(events)
    assert child.was_closed
    assert set(threading.enumerate()) <= before


def close(events: Iterator[Event]) -> None:
    events.close()  # type: ignore[attr-defined]


def test_wrong_use_is_found_before_any_child_is_taken() -> None:
    def refuse(framework: Framework | None, threads: int) -> FakeChild:
        raise AssertionError("a child was started")

    request = replace(REQUEST, latency=replace(LATENCY, runs=-1))
    events = list(compare(request, cancel=CancelToken(), children=WarmChildren(refuse), store=None))
    assert failed(events).kind is ProblemKind.WRONG_USE


def test_a_process_that_cannot_be_started_fails_the_run() -> None:
    def refuse(framework: Framework | None, threads: int) -> FakeChild:
        raise MbguiError(PROBLEM)

    events = list(compare(REQUEST, cancel=CancelToken(), children=WarmChildren(refuse), store=None))
    assert events == [Failed(problem=PROBLEM)]


def test_a_fault_of_the_program_itself_still_ends_in_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(left: object, right: object, corrections: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(structure, "compare_structure", stumble)
    problem = failed(events_of())
    assert "ZeroDivisionError: oops" in problem.sentence
    assert "Traceback" in problem.detail


class Sized(FakeChild):
    """Reads a model at the size it is asked for, else at its own, for the reason given."""

    def __init__(self, framework: Framework, size: int, origin: InputOrigin) -> None:
        super().__init__(framework, 2)
        self._size = size
        self._origin = origin

    def network(self, command: LoadModel) -> Network:
        height = width = self._size
        if command.inputs:
            height, width = command.inputs[0].sizes
        is_torch = self.framework is TORCH
        shape = (1, 3, height, width) if is_torch else (1, height, width, 3)
        origin = InputOrigin.GIVEN if command.inputs else self._origin
        return replace(
            super().network(command), inputs=(TensorSpec(shape=shape, dtype="float32"),), input_origin=origin
        )


def test_a_side_is_read_again_at_the_size_that_the_other_one_cannot_do_without() -> None:
    left, right = Sized(TORCH, 224, InputOrigin.STATED), Sized(KERAS, 160, InputOrigin.FIXED)
    comparison = completed(events_of(left, right))
    assert comparison.left.inputs[0].shape == (1, 3, 160, 160)
    assert comparison.right.inputs[0].shape == (1, 160, 160, 3)
    loads = [command.inputs for command in left.asked if isinstance(command, LoadModel)]
    assert loads == [(), (InputShape(sizes=(160, 160)),)]


def test_sides_that_cannot_agree_on_a_size_are_told_of() -> None:
    left, right = Sized(TORCH, 224, InputOrigin.FIXED), Sized(KERAS, 160, InputOrigin.FIXED)
    events = events_of(left, right)
    assert len(only(events, Warned)) == 1
    (warning,) = completed(events).warnings
    assert "224×224 (left) and 160×160 (right)" in warning


def test_a_size_that_the_user_named_is_kept_whatever_the_sides_state() -> None:
    left, right = Sized(TORCH, 224, InputOrigin.STATED), Sized(KERAS, 160, InputOrigin.FIXED)
    events_of(left, right, request=replace(REQUEST, inputs=(InputShape(sizes=(96, 96)),)))
    assert [len([command for command in child.asked if isinstance(command, LoadModel)]) for child in (left, right)] == [
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("source", "framework"),
    [
        (ModelSource(kind=SourceKind.PYTHON, name="net:make"), None),
        (ModelSource(kind=SourceKind.FILE, name="/w/net.pt2"), TORCH),
        (ModelSource(kind=SourceKind.FILE, name="/w/net.safetensors"), None),
        (replace(LEFT, weights=WeightsFile(path="/w/a.pth")), TORCH),
    ],
)
def test_a_child_that_ran_code_or_read_a_file_is_not_kept(source: ModelSource, framework: Framework | None) -> None:
    left = FakeChild(framework, 2)
    children = fake_children(left)
    request = replace(REQUEST, left=source)
    final = list(compare(request, cancel=CancelToken(), children=children, store=None))[-1]
    assert isinstance(final, Completed)
    assert final.comparison.left.source == source
    assert left.was_closed
    children.close()


def test_a_child_that_may_have_read_pretrained_weights_from_a_cache_is_not_kept() -> None:
    left = FakeChild(TORCH, 2)
    children = fake_children(left)
    request = replace(REQUEST, weights=Weights.IMAGENET)
    assert isinstance(list(compare(request, cancel=CancelToken(), children=children, store=None))[-1], Completed)
    assert left.was_closed
    children.close()


def test_a_child_cannot_lead_to_another_model_by_a_remedy_or_by_the_name_of_its_network() -> None:
    forged = Remedy(title="Click me", replaces=LEFT.reference, reference="subprocess:getoutput?cmd=true")
    problem = replace(PROBLEM, remedies=(forged,))
    assert failed(events_of(FakeChild(TORCH, 2, failures={LoadModel: problem}))).remedies == ()

    class Lying(FakeChild):
        def _answer(self, command: Command) -> Reply:
            reply = super()._answer(command)
            source = ModelSource(kind=SourceKind.PYTHON, name="subprocess:getoutput")
            if isinstance(reply, ModelLoaded):
                return replace(reply, network=replace(reply.network, source=source))
            return reply

    assert completed(events_of(Lying(TORCH, 2))).left.source == LEFT


def test_only_reading_a_file_has_a_limit_of_time() -> None:
    limits = ReadingLimits(duration_s=7)
    own = Timed(None)
    file = Timed(TORCH)
    for child, source in (
        (own, ModelSource(kind=SourceKind.PYTHON, name="net:make")),
        (file, ModelSource(kind=SourceKind.FILE, name="/w/net.pt2")),
    ):
        events_of(child, request=replace(REQUEST, left=source, limits=limits))
    assert own.timeouts_s == [ANSWER_TIMEOUT_S]
    assert file.timeouts_s == [7]


class Timed(FakeChild):
    """Keeps how long each model may take."""

    def __init__(self, framework: Framework | None) -> None:
        super().__init__(framework, 2)
        self.timeouts_s: list[float] = []

    def ask(self, command: Command, answer: type[AnswerT], timeout_s: float = ANSWER_TIMEOUT_S) -> AnswerT:
        if isinstance(command, LoadModel):
            self.timeouts_s.append(timeout_s)
        return super().ask(command, answer, timeout_s)


def test_a_call_path_of_another_framework_than_the_code_turned_out_to_have_is_a_warning() -> None:
    latency = replace(LATENCY, left_path=CallPath.PREDICT)
    source = ModelSource(kind=SourceKind.PYTHON, name="net:make")
    comparison = completed(events_of(FakeChild(None, 2), request=replace(REQUEST, left=source, latency=latency)))
    assert comparison.latency is None
    assert comparison.warnings[0].startswith("net:make cannot be called by “predict”.")
