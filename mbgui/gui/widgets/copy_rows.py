"""Selected rows as tab-separated text, for spreadsheets."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView


def is_copy(event: QKeyEvent) -> bool:
    """Whether a key is the platform's shortcut for copying."""
    return event.matches(QKeySequence.StandardKey.Copy)


def copy_selection(view: QAbstractItemView) -> None:
    """Put the selected rows, with a line of titles, on the clipboard; nothing selected leaves it as it is."""
    text = selection_as_tsv(view)
    if text:
        QGuiApplication.clipboard().setText(text)


def selection_as_tsv(view: QAbstractItemView) -> str:
    """The titles and the selected rows in the order shown, one a line, every column; "" where none is selected."""
    model = view.model()
    rows = _in_order(view.selectionModel().selectedRows()) if model is not None else []
    if not rows:
        return ""
    columns = range(model.columnCount())
    titles = [_clean(model.headerData(column, Qt.Orientation.Horizontal)) for column in columns]
    lines = [[_clean(row.siblingAtColumn(column).data()) for column in columns] for row in rows]
    return "\n".join("\t".join(cells) for cells in (titles, *lines)) + "\n"


def _in_order(rows: list[QModelIndex]) -> list[QModelIndex]:
    """From top to bottom as shown; a member follows the row it belongs to."""
    return sorted(rows, key=_place)


def _place(index: QModelIndex) -> tuple[int, ...]:
    place: list[int] = []
    while index.isValid():
        place.append(index.row())
        index = index.parent()
    return tuple(reversed(place))


def _clean(value: object) -> str:
    return " ".join(str(value if value is not None else "").split())
