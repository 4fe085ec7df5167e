"""A picker names every kind of model, shows the end of what is too long, and offers what was used last first."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.model_picker import ModelPicker

LONG = "torchvision:mobilenet_v2@/home/someone/experiments/2026-11/checkpoints/mobilenet_v2-b0353104.pth"
ZOO = ("torchvision:vgg11", "keras:VGG16")


@pytest.fixture
def picker(qtbot: QtBot) -> ModelPicker:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    other, made = QLineEdit(), ModelPicker(Side.LEFT, Theme())
    made.setFixedWidth(280)
    for widget in (other, made):
        layout.addWidget(widget)
    window.show()
    made.complete()
    other.setFocus()
    made.window_kept = window  # type: ignore[attr-defined]
    return made


def rows(picker: ModelPicker) -> list[str]:
    return [picker.itemText(row) for row in range(picker.count())]


def test_placeholder_and_tooltip_name_every_kind(picker: ModelPicker) -> None:
    for kind in ("torchvision:NAME", "keras:NAME", "package.module:callable", "file"):
        assert kind in picker.edit.placeholderText()
        assert kind in picker.toolTip()


def test_models_used_last_come_first_below_a_title_of_their_own(picker: ModelPicker) -> None:
    picker.set_references(ZOO)
    assert rows(picker) == list(ZOO)
    picker.set_recent(("net:make", LONG))
    assert rows(picker) == ["Recent", "net:make", LONG, "Models", *ZOO]
    model = picker.model()
    enabled = [bool(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled) for row in range(6)]
    assert enabled == [False, True, True, False, True, True]


def test_a_title_is_never_completed_or_reached_by_the_arrow_keys(picker: ModelPicker) -> None:
    picker.set_references(ZOO)
    picker.set_recent(("net:make",))
    completer = picker.completer()
    assert completer is not None
    completions = completer.model()
    assert [completions.index(row, 0).data() for row in range(completions.rowCount())] == ["net:make", *ZOO]
    picker.setCurrentIndex(picker.findText("net:make"))
    QTest.keyClick(picker, Qt.Key.Key_Down)
    assert picker.currentText() == "torchvision:vgg11"


def test_offering_other_models_leaves_the_text_as_it_is(picker: ModelPicker) -> None:
    picker.set_reference("keras:Something")
    picker.set_references(ZOO)
    picker.set_recent(("net:make",))
    assert picker.currentText() == "keras:Something"


def test_the_end_of_a_long_path_is_in_view(picker: ModelPicker) -> None:
    picker.set_reference(LONG)
    assert picker.edit.cursorPosition() == len(LONG)
    picker.set_reference("keras:VGG16")
    assert picker.edit.cursorPosition() == 0


def test_leaving_the_line_brings_the_end_back_into_view(picker: ModelPicker) -> None:
    picker.set_reference(LONG)
    picker.edit.setFocus()
    picker.edit.setCursorPosition(0)
    picker.edit.clearFocus()
    assert picker.edit.cursorPosition() == len(LONG)


def test_the_beginning_of_a_long_path_is_drawn_as_an_ellipsis(picker: ModelPicker) -> None:
    picker.set_reference(LONG)
    elided = picker.edit.grab().toImage()
    picker.edit.setText("…" + LONG[-20:])
    shorter = picker.edit.grab().toImage()
    assert elided != shorter, "more of the name fits than twenty letters"
    picker.set_reference("W" * 80)
    assert picker.edit.grab().toImage() != elided


def test_the_tooltip_tells_the_full_reference_and_what_is_to_be_known(picker: ModelPicker) -> None:
    picker.set_reference(LONG)
    assert LONG in picker.toolTip()
    picker.set_note("It runs code.")
    assert "It runs code." in picker.toolTip()
    picker.set_reference("keras:VGG16")
    assert "It runs code." not in picker.toolTip()


def test_the_folder_in_the_line_asks_for_a_file(qtbot: QtBot, picker: ModelPicker) -> None:
    button = next(found for found in picker.findChildren(QToolButton) if "Open a file" in found.accessibleName())
    assert button.isVisible()
    with qtbot.waitSignal(picker.edit.file_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_only_a_file_can_be_inspected(qtbot: QtBot, picker: ModelPicker) -> None:
    action = next(found for found in picker.edit.findChildren(QAction) if "Inspect" in found.text())
    picker.edit.set_has_file(has_file=False)
    assert not action.isEnabled()
    picker.edit.set_has_file(has_file=True)
    with qtbot.waitSignal(picker.edit.inspect_requested):
        action.trigger()


def test_a_name_is_finished_where_it_is_entered_or_chosen(qtbot: QtBot, picker: ModelPicker) -> None:
    picker.set_references(ZOO)
    picker.edit.setFocus()
    picker.edit.setText("net:make")
    with qtbot.waitSignal(picker.committed):
        QTest.keyClick(picker.edit, Qt.Key.Key_Return)
    with qtbot.waitSignal(picker.committed):
        picker.activated.emit(0)
