"""Long work runs in slices; new work takes the place of old."""

from collections.abc import Iterator
from time import perf_counter

from pytestqt.qtbot import QtBot

from mbgui.gui.widgets.sliced_task import SlicedTask


def _steps(log: list[str], name: str, *, count: int, step_s: float = 0.0) -> Iterator[None]:
    for _ in range(count):
        end = perf_counter() + step_s
        while perf_counter() < end:
            pass
        yield
    log.append(name)


def test_short_work_is_done_at_once(qtbot: QtBot) -> None:
    log: list[str] = []
    task = SlicedTask()
    with qtbot.waitSignal(task.finished):
        task.run(_steps(log, "short", count=3))
        assert log == ["short"]
    assert not task.is_running


def test_long_work_gives_the_window_its_turn(qtbot: QtBot) -> None:
    log: list[str] = []
    task = SlicedTask()
    with qtbot.waitSignal(task.finished):
        started = perf_counter()
        task.run(_steps(log, "long", count=20, step_s=0.005))
        assert perf_counter() - started < 0.08
        assert task.is_running
        assert log == []
    assert log == ["long"]


def test_new_work_takes_the_place_of_old(qtbot: QtBot) -> None:
    log: list[str] = []
    task = SlicedTask()
    task.run(_steps(log, "old", count=20, step_s=0.005))
    with qtbot.waitSignal(task.finished):
        task.run(_steps(log, "new", count=20, step_s=0.005))
    assert log == ["new"]


def test_stopped_work_never_ends(qtbot: QtBot) -> None:
    log: list[str] = []
    task = SlicedTask()
    task.run(_steps(log, "stopped", count=20, step_s=0.005))
    task.stop()
    assert not task.is_running
    with qtbot.assertNotEmitted(task.finished, wait=50):
        pass
    assert log == []


def test_finish_does_all_that_is_left_at_once(qtbot: QtBot) -> None:
    task, log = SlicedTask(), list[str]()
    task.run(_steps(log, "all", count=3, step_s=0.02))
    assert not log, "one slice is not enough"
    with qtbot.waitSignal(task.finished):
        task.finish()
    assert log == ["all"]
    assert not task.is_running
