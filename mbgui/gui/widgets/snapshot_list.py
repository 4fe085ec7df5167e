"""What is saved, newest first; the content of the dock on the left."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal
from PySide6.QtWidgets import QLabel, QListView, QStackedWidget, QWidget

from mbgui.domain.snapshot import SnapshotEntry
from mbgui.gui.item_models.roles import RECORD_ROLE
from mbgui.gui.item_models.snapshot_list_model import SnapshotListModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.snapshot_delegate import SnapshotDelegate

_EMPTY = "Nothing saved yet.\n\nEvery finished comparison is kept here."


class SnapshotList(QStackedWidget):
    """Lists snapshots; `open_requested` carries the path of the one to open."""

    open_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = SnapshotListModel(self)
        self._list = QListView(self)
        self._empty = QLabel(_EMPTY, self)
        self._create(theme)
        self._list.clicked.connect(self._on_activated)
        self._list.activated.connect(self._on_activated)
        theme.changed.connect(self._list.viewport().update)

    def show_entries(self, entries: Sequence[SnapshotEntry]) -> None:
        """Show these snapshots in place of the ones before."""
        chosen = self._chosen_path()
        self._model.show_entries(entries, datetime.now().astimezone().date())
        self.setCurrentWidget(self._list if entries else self._empty)
        self.select(chosen)

    def select(self, path: str) -> None:
        """Mark the snapshot that is open."""
        row = self._model.row_of(path)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self._list.selectionModel().setCurrentIndex(self._model.index(row, 0) if row >= 0 else QModelIndex(), flag)

    def _create(self, theme: Theme) -> None:
        self._list.setModel(self._model)
        self._list.setItemDelegate(SnapshotDelegate(theme, self))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setProperty("role", "plain")
        self._list.setAccessibleName("Saved comparisons")
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "muted")
        self._empty.setContentsMargins(13, 8, 13, 8)
        self._empty.setAlignment(self._empty.alignment().AlignTop)
        self.addWidget(self._empty)
        self.addWidget(self._list)

    def _chosen_path(self) -> str:
        entry = self._list.currentIndex().data(RECORD_ROLE)
        return entry.path if isinstance(entry, SnapshotEntry) else ""

    def _on_activated(self, index: QModelIndex) -> None:
        entry = index.data(RECORD_ROLE)
        if isinstance(entry, SnapshotEntry):
            self.open_requested.emit(entry.path)
