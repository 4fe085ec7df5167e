"""Every tensor in a file as a table."""

from collections.abc import Callable
from enum import IntEnum
from operator import attrgetter
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.wording import count_text, shape_text, statistic_text
from mbgui.domain.model_file import FileTensor
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class FileTensorColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    SHAPE = 1
    DTYPE = 2
    COUNT = 3
    BYTES = 4
    MEAN = 5
    STD = 6
    MINIMUM = 7
    MAXIMUM = 8


def _statistic(name: str) -> Callable[[FileTensor], float | None]:
    get = attrgetter(name)

    def statistic(tensor: FileTensor) -> float | None:
        value: float | None = None if tensor.statistics is None else get(tensor.statistics)
        return value

    return statistic


_STATISTICS: dict[int, Callable[[FileTensor], float | None]] = {
    FileTensorColumn.MEAN: _statistic("mean"),
    FileTensorColumn.STD: _statistic("std"),
    FileTensorColumn.MINIMUM: _statistic("minimum"),
    FileTensorColumn.MAXIMUM: _statistic("maximum"),
}
_SORT_VALUES: dict[int, Callable[[FileTensor], SortValue]] = {
    FileTensorColumn.NAME: attrgetter("name"),
    FileTensorColumn.SHAPE: attrgetter("value_count"),
    FileTensorColumn.DTYPE: attrgetter("dtype"),
    FileTensorColumn.COUNT: attrgetter("value_count"),
    FileTensorColumn.BYTES: attrgetter("size_bytes"),
    **_STATISTICS,
}
_TEXTS: dict[int, Callable[[FileTensor], str]] = {
    FileTensorColumn.NAME: attrgetter("name"),
    FileTensorColumn.SHAPE: lambda tensor: shape_text(tensor.shape),
    FileTensorColumn.DTYPE: attrgetter("dtype"),
    FileTensorColumn.COUNT: lambda tensor: count_text(tensor.value_count),
    FileTensorColumn.BYTES: lambda tensor: count_text(tensor.size_bytes),
}


class FileTensorTableModel(RecordTableModel[FileTensor]):
    """One tensor a row; what was not read is a dash."""

    titles: ClassVar = ("Name", "Shape", "Type", "Values", "Bytes", "Mean", "Std", "Min", "Max")
    right_aligned: ClassVar = frozenset({FileTensorColumn.COUNT, FileTensorColumn.BYTES, *_STATISTICS})

    def text(self, record: FileTensor, column: int) -> str:
        """What a cell shows."""
        if column in _STATISTICS:
            return statistic_text(_STATISTICS[column](record))
        return _TEXTS[column](record)

    def sort_value(self, record: FileTensor, column: int) -> SortValue:
        """Numbers by value, shapes by their number of values, all else by text."""
        return _SORT_VALUES[column](record)

    def sort_values(self, column: int) -> list[SortValue]:
        """The same for all records, with no call between."""
        return list(map(_SORT_VALUES[column], self._records))

    def further_data(self, record: FileTensor, column: int, role: int) -> object:
        """Muted types, full names and what statistics leave out as tooltip."""
        if role == TONE_ROLE:
            return Tone.MUTED if column == FileTensorColumn.DTYPE else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tooltip(record, column)
        return None


def _tooltip(tensor: FileTensor, column: int) -> str | None:
    if column == FileTensorColumn.NAME:
        return tensor.name
    if column not in _STATISTICS:
        return None
    if tensor.statistics is None:
        return "The values were not read"
    left_out = tensor.statistics.non_finite_count
    return f"{count_text(left_out)} values are not finite and left out" if left_out else None
