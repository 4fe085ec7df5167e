"""The Python face."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mbgui import api
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import Completed, Event, StructureCompared
from mbgui.domain.framework import Framework
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.requests import build_request
from mbgui.processes.messages import LoadModel
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
