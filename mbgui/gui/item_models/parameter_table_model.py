"""Every stored tensor of both networks as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.wording import count_text, shape_text, statistic_text
from mbgui.domain.network import StoredTensor, TensorPurpose
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import SIDE_ROLE, TONE_ROLE, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class SidedTensor:
    """A stored tensor of one side."""

    side: Side
    tensor: StoredTensor


class ParameterColumn(IntEnum):
    """The columns, from left to right."""

    SIDE = 0
    NAME = 1
    LAYER = 2
    SHAPE = 3
    DTYPE = 4
    COUNT = 5
    BYTES = 6
    PURPOSE = 7
    TRAINABLE = 8
    MEAN = 9
    STD = 10
    MINIMUM = 11
    MAXIMUM = 12


_PURPOSES = {
    TensorPurpose.LEARNABLE: "learnable",
    TensorPurpose.FROZEN: "frozen",
    TensorPurpose.MOVING_STATISTIC: "moving statistic",
    TensorPurpose.COUNTER: "batch counter",
    TensorPurpose.OTHER_BUFFER: "other buffer",
}
_TEXTS: dict[int, Callable[[StoredTensor], str]] = {
    ParameterColumn.NAME: lambda tensor: tensor.name,
    ParameterColumn.LAYER: lambda tensor: tensor.layer,
    ParameterColumn.SHAPE: lambda tensor: shape_text(tensor.shape),
    ParameterColumn.DTYPE: lambda tensor: tensor.dtype,
    ParameterColumn.COUNT: lambda tensor: count_text(tensor.value_count),
    ParameterColumn.BYTES: lambda tensor: count_text(tensor.size_bytes),
    ParameterColumn.PURPOSE: lambda tensor: _PURPOSES[tensor.purpose],
    ParameterColumn.TRAINABLE: lambda tensor: "yes" if tensor.is_trainable else "no",
}
_STATISTICS = (ParameterColumn.MEAN, ParameterColumn.STD, ParameterColumn.MINIMUM, ParameterColumn.MAXIMUM)
_SORT_VALUES: dict[int, Callable[[SidedTensor], SortValue]] = {
    ParameterColumn.SIDE: attrgetter("side.value"),
    ParameterColumn.NAME: attrgetter("tensor.name"),
    ParameterColumn.LAYER: attrgetter("tensor.layer"),
    ParameterColumn.SHAPE: attrgetter("tensor.value_count"),
    ParameterColumn.DTYPE: attrgetter("tensor.dtype"),
    ParameterColumn.COUNT: attrgetter("tensor.value_count"),
    ParameterColumn.BYTES: attrgetter("tensor.size_bytes"),
    ParameterColumn.PURPOSE: attrgetter("tensor.purpose.value"),
    ParameterColumn.TRAINABLE: attrgetter("tensor.is_trainable"),
    ParameterColumn.MEAN: attrgetter("tensor.statistics.mean"),
    ParameterColumn.STD: attrgetter("tensor.statistics.std"),
    ParameterColumn.MINIMUM: attrgetter("tensor.statistics.minimum"),
    ParameterColumn.MAXIMUM: attrgetter("tensor.statistics.maximum"),
}


class ParameterTableModel(RecordTableModel[SidedTensor]):
    """One stored tensor a row."""

    titles: ClassVar = (
        *("Side", "Name", "Layer", "Shape", "Type", "Values", "Bytes", "Purpose", "Trainable"),
        *("Mean", "Std", "Min", "Max"),
    )
    right_aligned: ClassVar = frozenset({ParameterColumn.COUNT, ParameterColumn.BYTES, *_STATISTICS})

    def text(self, record: SidedTensor, column: int) -> str:
        """What a cell shows."""
        if column in _STATISTICS:
            return statistic_text(_statistic(record.tensor, column))
        if column == ParameterColumn.SIDE:
            return self.side_name(record.side)
        return _TEXTS[column](record.tensor)

    def sort_value(self, record: SidedTensor, column: int) -> SortValue:
        """Numbers by value, shapes by their number of values, all else by text."""
        return _SORT_VALUES[column](record)

    def sort_values(self, column: int) -> list[SortValue]:
        """The same for all records, with no call of Python's own for each."""
        return list(map(_SORT_VALUES[column], self._records))

    def further_data(self, record: SidedTensor, column: int, role: int) -> object:
        """The side of the first column, muted texts, and full names as tooltip."""
        if role == SIDE_ROLE and column == ParameterColumn.SIDE:
            return record.side
        if role == TONE_ROLE:
            return Tone.MUTED if column in (ParameterColumn.LAYER, ParameterColumn.DTYPE) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tooltip(record.tensor, column)
        return None


def _statistic(tensor: StoredTensor, column: int) -> float | None:
    statistics = tensor.statistics
    return (statistics.mean, statistics.std, statistics.minimum, statistics.maximum)[column - ParameterColumn.MEAN]


def _tooltip(tensor: StoredTensor, column: int) -> str | None:
    if column in _STATISTICS and tensor.statistics.non_finite_count:
        return f"{count_text(tensor.statistics.non_finite_count)} values are not finite and left out"
    if column == ParameterColumn.NAME:
        return "\n".join((tensor.name, *(f"also reachable as {alias}" for alias in tensor.aliases)))
    return tensor.layer if column == ParameterColumn.LAYER else None
