"""Pairs set by hand are kept in the file they belong to, and never in place of what somebody else wrote there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.events import Completed
from mbgui.gui.desktop import Desktop
from mbgui.gui.settings import Settings
from mbgui.gui.widgets.message_bar import MessageBar
from mbgui.snapshots.store import SnapshotStore
from tests.gui.conftest import OpenDesktop
from tests.support.records import tiny_comparison

OURS = (PairCorrection(left="features.0.1", right=None), PairCorrection(left=None, right="stem_bn"))
THEIRS = (PairCorrection(left="features.0.0", right=None), PairCorrection(left=None, right="stem_conv"))
TITLE = "mobilenet_v2 · MobileNetV2 – mbgui"


@pytest.fixture
def path(store: SnapshotStore, tmp_path: Path) -> Path:
    """A file of the user's."""
    made = tmp_path / "net.mbsnap"
    store.save(tiny_comparison(), made)
    return made


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Desktop, Path], None]:
    """Saves what is shown under a name."""

    def save(desktop: Desktop, named: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(named), ""))
        desktop.window.menus.save.trigger()

    return save


def showing(qtbot: QtBot, desktop: Desktop) -> Desktop:
    qtbot.waitUntil(lambda: desktop.window.comparison is not None)
    return desktop


def correct(desktop: Desktop, corrections: tuple[PairCorrection, ...]) -> None:
    shown = desktop.window.comparison
    assert desktop.controller is not None
    assert shown is not None
    desktop.controller.correct(shown, corrections)


def corrected(qtbot: QtBot, desktop: Desktop, corrections: tuple[PairCorrection, ...]) -> None:
    assert desktop.controller is not None
    with qtbot.waitSignal(desktop.controller.saved):
        correct(desktop, corrections)


def refused(qtbot: QtBot, desktop: Desktop, corrections: tuple[PairCorrection, ...], sentence: str) -> None:
    assert desktop.controller is not None
    with qtbot.assertNotEmitted(desktop.controller.saved), qtbot.waitSignal(desktop.controller.correcting_failed):
        correct(desktop, corrections)
    found = desktop.window.findChild(MessageBar)
    assert found is not None
    assert sentence in found.text


def run(qtbot: QtBot, desktop: Desktop, ending: type) -> None:
    controller = desktop.controller
    assert controller is not None
    with qtbot.waitSignal(controller.happened, check_params_cb=lambda event: isinstance(event, ending)):
        desktop.window.start_comparison()


def test_of_two_windows_on_one_file_the_later_does_not_undo_what_the_first_wrote(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, path: Path
) -> None:
    first, second = (showing(qtbot, open_desktop(open_path=str(path))) for _ in range(2))
    corrected(qtbot, first, THEIRS)
    refused(qtbot, second, OURS, "net.mbsnap was changed since it was opened here")
    assert store.open(path).request.corrections == THEIRS
    assert second.window.comparison is not None
    assert second.window.comparison.request.corrections == OURS, "shown, to be saved somewhere else"


def test_a_file_that_was_deleted_is_not_made_again(qtbot: QtBot, open_desktop: OpenDesktop, path: Path) -> None:
    desktop = showing(qtbot, open_desktop(open_path=str(path)))
    path.unlink()
    refused(qtbot, desktop, OURS, "net.mbsnap was deleted since it was opened here")
    assert not path.exists()


def test_what_the_window_wrote_itself_is_no_change(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, path: Path
) -> None:
    desktop = showing(qtbot, open_desktop(open_path=str(path)))
    corrected(qtbot, desktop, THEIRS)
    corrected(qtbot, desktop, OURS)
    assert store.open(path).request.corrections == OURS


def test_pairs_of_a_finished_run_are_kept_unless_its_file_was_changed(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore
) -> None:
    desktop = open_desktop()
    run(qtbot, desktop, Completed)
    corrected(qtbot, desktop, ())
    (entry,) = store.entries()
    run(qtbot, desktop, Completed)
    (newer,) = (one.path for one in store.entries() if one.path != entry.path)
    store.save(tiny_comparison(), Path(newer))
    refused(qtbot, desktop, (), "was changed since it was opened here")


def test_what_is_saved_under_another_name_is_that_file_from_now_on(
    qtbot: QtBot,
    open_desktop: OpenDesktop,
    store: SnapshotStore,
    path: Path,
    save_as: Callable[[Desktop, Path], None],
) -> None:
    desktop = showing(qtbot, open_desktop(open_path=str(path)))
    path.unlink()
    refused(qtbot, desktop, OURS, "deleted")
    mine = path.with_name("mine.mbsnap")
    assert desktop.controller is not None
    with qtbot.waitSignal(desktop.controller.saved):
        save_as(desktop, mine)
    assert desktop.path == str(mine)
    assert desktop.window.windowTitle().startswith("mine.mbsnap – ")
    corrected(qtbot, desktop, THEIRS)
    assert store.open(mine).request.corrections == THEIRS
    assert not path.exists()


def test_a_run_that_fails_before_it_shows_anything_leaves_the_name_of_the_file(
    qtbot: QtBot, open_desktop: OpenDesktop, path: Path, settings: Settings
) -> None:
    desktop = showing(qtbot, open_desktop(open_path=str(path)))
    assert desktop.controller is not None
    desktop.controller.run_started.connect(desktop.controller.stop)
    with qtbot.waitSignal(desktop.controller.running_changed, check_params_cb=lambda is_running: not is_running):
        desktop.window.start_comparison()
    assert desktop.window.windowTitle().startswith("net.mbsnap – ")
    assert desktop.path == str(path)


def test_what_a_failed_run_left_in_the_window_is_not_written_to_the_file_of_what_was_shown_before(
    qtbot: QtBot, open_desktop: OpenDesktop, store: SnapshotStore, path: Path
) -> None:
    desktop = showing(qtbot, open_desktop(open_path=str(path)))
    controller = desktop.controller
    assert controller is not None
    other = replace(tiny_comparison(), identifier="f" * 32)
    desktop.window.set_comparison(other)
    archive = desktop._archive
    assert archive is not None
    archive.name_file(other)
    with qtbot.waitSignal(controller.corrected), qtbot.assertNotEmitted(controller.saved):
        correct(desktop, OURS)
    with qtbot.waitSignal(controller.listed):
        controller.list()  # comes after whatever would have been saved
    assert store.open(path) == tiny_comparison()
    assert not desktop.window.windowTitle().startswith("net.mbsnap")
