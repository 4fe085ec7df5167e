"""A read-only table over records, one record a row; the flat item models derive from it."""

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from mbgui.analysis.wording import side_title
from mbgui.domain.framework import Framework
from mbgui.domain.request import Side
from mbgui.gui.item_models.roles import RECORD_ROLE, SIDE_ROLE, SORT_ROLE

Index = QModelIndex | QPersistentModelIndex
SortValue = str | int | float | None
Record = TypeVar("Record")

RIGHT_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT_ALIGNED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RecordTableModel(QAbstractTableModel, Generic[Record]):
    """Rows are records; a subclass names the columns and says what each shows."""

    titles: ClassVar[tuple[str, ...]] = ()
    right_aligned: ClassVar[frozenset[int]] = frozenset()
    sides: ClassVar[dict[int, Side]] = {}
    """Columns that belong to one side; `{side}` in their title becomes its name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._records: Sequence[Record] = ()
        self._frameworks: tuple[Framework | None, Framework | None] = (None, None)

    def show_records(
        self, records: Sequence[Record], left: Framework | None = None, right: Framework | None = None
    ) -> None:
        """Show these records in place of the ones before; the frameworks name the sides in headers."""
        self.beginResetModel()
        self._records = records
        self._frameworks = (left, right)
        self.endResetModel()

    @property
    def records(self) -> Sequence[Record]:
        """All records, in the order of the rows."""
        return self._records

    def side_name(self, side: Side) -> str:
        """The name a side goes by in this table."""
        return side_title(side, *self._frameworks)

    def text(self, record: Record, column: int) -> str:
        """What a cell shows."""
        raise NotImplementedError

    def sort_value(self, record: Record, column: int) -> SortValue:
        """The raw value a column is sorted by."""
        return self.text(record, column)

    def sort_values(self, column: int) -> list[SortValue]:
        """The raw values of all records, in their order."""
        return [self.sort_value(record, column) for record in self._records]

    def further_data(self, record: Record, column: int, role: int) -> object:
        """The answer to any other role, `None` for no answer."""
        del record, column, role
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Number of records."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(self.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, record and raw sort value of a cell, and what `further_data` adds."""
        return self.cell_data(index.row(), index.column(), role) if index.isValid() else None

    def cell_data(self, row: int, column: int, role: int) -> object:
        """What `data` answers for a cell that exists."""
        record = self._records[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(record, column)
        if role == SORT_ROLE:
            return self.sort_value(record, column)
        if role == RECORD_ROLE:
            return record
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        return self.further_data(record, column, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, alignment and side of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.titles):
            return None
        side = self.sides.get(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section].format(side=self.side_name(side) if side is not None else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return side if role == SIDE_ROLE else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        return RIGHT_ALIGNED if column in self.right_aligned else LEFT_ALIGNED
