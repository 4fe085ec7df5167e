"""Code folders are added, removed, and told after each change."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mbgui.gui.widgets.code_folders_dialog import CodeFoldersDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> CodeFoldersDialog:
    made = CodeFoldersDialog(("/a", "/b"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.open()
    return made


def test_a_folder_is_added_once(qtbot: QtBot, dialog: CodeFoldersDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object) -> str:
        return "/c"

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answer)
    with qtbot.waitSignal(dialog.changed) as changed:
        QTest.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    assert changed.args == [("/a", "/b", "/c")]
    with qtbot.assertNotEmitted(dialog.changed):
        QTest.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)


def test_the_chosen_folder_is_removed(qtbot: QtBot, dialog: CodeFoldersDialog) -> None:
    dialog.list.setCurrentRow(0)
    with qtbot.waitSignal(dialog.changed) as changed:
        QTest.mouseClick(dialog.remove_button, Qt.MouseButton.LeftButton)
    assert changed.args == [("/b",)]


def test_without_folders_there_is_nothing_to_remove(qtbot: QtBot) -> None:
    dialog = CodeFoldersDialog(())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    assert not dialog.remove_button.isEnabled()
    assert dialog.folders == ()
