"""The window of one file: that it is being read, what is in it, why it is refused, and where it can be used."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mbgui.domain.errors import Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import FileFormat, FileTensor, ModelFile
from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.file_tensor_pane import FileTensorPane
from mbgui.gui.widgets.file_window import FileWindow
from mbgui.gui.widgets.tensor_table import TensorTable
from tests.support.records import tiny_model_file

REFERENCES = ("keras:MobileNetV2", "torchvision:mobilenet_v2", "torchvision:vgg11")
PATH = "/weights/mobilenet_v2-b0353104.pth"
WEIGHTS = replace(tiny_model_file(), path=PATH)
REFUSED = replace(
    WEIGHTS,
    format=FileFormat.TORCH_PICKLE,
    refusal=Problem(sentence="It holds net.Net.", advice="Save the weights only.", detail="GLOBAL net.Net"),
)
MODEL = ModelFile(
    path="/nets/net.keras",
    format=FileFormat.KERAS_ARCHIVE,
    framework=Framework.KERAS,
    size_bytes=10,
    tensors=WEIGHTS.tensors,
    facts=(),
)
Open = Callable[..., FileWindow]


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    def open_one(file: ModelFile | None = None, references: tuple[str, ...] = REFERENCES) -> FileWindow:
        window = FileWindow(file.path if file is not None else PATH, Theme(), references)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # the test's own bot deletes it
        qtbot.addWidget(window)
        window.show()
        if file is not None:
            window.show_file(file)
        return window

    return open_one


def texts(window: QWidget) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def table(window: QWidget) -> TensorTable:
    found = window.findChild(TensorTable)
    assert found is not None
    return found


def names(window: QWidget) -> list[str]:
    model = table(window).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def search(window: QWidget, words: str) -> None:
    pane = window.findChild(FileTensorPane)
    assert pane is not None
    field = pane.findChild(QLineEdit)
    assert field is not None
    field.setText(words)


def test_while_a_file_is_read_it_says_so_and_can_be_cancelled(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    assert "Reading mobilenet_v2-b0353104.pth …" in texts(window)
    with qtbot.waitSignal(window.closed):
        QTest.mouseClick(window.cancel_button, Qt.MouseButton.LeftButton)


def test_escape_closes_the_window_and_says_so(qtbot: QtBot, opened: Open) -> None:
    window = opened(WEIGHTS)
    table(window).setFocus()
    with qtbot.waitSignal(window.closed):
        QTest.keyClick(window, Qt.Key.Key_Escape)


def test_name_format_size_facts_notes_and_tensors_are_shown(opened: Open) -> None:
    window = opened(WEIGHTS)
    shown = texts(window)
    for text in ("mobilenet_v2-b0353104.pth", "PyTorch weights · 0.00 MiB", "/weights", "Note: A note."):
        assert text in shown
    facts = next(
        found for found in window.findChildren(QAbstractItemView) if found.accessibleName().startswith("What the file")
    )
    assert [facts.model().index(0, column).data() for column in (0, 1)] == ["Format version", "1"]
    assert names(window) == ["conv.weight", "steps"]
    assert "2 tensors · 109 values" in shown


def test_a_refusal_stands_above_what_could_be_read(opened: Open) -> None:
    window = opened(REFUSED)
    assert window.message.isVisible()
    assert window.message.text == "It holds net.Net.\nSave the weights only.\nGLOBAL net.Net"
    assert names(window) == ["conv.weight", "steps"]
    assert not window.contents.bar.isVisible(), "what is refused cannot be used"


def test_a_refused_file_of_which_nothing_can_be_read_says_so(opened: Open) -> None:
    window = opened(replace(REFUSED, tensors=()))
    assert "No tensor of this file could be read." in texts(window)
    assert not table(window).isVisible()


def test_a_failure_is_told_in_place_of_the_progress(opened: Open) -> None:
    window = opened()
    window.show_problem(Problem(sentence="It is cut off."))
    assert window.message.text == "It is cut off."
    assert "could not be read" in texts(window)
    assert window.cancel_button.text() == "Close"


def test_tensors_are_found_by_words_and_the_totals_follow(opened: Open) -> None:
    window = opened(WEIGHTS)
    search(window, "CONV float")
    assert names(window) == ["conv.weight"]
    assert "1 of 2 tensors · 108 values" in texts(window)


def test_tensors_are_sorted_and_copied_with_their_titles(opened: Open) -> None:
    window = opened(WEIGHTS)
    table(window).sortByColumn(4, Qt.SortOrder.AscendingOrder)
    assert names(window) == ["steps", "conv.weight"]
    table(window).selectRow(0)
    QTest.keyClick(table(window), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:3] == ["Name", "Shape", "Type"]
    assert lines[1][:3] == ["steps", "scalar", "int64"]


def test_a_hundred_thousand_tensors_are_found_while_they_are_still_being_prepared(qtbot: QtBot, opened: Open) -> None:
    tensors = tuple(
        FileTensor(name=f"layers.{number}.weight", shape=(2, 3), dtype="float32", size_bytes=24)
        for number in range(100_000)
    )
    window = opened(replace(WEIGHTS, tensors=tensors))
    search(window, "99999.w")
    assert names(window) == ["layers.99999.weight"]
    search(window, "")

    def has_totals() -> None:
        assert "100,000 tensors · 600,000 values" in texts(window)

    qtbot.waitUntil(has_totals)


def test_the_architecture_that_the_file_s_name_says_is_offered(opened: Open) -> None:
    window = opened(WEIGHTS)
    assert window.contents.bar.architecture.currentText() == "torchvision:mobilenet_v2"
    assert "guessed from the file's name" in texts(window)


@pytest.mark.parametrize("side", Side)
def test_weights_are_attached_to_the_architecture_on_a_side(qtbot: QtBot, opened: Open, side: Side) -> None:
    window = opened(WEIGHTS)
    bar = window.contents.bar
    bar.architecture.setCurrentText("torchvision:vgg11?num_classes=19")
    button = bar.left_button if side is Side.LEFT else bar.right_button
    with qtbot.waitSignal(window.use_requested) as used:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert used.args == [side, f"torchvision:vgg11?num_classes=19@{PATH}"]
    assert f"Named as the {side.value} model" in texts(window)


def test_weights_of_no_known_architecture_wait_for_one(opened: Open) -> None:
    window = opened(replace(WEIGHTS, path="/weights/epoch_12.pth"))
    buttons: tuple[QPushButton, ...] = (window.contents.bar.left_button, window.contents.bar.right_button)
    assert not any(button.isEnabled() for button in buttons)
    window.contents.bar.architecture.setCurrentText("net:make")
    assert all(button.isEnabled() for button in buttons)


def test_enter_in_the_architecture_presses_no_button(qtbot: QtBot, opened: Open) -> None:
    window = opened(REFUSED)
    window.contents.bar.show()
    edit = window.contents.bar.architecture.lineEdit()
    assert edit is not None
    edit.setFocus()
    with qtbot.assertNotEmitted(window.use_requested):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    pressed = [button.text() for button in window.findChildren(QPushButton) if button.isChecked()]
    assert pressed == []


def test_the_guess_comes_as_soon_as_the_models_are_known(opened: Open) -> None:
    window = opened(WEIGHTS, ())
    assert window.contents.bar.architecture.currentText() == ""
    window.set_references(REFERENCES)
    assert window.contents.bar.architecture.currentText() == "torchvision:mobilenet_v2"
    window.contents.bar.architecture.setCurrentText("torchvision:vgg11")
    window.set_references((*REFERENCES, "keras:VGG16"))
    assert window.contents.bar.architecture.currentText() == "torchvision:vgg11", "a choice stays"


def test_a_whole_model_is_used_as_it_is(qtbot: QtBot, opened: Open) -> None:
    window = opened(MODEL)
    assert not window.contents.bar.architecture.isVisible()
    with qtbot.waitSignal(window.use_requested) as used:
        QTest.mouseClick(window.contents.bar.right_button, Qt.MouseButton.LeftButton)
    assert used.args == [Side.RIGHT, "/nets/net.keras"]


def test_long_names_do_not_widen_the_window(opened: Open) -> None:
    path = "/" + "/".join(["a_long_folder_name"] * 20) + "/" + "checkpoint_" * 15 + ".pth"
    window = opened(replace(WEIGHTS, path=path, notes=(f"It was made from {path}.",)))
    assert window.minimumSizeHint().width() <= 900
    folder = next(label for label in window.findChildren(QLabel) if label.toolTip() == path.rpartition("/")[0])
    assert folder.isVisible()


def test_every_control_of_the_window_has_an_accessible_name(opened: Open) -> None:
    window = opened(REFUSED)
    window.contents.bar.show()
    controls = [found for found in window.findChildren(QWidget) if found.focusPolicy() & Qt.FocusPolicy.TabFocus]
    unnamed = [
        type(control).__name__
        for control in controls
        if control.isVisible()
        and not control.objectName().startswith("qt_")
        and not control.accessibleName()
        and not getattr(control, "text", str)()
        and not isinstance(control.parent(), QComboBox)
    ]
    assert unnamed == []
