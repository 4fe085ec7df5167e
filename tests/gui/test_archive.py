"""Snapshots are deleted only where the user means it."""

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from mbgui.gui.desktop import Desktop
from mbgui.gui.widgets.delete_dialog import DeleteDialog
from mbgui.gui.widgets.snapshot_list import SnapshotList
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import OpenDesktop
from tests.support.records import tiny_comparison


def opened_with_one_kept(qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore) -> tuple[Desktop, Path]:
    path = store.keep(tiny_comparison())
    desktop = open_desktop()
    qtbot.waitUntil(lambda: desktop.window.comparison is not None)
    return desktop, path


def delete_dialog(desktop: Desktop) -> DeleteDialog:
    """The dialog that Del brings up."""
    snapshots = desktop.window.findChild(SnapshotList)
    assert snapshots is not None
    snapshots._on_delete()
    dialog = desktop.window.findChild(DeleteDialog)
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def test_a_confirmed_deletion_removes_the_file_and_keeps_what_is_shown(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore
) -> None:
    desktop, path = opened_with_one_kept(qtbot, open_desktop, store)
    assert desktop.controller is not None
    dialog = delete_dialog(desktop)
    assert str(path) in dialog.informativeText()
    with qtbot.waitSignals([desktop.controller.deleted, desktop.controller.listed]):
        dialog.delete_button.click()
    assert not path.exists()
    assert desktop.window.comparison is not None


def test_a_cancelled_deletion_leaves_the_file(qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore) -> None:
    desktop, path = opened_with_one_kept(qtbot, open_desktop, store)
    assert desktop.controller is not None
    dialog = delete_dialog(desktop)
    with qtbot.assertNotEmitted(desktop.controller.deleted):
        dialog.reject()
    assert path.exists()


def test_a_deletion_that_fails_is_a_message(qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore) -> None:
    desktop, path = opened_with_one_kept(qtbot, open_desktop, store)
    assert desktop.controller is not None
    dialog = delete_dialog(desktop)
    path.unlink()
    with qtbot.waitSignal(desktop.controller.file_failed) as failed:
        dialog.delete_button.click()
    assert "cannot be deleted" in failed.args[0].sentence


def test_a_file_that_opens_takes_the_message_on_the_one_before_away(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    good = tmp_path / "good.mbsnap"
    store.save(tiny_comparison(), good)
    desktop = open_desktop()
    desktop.window.files.open_requested.emit(str(tmp_path / "missing.mbsnap"))
    qtbot.waitUntil(lambda: desktop.window.has_problem)
    desktop.window.files.open_requested.emit(str(good))
    qtbot.waitUntil(lambda: desktop.window.comparison is not None)
    assert not desktop.window.has_problem


def test_in_place_of_a_broken_file_the_newest_is_shown_below_the_message(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, tmp_path: Path
) -> None:
    sample = tmp_path / "sample.mbsnap"
    store.save(replace(tiny_comparison(), is_sample=True), sample)
    desktop = open_desktop(sample=sample, open_path=str(tmp_path / "missing.mbsnap"))
    qtbot.waitUntil(lambda: desktop.window.comparison is not None)
    assert desktop.window.has_problem
