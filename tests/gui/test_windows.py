"""Several windows: opened, found again, closed one by one; they share their children, and none disturbs another."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from mbgui.domain.framework import Framework
from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.instance.handover import Handover
from mbgui.gui.item_models.roles import RECORD_ROLE
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.gui.theme import ThemeChoice
from mbgui.gui.widgets.message_bar import MessageBar
from mbgui.gui.widgets.snapshot_list import SnapshotList
from mbgui.gui.windows import Windows
from mbgui.processes.latency_messages import MeasureRound
from mbgui.processes.messages import ListModels, LoadModel
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import THREADS
from tests.support.fake_child import FakeChild
from tests.support.records import tiny_comparison

LISTED = "Saved comparisons"


class Pool:
    """The children that were started, prepared ones first."""

    def __init__(self) -> None:
        self.prepared: list[FakeChild] = []
        self.started: list[FakeChild] = []

    def start(self, framework: Framework | None, threads: int) -> FakeChild:
        found = next((child for child in self.prepared if child.framework is framework), None)
        if found is None:
            found = FakeChild(framework, threads)
        else:
            self.prepared.remove(found)
        self.started.append(found)
        return found

    @property
    def alive(self) -> list[FakeChild]:
        return [child for child in self.started if child.outcome is None]


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def windows(
    qtbot: QtBot, settings: Settings, store: SnapshotStore, calibrations: CalibrationStore, pool: Pool
) -> Iterator[Windows]:
    def make_backend() -> PipelineBackend:
        children = WarmChildren(start=pool.start)
        return PipelineBackend(children=children, store=store, sample=None, calibrations=calibrations)

    shared = Shared(settings, make_backend)
    made = Windows(shared)
    yield made
    made.close()
    made.deleteLater()
    shared.deleteLater()


@pytest.fixture
def saved(store: SnapshotStore, tmp_path: Path) -> Callable[[str], str]:
    """Saves the tiny comparison under a name; returns its path."""

    def save(name: str) -> str:
        path = tmp_path / name
        store.save(tiny_comparison(), path)
        return str(path)

    return save


def opened(qtbot: QtBot, windows: Windows, path: str = "") -> Desktop:
    """A new window that hears intents."""
    desktop = windows.open(path)
    qtbot.waitUntil(lambda: desktop.controller is not None)
    return desktop


def press_compare(desktop: Desktop) -> None:
    QTest.mouseClick(desktop.window.bar.compare_button, Qt.MouseButton.LeftButton)


def message(desktop: Desktop) -> str:
    found = desktop.window.findChild(MessageBar)
    return found.text if found is not None and found.isVisible() else ""


def comparing(qtbot: QtBot, windows: Windows, pool: Pool, *, held: type = LoadModel) -> tuple[Desktop, FakeChild]:
    """A window in the midst of a run, and the child it waits for."""
    hanging = FakeChild(Framework.PYTORCH, THREADS, holds=(held,))
    if held is MeasureRound:  # the first child reads, a fresh one is timed
        pool.prepared.append(FakeChild(Framework.PYTORCH, THREADS))
    pool.prepared.append(hanging)
    desktop = opened(qtbot, windows)
    press_compare(desktop)
    qtbot.waitUntil(hanging.reached.is_set)
    return desktop, hanging


def run_through(qtbot: QtBot, desktop: Desktop) -> None:
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.completed):
        press_compare(desktop)


def test_a_file_is_shown_in_a_window_of_its_own(qtbot: QtBot, windows: Windows, saved: Callable[[str], str]) -> None:
    first = opened(qtbot, windows)
    second = opened(qtbot, windows, saved("a.mbsnap"))
    assert windows.desktops == (first, second)
    qtbot.waitUntil(lambda: second.window.comparison is not None)
    assert first.window.comparison is None


def test_a_file_that_is_shown_brings_its_window_to_the_front(
    qtbot: QtBot, windows: Windows, saved: Callable[[str], str], tmp_path: Path
) -> None:
    first = opened(qtbot, windows, saved("a.mbsnap"))
    second = opened(qtbot, windows)
    (tmp_path / "link.mbsnap").symlink_to("a.mbsnap")
    first.window.showMinimized()
    assert windows.open(str(tmp_path / "link.mbsnap")) is first
    assert windows.desktops == (second, first)
    assert not first.window.isMinimized()


def test_a_file_that_is_still_being_opened_is_not_opened_twice(windows: Windows, saved: Callable[[str], str]) -> None:
    path = saved("a.mbsnap")
    assert windows.open(path) is windows.open(path)


def test_a_file_opened_in_place_of_another_is_found_there(
    qtbot: QtBot, windows: Windows, saved: Callable[[str], str]
) -> None:
    desktop = opened(qtbot, windows, saved("a.mbsnap"))
    desktop.window.files.open_requested.emit(saved("b.mbsnap"))
    assert windows.open(saved("b.mbsnap")) is desktop
    qtbot.waitUntil(lambda: desktop.path.endswith("b.mbsnap"))
    assert windows.open(saved("a.mbsnap")) is not desktop


def dock_paths(desktop: Desktop) -> list[str]:
    snapshots = desktop.window.findChild(SnapshotList)
    assert snapshots is not None
    model = snapshots._model
    return [model.index(row, 0).data(RECORD_ROLE).path for row in range(model.rowCount())]


@pytest.fixture
def two_kept(store: SnapshotStore) -> tuple[str, str]:
    """The paths of two kept comparisons, the newest first."""
    older, newer = (
        tiny_comparison(),
        replace(tiny_comparison(), identifier="f" * 32, created_at="2031-01-01T00:00:00+00:00"),
    )
    return str(store.keep(newer)), str(store.keep(older))


def test_a_file_that_one_window_shows_is_opened_in_no_other(
    qtbot: QtBot, windows: Windows, saved: Callable[[str], str]
) -> None:
    first, second = opened(qtbot, windows, saved("a.mbsnap")), opened(qtbot, windows)
    second.window.files.open_requested.emit(saved("a.mbsnap"))
    assert windows.desktops == (second, first)
    assert second.path == ""


def test_a_new_window_shows_the_newest_that_is_free(qtbot: QtBot, windows: Windows, two_kept: tuple[str, str]) -> None:
    paths = []
    for _ in range(3):
        desktop = opened(qtbot, windows)
        qtbot.waitUntil(lambda: dock_paths(desktop) == list(two_kept))  # noqa: B023  called before the next round
        paths.append(desktop.path)
    assert paths == [*two_kept, ""]


def test_the_dock_leads_to_the_window_that_shows_a_file(
    qtbot: QtBot, windows: Windows, two_kept: tuple[str, str]
) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    qtbot.waitUntil(lambda: second.path == two_kept[1])
    snapshots = second.window.findChild(SnapshotList)
    assert snapshots is not None
    snapshots.open_requested.emit(two_kept[0])
    assert windows.desktops == (second, first)
    assert second.path == two_kept[1]


def test_a_file_that_cannot_be_opened_is_no_file_that_is_shown(qtbot: QtBot, windows: Windows, tmp_path: Path) -> None:
    desktop = opened(qtbot, windows, str(tmp_path / "missing.mbsnap"))
    qtbot.waitUntil(lambda: "missing.mbsnap" in message(desktop))
    assert windows.open(str(tmp_path / "missing.mbsnap")) is not desktop


def test_the_menu_opens_another_window_beside_the_first(qtbot: QtBot, windows: Windows) -> None:
    first = opened(qtbot, windows)
    QTest.keyClick(first.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert len(windows.desktops) == 2
    second = windows.desktops[-1]
    assert second is not first
    assert second.window.pos() != first.window.pos()


def test_further_files_of_a_start_wait_for_the_first_window(
    qtbot: QtBot, windows: Windows, saved: Callable[[str], str]
) -> None:
    paths = (saved("a.mbsnap"), saved("b.mbsnap"), saved("c.mbsnap"))
    with qtbot.waitSignal(windows.ready):
        windows.start(paths)
        assert [desktop.path for desktop in windows.desktops] == [paths[0]]
    assert sorted(desktop.path for desktop in windows.desktops) == list(paths)


def test_a_later_start_opens_its_files_and_says_what_it_left_out(
    qtbot: QtBot, windows: Windows, saved: Callable[[str], str]
) -> None:
    opened(qtbot, windows)
    windows.take(Handover(paths=(saved("a.mbsnap"), saved("b.mbsnap")), omitted=3))
    assert len(windows.desktops) == 3
    assert "Only 2 of 5 files were opened." in message(windows.desktops[-1])


def test_a_later_start_without_a_file_brings_the_last_used_window_to_the_front(qtbot: QtBot, windows: Windows) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    first.window.activateWindow()
    qtbot.waitUntil(lambda: windows.desktops == (second, first))
    first.window.showMinimized()
    windows.take(Handover())
    assert windows.desktops == (second, first)
    assert not first.window.isMinimized()


def test_the_leave_to_come_to_the_front_is_there_for_qt_and_gone_afterwards(
    qtbot: QtBot, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []
    monkeypatch.setattr("mbgui.gui.windows._raise", lambda _: seen.append(os.environ.get("XDG_ACTIVATION_TOKEN")))
    opened(qtbot, windows)
    windows.take(Handover(activation_token="leave-1"))  # noqa: S106  a token of a desktop
    assert seen == ["leave-1"]
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


def test_a_window_that_is_closed_ends_its_own_run_and_no_other(
    qtbot: QtBot, windows: Windows, settings: Settings, pool: Pool
) -> None:
    settings.set("latency/is_measured", False)
    first, first_child = comparing(qtbot, windows, pool)
    second, second_child = comparing(qtbot, windows, pool)
    with qtbot.waitSignal(first.ended):
        first.window.close()
    assert first_child.was_closed
    assert second_child.outcome is None
    assert windows.desktops == (second,)
    assert second.controller is not None
    with qtbot.waitSignal(second.controller.completed):
        second_child.release()
    assert second.window.comparison is not None


def test_the_children_end_with_the_last_window(qtbot: QtBot, windows: Windows, pool: Pool) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    qtbot.waitUntil(lambda: len(pool.alive) == 2)
    with qtbot.waitSignal(first.ended):
        first.window.close()
    assert len(pool.alive) == 2
    with qtbot.waitSignal(windows.emptied):
        second.window.close()
    assert pool.alive == []
    assert all(child.was_closed for child in pool.started)


def test_a_closed_window_that_waits_for_a_child_does_not_keep_the_others_waiting(
    qtbot: QtBot, windows: Windows, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = FakeChild(Framework.PYTORCH, THREADS, holds=(ListModels,))
    pool.prepared.append(hanging)
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    qtbot.waitUntil(lambda: bool(pool.alive))
    assert first.controller is not None
    first.controller.list_models(THREADS)
    qtbot.waitUntil(hanging.reached.is_set)
    waited: list[Desktop] = []
    with monkeypatch.context() as patched:
        patched.setattr(Desktop, "wait", waited.append)
        first.window.close()
    assert waited == []
    assert first.controller.is_alive
    assert windows.desktops == (second,)
    with qtbot.waitSignal(first.ended):
        hanging.release()


def test_the_last_window_waits_for_those_that_were_closed_before(qtbot: QtBot, windows: Windows, pool: Pool) -> None:
    hanging = FakeChild(Framework.PYTORCH, THREADS, holds=(ListModels,))
    pool.prepared.append(hanging)
    first = opened(qtbot, windows)
    opened(qtbot, windows)
    qtbot.waitUntil(lambda: bool(pool.alive))
    controller = first.controller
    assert controller is not None
    controller.list_models(THREADS)
    qtbot.waitUntil(hanging.reached.is_set)
    first.window.close()
    windows.close()
    assert not controller.is_alive
    assert hanging.was_closed


def test_another_window_readies_no_further_children(qtbot: QtBot, windows: Windows, pool: Pool) -> None:
    first = opened(qtbot, windows)
    qtbot.waitUntil(lambda: len(pool.alive) == 2)
    second = opened(qtbot, windows)
    with qtbot.waitSignal(second.loaded):
        pass
    run_through(qtbot, first)
    assert sum(child in pool.alive for child in pool.started) == 2


def test_while_another_window_measures_no_children_are_readied(qtbot: QtBot, windows: Windows, pool: Pool) -> None:
    comparing(qtbot, windows, pool, held=MeasureRound)
    count = len(pool.started)
    other = opened(qtbot, windows)
    with qtbot.waitSignal(other.loaded):
        pass
    assert len(pool.started) == count


def test_children_are_readied_again_when_the_window_that_used_them_is_closed(
    qtbot: QtBot, windows: Windows, pool: Pool
) -> None:
    first, _ = comparing(qtbot, windows, pool)
    other = opened(qtbot, windows)
    with qtbot.waitSignal(other.loaded):
        pass
    first.window.close()
    qtbot.waitUntil(lambda: [child.framework for child in pool.alive].count(Framework.PYTORCH) == 1)


@pytest.mark.parametrize("is_measured", [True, False])
def test_no_run_begins_while_another_window_measures(
    qtbot: QtBot, windows: Windows, settings: Settings, pool: Pool, *, is_measured: bool
) -> None:
    first, child = comparing(qtbot, windows, pool, held=MeasureRound)
    settings.set("latency/is_measured", is_measured)
    other = opened(qtbot, windows)
    press_compare(other)
    assert "Another window is measuring torchvision:mobilenet_v2 and keras:MobileNetV2." in message(other)
    assert other.controller is not None
    assert not other.controller.is_running
    assert first.controller is not None
    with qtbot.waitSignal(first.controller.completed):
        child.release()
    run_through(qtbot, other)


def test_nothing_is_measured_while_another_window_compares(
    qtbot: QtBot, windows: Windows, settings: Settings, pool: Pool
) -> None:
    settings.set("latency/is_measured", False)
    comparing(qtbot, windows, pool)
    settings.set("latency/is_measured", True)
    other = opened(qtbot, windows)
    press_compare(other)
    assert "Another window is comparing" in message(other)
    other.window.hide_message()
    other.window.menus.calibrate.trigger()
    assert "Another window is comparing" in message(other)


def test_two_windows_compare_at_the_same_time(qtbot: QtBot, windows: Windows, settings: Settings, pool: Pool) -> None:
    settings.set("latency/is_measured", False)
    comparing(qtbot, windows, pool)
    run_through(qtbot, opened(qtbot, windows))


def test_what_one_window_keeps_or_deletes_the_others_list(qtbot: QtBot, windows: Windows, store: SnapshotStore) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    run_through(qtbot, first)
    (listed,) = (found for found in second.window.findChildren(QListView) if found.accessibleName() == LISTED)
    qtbot.waitUntil(lambda: listed.model().rowCount() == 1)
    assert first.controller is not None
    first.controller.delete(store.entries()[0].path)
    qtbot.waitUntil(lambda: listed.model().rowCount() == 0)


def test_an_error_that_nothing_catches_is_shown_in_the_last_used_window(
    qtbot: QtBot, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    with qtbot.captureExceptions() as caught:
        for module, name in ((sys, "excepthook"), (threading, "excepthook")):
            monkeypatch.setattr(module, name, getattr(module, name))  # put back, whatever is installed now
        windows.watch_faults()
        first.window.pages.page_built.connect(_fail)
        first.window.pages.page_built.emit(0)
        first.window.pages.page_built.disconnect(_fail)
        monkeypatch.undo()
    assert len(caught) == 1
    qtbot.waitUntil(lambda: "RuntimeError: broken slot" in message(second))
    assert second.window.bar.compare_button.isEnabled()


def _fail() -> None:
    raise RuntimeError("broken slot")


def test_a_theme_that_is_chosen_is_marked_in_every_window(qtbot: QtBot, windows: Windows) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    first.window.menus.theme_chosen.emit(ThemeChoice.DARK)
    for desktop in (first, second):
        marked = [action.isChecked() for action in desktop.window.menus._themes.values()]
        assert marked == [choice is ThemeChoice.DARK for choice in desktop.window.menus._themes]
    first.window.menus.theme_chosen.emit(ThemeChoice.SYSTEM)


def test_files_opened_in_one_window_are_offered_in_the_others(
    qtbot: QtBot, windows: Windows, saved: Callable[[str], str]
) -> None:
    first = opened(qtbot, windows)
    second = opened(qtbot, windows, saved("a.mbsnap"))
    qtbot.waitUntil(lambda: second.window.comparison is not None)
    first.window.menus.file_menu.aboutToShow.emit()
    assert [action.text() for action in first.window.menus.recent_menu.actions()] == ["a.mbsnap"]


def test_models_listed_for_one_window_are_offered_in_all(qtbot: QtBot, windows: Windows) -> None:
    first, second = opened(qtbot, windows), opened(qtbot, windows)
    assert first.controller is not None
    first.controller.list_models(THREADS)
    picker = second.window.bar.left_picker
    qtbot.waitUntil(lambda: picker.count() == 2)


def test_close_takes_one_window_and_quit_all(qtbot: QtBot, windows: Windows) -> None:
    for _ in range(3):
        opened(qtbot, windows)
    last = windows.desktops[-1]
    QTest.keyClick(last.window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert len(windows.desktops) == 2
    other = windows.desktops[0]
    other.window.activateWindow()
    qtbot.waitUntil(other.window.isActiveWindow)
    QTest.keyClick(other.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not windows.desktops
