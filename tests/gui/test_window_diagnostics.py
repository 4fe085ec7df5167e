"""What the window tells of logs, of crashes, and of what cannot be kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mbgui.gui.backend import PipelineBackend
from mbgui.gui.desktop import Desktop
from mbgui.gui.diagnostics.log_file import LogFile, log_folder
from mbgui.gui.diagnostics.recorder import Recorder
from mbgui.gui.session import _record
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.gui.widgets.about_dialog import AboutDialog
from mbgui.gui.widgets.message_bar import MessageBar
from mbgui.gui.windows import Windows
from mbgui.snapshots.calibrations import CalibrationStore
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import OpenDesktop
from tests.gui.diagnostics.conftest import own_hooks as own_hooks  # noqa: PLC0414  a fixture
from tests.gui.diagnostics.conftest import text_of
from tests.gui.diagnostics.test_crash_reports import GONE, leave_trace
from tests.support.fake_child import fake_children


@pytest.fixture
def recorder(qtbot: QtBot, settings: Settings, own_hooks: None) -> Iterator[Recorder]:
    with Recorder(settings.file) as made:
        yield made
    made.deleteLater()


@pytest.fixture
def windows(
    recorder: Recorder, settings: Settings, store: SnapshotStore, calibrations: CalibrationStore
) -> Iterator[Windows]:
    """The windows of a session that keeps a log."""

    def make_backend() -> PipelineBackend:
        return PipelineBackend(children=fake_children(), store=store, sample=None, calibrations=calibrations)

    shared = Shared(settings, make_backend)
    made = Windows(shared)
    _record(recorder, made)
    yield made
    made.close()
    for leftover in (made, shared):
        leftover.deleteLater()


def message(desktop: Desktop) -> str:
    found = desktop.window.findChild(MessageBar)
    return found.text if found is not None and found.isVisible() else ""


def wait_for_message(qtbot: QtBot, desktop: Desktop, text: str) -> None:
    def is_told() -> None:
        assert text in message(desktop)

    qtbot.waitUntil(is_told)


@pytest.fixture
def shown_urls(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """What the desktop is asked to open; it does."""
    urls: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        urls.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return urls


def test_a_crash_is_told_with_a_way_to_its_report(qtbot: QtBot, windows: Windows, shown_urls: list[QUrl]) -> None:
    leave_trace(log_folder(), GONE, "Fatal Python error: Segmentation fault\n")
    desktop = windows.open()
    wait_for_message(qtbot, desktop, "a segmentation fault in native code.")
    (report,) = log_folder().glob("crash-*.txt")
    assert report.name in message(desktop)
    buttons = [button for button in desktop.window.findChildren(QPushButton) if "log" in button.text()]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert shown_urls == [QUrl.fromLocalFile(str(log_folder()))]


def test_a_crash_is_told_in_another_window_where_the_first_is_closed_before_it_is_loaded(
    qtbot: QtBot, windows: Windows
) -> None:
    leave_trace(log_folder(), GONE, "Fatal Python error: Segmentation fault\n")
    first, second = windows.open(), windows.open()
    first.window.close()
    wait_for_message(qtbot, second, "a segmentation fault in native code.")


def test_what_cannot_be_kept_is_told_and_a_comparison_made_all_the_same(
    qtbot: QtBot, windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: SnapshotStore
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file" / "data"))
    store.folder = tmp_path / "file" / "data" / "snapshots"
    desktop = windows.open()
    wait_for_message(qtbot, desktop, "Comparisons cannot be kept: not a directory.")
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.completed):
        desktop.window.start_comparison()
    assert desktop.window.comparison is not None
    assert "The comparison was not kept on disk." in message(desktop)
    assert "Something unexpected" not in message(desktop)
    assert "The comparison was not kept on disk." in text_of(LogFile(log_folder()))


def test_runs_of_every_window_are_in_the_log(qtbot: QtBot, windows: Windows, recorder: Recorder) -> None:
    with qtbot.waitSignals([recorder.opened, windows.ready]):
        windows.open()
    with qtbot.waitSignal(windows.begun):
        windows.open()
    for desktop in windows.desktops:
        assert desktop.controller is not None
        with qtbot.waitSignal(desktop.controller.completed):
            desktop.window.start_comparison()
    logged = text_of(LogFile(log_folder()))
    assert logged.count("A comparison began: torchvision:mobilenet_v2 and keras:MobileNetV2") == 2
    assert logged.count("The run ended well") == 2


def test_the_folder_of_logs_is_shown_from_the_menu(
    qtbot: QtBot, open_desktop: OpenDesktop, shown_urls: list[QUrl]
) -> None:
    log_folder().mkdir(parents=True)
    desktop = open_desktop()
    desktop.window.menus.show_logs.trigger()
    assert shown_urls == [QUrl.fromLocalFile(str(log_folder()))]
    assert message(desktop) == ""


def test_a_folder_that_nothing_can_show_is_named(
    qtbot: QtBot, open_desktop: OpenDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: QUrl) -> bool:
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", refuse)
    desktop = open_desktop()
    desktop.window.menus.show_logs.trigger()
    assert f"There are no logs: {log_folder()} is no folder." in message(desktop)
    log_folder().mkdir(parents=True)
    desktop.window.menus.show_logs.trigger()
    assert f"The logs are in {log_folder()}." in message(desktop)


def test_about_opens_from_the_menu(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.window.menus.about.trigger()
    dialog = desktop.window.findChild(AboutDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.close()
