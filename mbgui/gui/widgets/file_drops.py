"""Files dragged over the window: a snapshot is opened, a model is named on the side where it is dropped."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.domain.request import Side
from mbgui.domain.source import MODEL_SUFFIXES
from mbgui.gui.widgets.file_intents import SNAPSHOT_SUFFIX

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent
    from PySide6.QtWidgets import QWidget

    from mbgui.gui.widgets.compare_bar import CompareBar


class FileDrops(QObject):
    """Says which picker a drop would name, and what was dropped where.

    `model_dropped` carries side and path, `refused` what is wrong with a drop.
    """

    snapshot_dropped = Signal(str)
    model_dropped = Signal(Side, str)
    target_changed = Signal(str)
    refused = Signal(str, str)

    def __init__(self, bar: CompareBar, window: QWidget) -> None:
        super().__init__(window)
        self._bar = bar
        self._window = window

    def drag(self, event: QDropEvent) -> None:
        """Take files of the known kinds, and show where they would go."""
        if _snapshot(event) is not None:
            self._show({})
            event.acceptProposedAction()
            return
        targets = self._targets(event)
        self._show(targets)
        if targets:
            event.acceptProposedAction()
        else:
            event.ignore()

    def leave(self) -> None:
        """Nothing is dragged over the window any more."""
        self._show({})

    def drop(self, event: QDropEvent) -> None:
        """Name the files, or open the snapshot."""
        self._show({})
        snapshot, targets = _snapshot(event), self._targets(event)
        if snapshot is not None:
            event.acceptProposedAction()
            self.snapshot_dropped.emit(snapshot)
            return
        if targets:
            event.acceptProposedAction()
        for side, path in targets.items():
            self.model_dropped.emit(side, path)
        if len(_models(event)) > len(Side):
            self.refused.emit("Only the first two of these files were taken.", "There are two sides to compare.")

    def _targets(self, event: QDropEvent) -> dict[Side, str]:
        """One file goes where it is dropped, the first of several to the left and the second to the right."""
        paths = _models(event)
        if len(paths) == 1:
            return {self._side_below(event): paths[0]}
        return dict(zip(Side, paths, strict=False))

    def _side_below(self, event: QDropEvent) -> Side:
        """The side of the picker below the pointer, else of the half of the window."""
        place = event.position().toPoint()
        for side in Side:
            picker = self._bar.picker(side)
            if picker.rect().contains(picker.mapFrom(self._window, place)):
                return side
        return Side.LEFT if place.x() < self._window.width() / 2 else Side.RIGHT

    def _show(self, targets: dict[Side, str]) -> None:
        for side in Side:
            self._bar.picker(side).set_highlighted(is_highlighted=side in targets)
        places = ", ".join(f"{PurePath(path).name} on the {side.value}" for side, path in targets.items())
        self.target_changed.emit(f"Drop to name {places}" if places else "")


def _paths(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]


def _snapshot(event: QDropEvent) -> str | None:
    """The first snapshot file among what is dragged."""
    return next((path for path in _paths(event) if path.lower().endswith(SNAPSHOT_SUFFIX)), None)


def _models(event: QDropEvent) -> list[str]:
    """The files with a model or weights among what is dragged."""
    return [path for path in _paths(event) if PurePath(path).suffix.lower() in MODEL_SUFFIXES]
