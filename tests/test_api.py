"""The Python face."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mbgui import api
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import Completed, Event, StructureCompared
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import LatencyVerdict
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.requests import build_request
from mbgui.processes.latency_messages import BuildModel
from mbgui.processes.messages import LoadModel
from mbgui.snapshots.calibrations import CalibrationStore, default_calibrations_path
from mbgui.snapshots.store import default_folder
from tests.support.fake_child import FakeChild, fake_children
from tests.support.records import tiny_model_file

LEFT, RIGHT = "torchvision:tiny_net", "keras:TinyNet"
UsePrepared = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> UsePrepared:
    """Have the prepared fake children take the place of processes."""

    def use_children(*prepared: FakeChild) -> None:
        monkeypatch.setattr(api, "WarmChildren", lambda: fake_children(*prepared))

    return use_children


def test_compare_returns_the_finished_comparison_and_ends_its_children(use: UsePrepared) -> None:
    left = FakeChild(Framework.PYTORCH, 1)
    use(left)
    comparison = api.compare(LEFT, RIGHT, runs=4, threads=1)
    assert comparison.title == "tiny_net · TinyNet"
    assert comparison.latency is not None
    assert comparison.latency.left_summary.count == 4
    assert left.was_closed


def test_bench_returns_the_latency_and_keeps_nothing(use: UsePrepared) -> None:
    use()
    latency = api.bench(LEFT, RIGHT, runs=12, threads=1, left_path="channels_last")
    assert latency.verdict in tuple(LatencyVerdict)
    assert (latency.left.call_path, latency.left_summary.count) == (CallPath.CHANNELS_LAST, 12)
    assert not default_folder().exists()


def test_bench_raises_where_latency_cannot_be_measured_and_says_why(use: UsePrepared) -> None:
    problem = Problem(sentence="It ran out of memory.")
    use(FakeChild(Framework.KERAS, 1), FakeChild(Framework.KERAS, 1, failures={BuildModel: problem}))
    with pytest.raises(MbguiError, match="Latency could not be measured") as caught:
        api.bench(LEFT, RIGHT, runs=12, threads=1)
    assert caught.value.problem.advice.startswith("It ran out of memory.")


def test_calibrate_returns_what_it_keeps_and_bench_refers_to_it(use: UsePrepared) -> None:
    use()
    calibrations = api.calibrate(LEFT, RIGHT, launches=3, threads=1)
    assert [found.model for found in calibrations] == [LEFT, RIGHT]
    assert set(CalibrationStore(default_calibrations_path()).known()) == set(calibrations)
    floor = api.bench(LEFT, RIGHT, runs=12, threads=1).noise_floor
    assert floor is not None
    assert floor.calibrated_at == calibrations[0].created_at


def test_calibrate_with_too_few_launches_is_wrong_use() -> None:
    with pytest.raises(MbguiError) as caught:
        api.calibrate(LEFT, RIGHT, launches=2, threads=1)
    assert caught.value.problem.kind is ProblemKind.WRONG_USE


def test_a_failure_is_raised_as_it_reads(use: UsePrepared) -> None:
    problem = Problem(sentence="There is no such model.")
    use(FakeChild(Framework.PYTORCH, 1, failures={LoadModel: problem}))
    with pytest.raises(MbguiError) as caught:
        api.compare(LEFT, RIGHT)
    assert caught.value.problem == problem


def test_wrong_use_is_raised_before_anything_starts() -> None:
    with pytest.raises(MbguiError, match="does not say where the model comes from"):
        api.compare("resnet18")


def test_events_are_told_on_the_way(use: UsePrepared) -> None:
    use()
    events: list[Event] = []
    completed = api.run(build_request(LEFT, RIGHT, {}), on_event=events.append)
    assert events[-1] == completed
    assert isinstance(completed, Completed)
    assert any(isinstance(event, StructureCompared) for event in events)


def test_a_cancelled_run_is_raised_as_such(use: UsePrepared) -> None:
    use()
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(MbguiError) as caught:
        api.run(build_request(LEFT, RIGHT, {}), cancel=cancel)
    assert caught.value.problem.kind is ProblemKind.CANCELLED


def test_inspect_tells_what_is_in_a_file_and_ends_its_child(use: UsePrepared) -> None:
    child = FakeChild(None, 1)
    use(child)
    file = api.inspect("weights/tiny.pth")
    assert file == replace(tiny_model_file(), path=str(Path("weights/tiny.pth").absolute()))
    assert child.was_closed
