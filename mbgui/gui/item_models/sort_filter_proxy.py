"""Sorts and filters a table of records by raw values, fast enough for 100,000 rows.

`QSortFilterProxyModel` asks Python twice for every comparison; this proxy sorts once by a list of keys.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractProxyModel, QModelIndex, QObject, Qt

from mbgui.gui.item_models.record_table_model import Index, RecordTableModel, SortValue

_LOOKED_UP_ONE_BY_ONE = 8


def sorted_rows(values: Sequence[SortValue], *, is_descending: bool) -> list[int]:
    """Rows in the order of their values, equal ones as they were, `None` last either way."""
    known = [row for row, value in enumerate(values) if value is not None]
    known.sort(key=values.__getitem__, reverse=is_descending)  # type: ignore[arg-type]  # one column has one type
    return known + [row for row, value in enumerate(values) if value is None]


class SortFilterProxy(QAbstractProxyModel):
    """Shows the kept rows of a `RecordTableModel` in the order of one column."""

    def __init__(self, source: RecordTableModel[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._kept: frozenset[int] | None = None
        self._column = -1
        self._is_descending = False
        self._order: list[int] = []
        self._rows: list[int] = []
        self._sorted_by: tuple[int, bool] | None = None
        self._looked_up: dict[int, int] = {}
        self._positions: dict[int, int] | None = None
        self.setSourceModel(source)
        source.modelAboutToBeReset.connect(self._on_source_about_to_be_reset)
        source.modelReset.connect(self._on_source_reset)
        source.headerDataChanged.connect(self.headerDataChanged)
        self._arrange(is_sorting=True)

    @property
    def shown_rows(self) -> Sequence[int]:
        """Rows of the source, in the order shown."""
        return self._rows

    def keep_rows(self, rows: Sequence[int] | None) -> None:
        """Show these rows of the source alone, or all of them for `None`."""
        self.beginResetModel()
        self._kept = None if rows is None else frozenset(rows)
        self._arrange(is_sorting=False)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 restores the order of the source. The selection stays on its rows."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        sources = [self.mapToSource(index) for index in before]
        self._column, self._is_descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange(is_sorting=True)
        self.changePersistentIndexList(before, [self.mapFromSource(index) for index in sources])
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Number of kept rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns of the source."""
        return 0 if parent.isValid() else self._source.columnCount()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The index of a shown cell."""
        is_inside = not parent.isValid() and 0 <= row < len(self._rows) and 0 <= column < self._source.columnCount()
        return self.createIndex(row, column) if is_inside else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """A table has no parents."""
        del index
        return QModelIndex()

    def mapToSource(self, index: Index) -> QModelIndex:
        """The cell of the source behind a shown cell."""
        if not index.isValid() or index.row() >= len(self._rows):
            return QModelIndex()
        return self._source.index(self._rows[index.row()], index.column())

    def mapFromSource(self, index: Index) -> QModelIndex:
        """The shown cell of a cell of the source; invalid where its row is filtered out."""
        if not index.isValid():
            return QModelIndex()
        return self.index(self._position(index.row()), index.column())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the source answers; asked without an index of its own, which would cost half of a scroll."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        return self._source.cell_data(self._rows[index.row()], index.column(), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headers of the source, also where no row is kept."""
        return self._source.headerData(section, orientation, role)

    def _position(self, row: int) -> int:
        """The place of a row of the source, -1 where it is filtered out.

        A few are looked up one by one: the dictionary of all takes as long as a hundred of them.
        """
        if self._positions is None and len(self._looked_up) < _LOOKED_UP_ONE_BY_ONE:
            if row not in self._looked_up:
                self._looked_up[row] = self._rows.index(row) if self._is_kept(row) else -1
            return self._looked_up[row]
        if self._positions is None:
            self._positions = {row: position for position, row in enumerate(self._rows)}
        return self._positions.get(row, -1)

    def _is_kept(self, row: int) -> bool:
        return row in self._kept if self._kept is not None else 0 <= row < len(self._rows)

    def _arrange(self, *, is_sorting: bool) -> None:
        records = self._source.records
        wanted = self._column, self._is_descending
        if is_sorting and wanted != self._sorted_by:  # a view asks twice to be sorted by the same column
            self._order = self._sorted_order() if self._column >= 0 else list(range(len(records)))
            self._sorted_by = wanted
        kept = self._kept
        self._rows = self._order if kept is None else [row for row in self._order if row in kept]
        self._looked_up, self._positions = {}, None

    def _sorted_order(self) -> list[int]:
        return sorted_rows(self._source.sort_values(self._column), is_descending=self._is_descending)

    def _on_source_about_to_be_reset(self) -> None:
        self.beginResetModel()

    def _on_source_reset(self) -> None:
        self._kept = None
        self._sorted_by = None
        self._arrange(is_sorting=True)
        self.endResetModel()
