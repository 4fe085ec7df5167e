"""What is dropped where: a model on a picker or a half of the window, two on either side, a snapshot anywhere."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from mbgui.domain.request import Side
from mbgui.gui.settings import StartingWeights
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.compare_bar import CompareBar
from mbgui.gui.widgets.file_drops import FileDrops

COPY, BUTTON, KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LEFT_HALF, RIGHT_HALF = QPoint(50, 300), QPoint(1150, 300)


class Dropped:
    """A bar in a window, and what its drops said."""

    def __init__(self, bar: CompareBar, window: QMainWindow) -> None:
        self.bar = bar
        self.window = window
        self.drops = FileDrops(bar, window)
        self.models: list[tuple[Side, str]] = []
        self.snapshots: list[str] = []
        self.refusals: list[str] = []
        self.targets: list[str] = []
        self._kept: list[QMimeData] = []
        self.drops.model_dropped.connect(lambda side, path: self.models.append((side, path)))
        self.drops.snapshot_dropped.connect(self.snapshots.append)
        self.drops.refused.connect(lambda sentence, _: self.refusals.append(sentence))
        self.drops.target_changed.connect(self.targets.append)

    def data(self, *paths: str) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
        self._kept.append(data)
        return data

    def drag(self, place: QPoint, *paths: str) -> bool:
        event = QDragEnterEvent(place, COPY, self.data(*paths), BUTTON, KEYS)
        self.drops.drag(event)
        return event.isAccepted()

    def drop(self, place: QPoint, *paths: str) -> None:
        self.drops.drop(QDropEvent(QPointF(place), COPY, self.data(*paths), BUTTON, KEYS))

    def picker_place(self, side: Side) -> QPoint:
        picker = self.bar.picker(side)
        return picker.mapTo(self.window, picker.rect().center())

    @property
    def highlighted(self) -> list[Side]:
        return [side for side in Side if self.bar.picker(side).property("drop")]


@pytest.fixture
def dropped(qtbot: QtBot) -> Dropped:
    window = QMainWindow()
    qtbot.addWidget(window)
    menu = QMenu(window)
    bar = CompareBar(Theme(), StartingWeights(), menu, window)
    window.addToolBar(bar)
    window.resize(1200, 600)
    window.show()
    return Dropped(bar, window)


@pytest.mark.parametrize("side", Side)
def test_a_model_dropped_on_a_picker_goes_there(dropped: Dropped, side: Side) -> None:
    dropped.drop(dropped.picker_place(side), "/n/net.keras")
    assert dropped.models == [(side, "/n/net.keras")]


def test_the_pickers_stand_in_the_left_half_so_that_place_alone_would_not_do(dropped: Dropped) -> None:
    assert dropped.picker_place(Side.RIGHT).x() < dropped.window.width() / 2 + 200


def test_a_model_dropped_elsewhere_goes_to_the_side_of_that_half(dropped: Dropped) -> None:
    dropped.drop(LEFT_HALF, "/n/a.pt2")
    dropped.drop(RIGHT_HALF, "/n/b.SAFETENSORS")
    assert dropped.models == [(Side.LEFT, "/n/a.pt2"), (Side.RIGHT, "/n/b.SAFETENSORS")]


def test_while_dragging_the_picker_that_would_be_named_is_marked(dropped: Dropped) -> None:
    assert dropped.drag(RIGHT_HALF, "/n/net.keras")
    assert dropped.highlighted == [Side.RIGHT]
    assert dropped.targets[-1] == "Drop to name net.keras on the right"
    dropped.drag(LEFT_HALF, "/n/net.keras")
    assert dropped.highlighted == [Side.LEFT]
    dropped.drops.leave()
    assert dropped.highlighted == []
    assert dropped.targets[-1] == ""


def test_two_models_go_left_and_right(dropped: Dropped) -> None:
    assert dropped.drag(LEFT_HALF, "/n/a.pt2", "/n/b.keras")
    assert dropped.highlighted == list(Side)
    dropped.drop(LEFT_HALF, "/n/a.pt2", "/n/b.keras")
    assert dropped.models == [(Side.LEFT, "/n/a.pt2"), (Side.RIGHT, "/n/b.keras")]
    assert dropped.highlighted == []
    assert dropped.refusals == []


def test_of_three_models_two_are_taken_and_that_is_said(dropped: Dropped) -> None:
    dropped.drop(LEFT_HALF, "/n/a.pt2", "/n/b.keras", "/n/c.h5")
    assert len(dropped.models) == 2
    assert "first two" in dropped.refusals[0]


def test_a_snapshot_is_opened_wherever_it_is_dropped(dropped: Dropped) -> None:
    place = dropped.picker_place(Side.LEFT)
    assert dropped.drag(place, "/n/pair.mbsnap")
    assert dropped.highlighted == []
    dropped.drop(place, "/n/pair.mbsnap")
    assert dropped.snapshots == ["/n/pair.mbsnap"]
    assert dropped.models == []


@pytest.mark.parametrize("name", ["/n/model.py", "/n/readme.txt", "/n/folder"])
def test_other_files_are_not_taken(dropped: Dropped, name: str) -> None:
    assert not dropped.drag(LEFT_HALF, name)
    dropped.drop(LEFT_HALF, name)
    assert dropped.models == []


def test_the_lines_of_the_pickers_leave_files_to_the_window(dropped: Dropped) -> None:
    assert not any(picker.acceptDrops() or picker.edit.acceptDrops() for picker in dropped.bar.pickers)
