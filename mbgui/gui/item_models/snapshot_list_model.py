"""The saved comparisons as a list, newest first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from mbgui.domain.snapshot import SnapshotEntry
from mbgui.gui.item_models.roles import RECORD_ROLE

Index = QModelIndex | QPersistentModelIndex
DETAIL_ROLE = int(Qt.ItemDataRole.UserRole) + 20
"""When it was made and what came out, as one line of text."""
SAMPLE_TITLE = "Sample comparison"


class SnapshotListModel(QAbstractListModel):
    """One snapshot a row: its title, and under `DETAIL_ROLE` when it was made and what came out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[SnapshotEntry] = ()
        self._today = date.min

    def show_entries(self, entries: Sequence[SnapshotEntry], today: date) -> None:
        """Show these entries in place of the ones before; days are named as seen from `today`."""
        self.beginResetModel()
        self._entries = entries
        self._today = today
        self.endResetModel()

    def row_of(self, path: str) -> int:
        """The row of the snapshot in that file, -1 where there is none."""
        return next((row for row, entry in enumerate(self._entries) if entry.path == path), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Number of entries."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, detail, record, tooltip and words for a screen reader."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _title(entry)
        if role == DETAIL_ROLE:
            return self._detail(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.headline}\n{entry.path}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_title(entry)}, {self._detail(entry)}"
        return entry if role == RECORD_ROLE else None

    def _detail(self, entry: SnapshotEntry) -> str:
        if entry.is_sample:
            return f"shipped with mbgui · {entry.title}"
        return f"{moment_text(entry.created_at, self._today)} · {entry.headline}"


def moment_text(created_at: str, today: date) -> str:
    """`today 14:32`, `yesterday 09:05`, `18 Nov`, `3 Feb 2025` in local time, from ISO 8601."""
    try:
        moment = datetime.fromisoformat(created_at).astimezone()
    except ValueError:
        return created_at
    days = (today - moment.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {moment:%H:%M}"
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year}"


def _title(entry: SnapshotEntry) -> str:
    return SAMPLE_TITLE if entry.is_sample else entry.title
