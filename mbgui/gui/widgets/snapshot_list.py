"""What is saved, newest first; the content of the dock on the left."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel, QListView, QStackedWidget, QWidget

from mbgui.domain.snapshot import SnapshotEntry
from mbgui.gui.item_models.roles import RECORD_ROLE
from mbgui.gui.item_models.snapshot_list_model import SnapshotListModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.snapshot_delegate import SnapshotDelegate

_EMPTY = "Nothing saved yet.\n\nEvery finished comparison is kept here."


class SnapshotList(QStackedWidget):
    """Lists snapshots; `open_requested` carries the path of the one to open, `delete_requested` the entry to delete."""

    open_requested = Signal(str)
    delete_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = SnapshotListModel(self)
        self._list = QListView(self)
        self._empty = QLabel(_EMPTY, self)
        self._create(theme)
        self._add_actions()
        self._list.clicked.connect(self._on_open)
        self._list.selectionModel().currentChanged.connect(self._on_current_changed)
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
        self._on_current_changed()

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

    def _add_actions(self) -> None:
        """The context menu; its keys work while the list has the focus."""
        self._open = QAction("&Open", self)
        self._open.setShortcuts([QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)])
        self._copy_path = QAction("Copy &path", self)
        self._delete = QAction("&Delete…", self)
        self._delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        for action, slot in (
            (self._open, self._on_open),
            (self._copy_path, self._on_copy_path),
            (self._delete, self._on_delete),
        ):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self._list.addAction(action)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._on_current_changed()

    def _chosen(self) -> SnapshotEntry | None:
        entry = self._list.currentIndex().data(RECORD_ROLE)
        return entry if isinstance(entry, SnapshotEntry) else None

    def _chosen_path(self) -> str:
        entry = self._chosen()
        return entry.path if entry is not None else ""

    def _on_current_changed(self) -> None:
        entry = self._chosen()
        for action in (self._open, self._copy_path):
            action.setEnabled(entry is not None)
        self._delete.setEnabled(entry is not None and not entry.is_sample)

    def _on_open(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self.open_requested.emit(entry.path)

    def _on_copy_path(self) -> None:
        QGuiApplication.clipboard().setText(self._chosen_path())

    def _on_delete(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self.delete_requested.emit(entry)
