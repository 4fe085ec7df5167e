"""The list in the dock: opened with Enter, deleted with Del, or by its context menu."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from mbgui.domain.comparison import Agreement
from mbgui.domain.snapshot import SnapshotEntry
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.snapshot_list import SnapshotList


def entry(path: str, *, is_sample: bool = False) -> SnapshotEntry:
    return SnapshotEntry(
        path=path,
        title="a · b",
        created_at="2026-11-01T10:00:00+00:00",
        headline="The same.",
        agreement=Agreement.SAME_STRUCTURE,
        is_sample=is_sample,
    )


MINE, SAMPLE = entry("/kept/mine.mbsnap"), entry("/shipped/sample.mbsnap", is_sample=True)


@pytest.fixture
def snapshots(qtbot: QtBot) -> Iterator[SnapshotList]:
    found = SnapshotList(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(found)
    found.show_entries((MINE, SAMPLE))
    found.show()
    QTest.qWaitForWindowActive(found)
    yield found
    found.close()


def focused_list(snapshots: SnapshotList) -> QListView:
    found = snapshots.findChild(QListView)
    assert found is not None
    found.setFocus()
    return found


def test_enter_opens_the_chosen_one(snapshots: SnapshotList, qtbot: QtBot) -> None:
    snapshots.select(SAMPLE.path)
    with qtbot.waitSignal(snapshots.open_requested) as opened:
        QTest.keyClick(focused_list(snapshots), Qt.Key.Key_Return)
    assert opened.args == [SAMPLE.path]


def test_del_asks_to_delete_the_chosen_one(snapshots: SnapshotList, qtbot: QtBot) -> None:
    snapshots.select(MINE.path)
    with qtbot.waitSignal(snapshots.delete_requested) as asked:
        QTest.keyClick(focused_list(snapshots), Qt.Key.Key_Delete)
    assert asked.args == [MINE]


def test_the_sample_cannot_be_deleted(snapshots: SnapshotList, qtbot: QtBot) -> None:
    snapshots.select(SAMPLE.path)
    with qtbot.assertNotEmitted(snapshots.delete_requested):
        QTest.keyClick(focused_list(snapshots), Qt.Key.Key_Delete)


def test_the_context_menu_opens_copies_and_deletes(snapshots: SnapshotList) -> None:
    view = focused_list(snapshots)
    snapshots.select(MINE.path)
    assert view.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    actions = {action.text().replace("&", ""): action for action in view.actions()}
    assert list(actions) == ["Open", "Copy path", "Delete…"]
    actions["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == MINE.path


def test_nothing_can_be_done_where_nothing_is_chosen(snapshots: SnapshotList) -> None:
    snapshots.select("")
    assert not any(action.isEnabled() for action in focused_list(snapshots).actions())


def test_the_tooltip_names_the_file(snapshots: SnapshotList) -> None:
    index = focused_list(snapshots).model().index(0, 0)
    assert MINE.path in index.data(Qt.ItemDataRole.ToolTipRole)
