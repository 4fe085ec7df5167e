"""The controller hands looks into files to their own thread, and ends them all when it closes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mbgui.domain.errors import Problem, ProblemKind
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import ReadingLimits
from mbgui.gui.compare_worker import CompareWorker
from mbgui.gui.controller import Controller
from mbgui.gui.file_worker import FileWorker
from mbgui.gui.inspect_worker import InspectWorker
from mbgui.gui.warm_worker import WarmWorker
from mbgui.pipeline.cancel import CancelToken
from mbgui.snapshots.store import SnapshotStore
from tests.support.records import tiny_model_file

LIMITS = ReadingLimits()


class Looking:
    """Waits in a file called “slow” until it is cancelled, and finds the tiny file in every other."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.threads: set[str] = set()

    def inspect(self, path: str, cancel: CancelToken, limits: ReadingLimits) -> ModelFile:
        del limits
        self.threads.add(threading.current_thread().name)
        stopped = threading.Event()
        cancel.add_callback(stopped.set)
        if path == "slow":
            self.reached.set()
            assert stopped.wait(10), "nobody cancelled"
        cancel.raise_if_cancelled()
        return tiny_model_file()


@pytest.fixture
def looking() -> Looking:
    return Looking()


@pytest.fixture
def controller(qapp: object, tmp_path: Path, looking: Looking) -> Iterator[Controller]:
    made = Controller(
        CompareWorker(*[lambda *_: iter(())] * 3),
        FileWorker(SnapshotStore(tmp_path), None),
        WarmWorker(lambda *_: None, lambda *_: ()),
        InspectWorker(looking.inspect),
    )
    yield made
    made.close()


def test_what_is_found_comes_with_the_number_it_was_asked_under(qtbot: QtBot, controller: Controller) -> None:
    with qtbot.waitSignal(controller.inspected) as found:
        controller.inspect(7, "quick", LIMITS)
    assert found.args == [7, tiny_model_file()]


def test_one_look_is_cancelled_and_the_next_goes_on(qtbot: QtBot, controller: Controller, looking: Looking) -> None:
    controller.inspect(1, "slow", LIMITS)
    controller.inspect(2, "quick", LIMITS)
    qtbot.waitUntil(looking.reached.is_set)
    with qtbot.waitSignals([controller.inspect_failed, controller.inspected]):
        controller.stop_inspecting(1)


def test_closing_ends_a_look_that_is_under_way_and_those_that_wait(
    qtbot: QtBot, controller: Controller, looking: Looking
) -> None:
    heard: list[tuple[int, object]] = []
    controller.inspect_failed.connect(lambda number, problem: heard.append((number, problem)))
    controller.inspect(1, "slow", LIMITS)
    controller.inspect(2, "slow", LIMITS)
    qtbot.waitUntil(looking.reached.is_set)
    controller.close()
    assert not controller.is_alive
    qtbot.waitUntil(lambda: bool(heard))
    problem = heard[0][1]
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.CANCELLED
