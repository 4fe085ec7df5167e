"""The time of pairs of layers as a table."""

from collections.abc import Callable
from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.layer_time_rows import LayerTimeRow
from mbgui.analysis.performance_wording import layer_milliseconds_text
from mbgui.analysis.wording import MISSING
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class LayerTimesColumn(IntEnum):
    """The columns, from left to right."""

    LEFT = 0
    RIGHT = 1
    LEFT_TIME = 2
    RIGHT_TIME = 3
    DIFFERENCE = 4
    LEFT_SHARE = 5
    RIGHT_SHARE = 6


_TITLES = {
    LayerTimesColumn.LEFT: "{side}",
    LayerTimesColumn.RIGHT: "{side}",
    LayerTimesColumn.LEFT_TIME: "left, ms",
    LayerTimesColumn.RIGHT_TIME: "right, ms",
    LayerTimesColumn.DIFFERENCE: "difference, ms",
    LayerTimesColumn.LEFT_SHARE: "left, %",
    LayerTimesColumn.RIGHT_SHARE: "right, %",
}
_TIPS = {
    LayerTimesColumn.LEFT_TIME: "What the left layer takes, what runs inside its members left out",
    LayerTimesColumn.RIGHT_TIME: "What the right layer takes, what runs inside its members left out",
    LayerTimesColumn.DIFFERENCE: "Right minus left; sorts by size, whichever side is slower",
    LayerTimesColumn.LEFT_SHARE: "The part of a whole pass of the left side",
    LayerTimesColumn.RIGHT_SHARE: "The part of a whole pass of the right side",
}
_NOT_APART = "Not timed by itself: its time, if any was measured, is in that of what contains it."
_VALUES: dict[int, Callable[[LayerTimeRow], SortValue]] = {
    LayerTimesColumn.LEFT: lambda row: row.left or None,
    LayerTimesColumn.RIGHT: lambda row: row.right or None,
    LayerTimesColumn.LEFT_TIME: lambda row: row.left_s,
    LayerTimesColumn.RIGHT_TIME: lambda row: row.right_s,
    LayerTimesColumn.DIFFERENCE: lambda row: None if row.difference_s is None else row.size,
    LayerTimesColumn.LEFT_SHARE: lambda row: row.left_share,
    LayerTimesColumn.RIGHT_SHARE: lambda row: row.right_share,
}
_NAMES = (LayerTimesColumn.LEFT, LayerTimesColumn.RIGHT)
_TIMES = (LayerTimesColumn.LEFT_TIME, LayerTimesColumn.RIGHT_TIME)
_SHARES = (LayerTimesColumn.LEFT_SHARE, LayerTimesColumn.RIGHT_SHARE)
_OF_LEFT = (LayerTimesColumn.LEFT, LayerTimesColumn.LEFT_TIME, LayerTimesColumn.LEFT_SHARE)


class LayerTimesTableModel(RecordTableModel[LayerTimeRow]):
    """One pair a row, or one layer that has no partner; times read in milliseconds and sort in seconds."""

    titles: ClassVar = tuple(_TITLES[column] for column in LayerTimesColumn)
    right_aligned: ClassVar = frozenset(LayerTimesColumn) - {LayerTimesColumn.LEFT, LayerTimesColumn.RIGHT}
    sides: ClassVar = {LayerTimesColumn.LEFT: Side.LEFT, LayerTimesColumn.RIGHT: Side.RIGHT}

    def text(self, record: LayerTimeRow, column: int) -> str:
        """What a cell shows; nothing on a side without a layer, a dash where a layer was not timed apart."""
        if column == LayerTimesColumn.DIFFERENCE:
            return MISSING if record.difference_s is None else layer_milliseconds_text(record.difference_s, sign="+")
        value = _VALUES[column](record)
        if isinstance(value, float):
            return layer_milliseconds_text(value) if column in _TIMES else f"{value * 100:.1f}"
        return (value or "") if isinstance(value, str) else MISSING if _is_missing(record, column) else ""

    def sort_value(self, record: LayerTimeRow, column: int) -> SortValue:
        """The raw value; differences by size."""
        return _VALUES[column](record)

    def sort_values(self, column: int) -> list[SortValue]:
        """The raw values of all records, straight from them, since there may be 100,000."""
        return list(map(_VALUES[column], self.records))

    def further_data(self, record: LayerTimeRow, column: int, role: int) -> object:
        """Names in full and reasons as tooltip; shares are quiet."""
        if role == Qt.ItemDataRole.ToolTipRole:
            if column in _NAMES:
                return self.text(record, column) or None
            return _NOT_APART if _is_missing(record, column) else None
        return Tone.MUTED if role == TONE_ROLE and column in _SHARES else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles, and what the figures mean as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return _TIPS.get(LayerTimesColumn(section)) if 0 <= section < len(LayerTimesColumn) else None
        return super().headerData(section, orientation, role)


def _is_missing(record: LayerTimeRow, column: int) -> bool:
    """Whether there is a layer, but no time of its own."""
    if column == LayerTimesColumn.DIFFERENCE:
        return record.difference_s is None
    name, time_s = (record.left, record.left_s) if column in _OF_LEFT else (record.right, record.right_s)
    return bool(name) and time_s is None
