"""The points of a sweep as a table: both sides at each value."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import QObject, Qt

from mbgui.analysis.performance_wording import AXIS_TITLES, interval_text
from mbgui.analysis.sweep_rows import SweepRow
from mbgui.analysis.wording import MISSING, milliseconds_text
from mbgui.domain.performance import SweepPoint
from mbgui.domain.request import Side, SweepAxis
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class SweepColumn(IntEnum):
    """The columns, from left to right."""

    VALUE = 0
    LEFT_MEDIAN = 1
    LEFT_INTERVAL = 2
    RIGHT_MEDIAN = 3
    RIGHT_INTERVAL = 4
    RATIO = 5
    LEFT_THROUGHPUT = 6
    RIGHT_THROUGHPUT = 7
    NOTE = 8


_TITLES = {
    SweepColumn.VALUE: "",
    SweepColumn.LEFT_MEDIAN: "{side}, ms",
    SweepColumn.LEFT_INTERVAL: "interval, ms",
    SweepColumn.RIGHT_MEDIAN: "{side}, ms",
    SweepColumn.RIGHT_INTERVAL: "interval, ms",
    SweepColumn.RATIO: "ratio",
    SweepColumn.LEFT_THROUGHPUT: "{side}, per s",
    SweepColumn.RIGHT_THROUGHPUT: "{side}, per s",
    SweepColumn.NOTE: "",
}
_TIPS = {
    SweepColumn.LEFT_MEDIAN: "Median latency of the left side",
    SweepColumn.LEFT_INTERVAL: "The 95 % interval of the left median",
    SweepColumn.RIGHT_MEDIAN: "Median latency of the right side",
    SweepColumn.RIGHT_INTERVAL: "The 95 % interval of the right median",
    SweepColumn.RATIO: "Right median over left median",
    SweepColumn.LEFT_THROUGHPUT: "Inputs per second of the left side at its median",
    SweepColumn.RIGHT_THROUGHPUT: "Inputs per second of the right side at its median",
    SweepColumn.NOTE: "Why a side could not be measured",
}
_SIDES = {
    SweepColumn.LEFT_MEDIAN: Side.LEFT,
    SweepColumn.LEFT_INTERVAL: Side.LEFT,
    SweepColumn.LEFT_THROUGHPUT: Side.LEFT,
    SweepColumn.RIGHT_MEDIAN: Side.RIGHT,
    SweepColumn.RIGHT_INTERVAL: Side.RIGHT,
    SweepColumn.RIGHT_THROUGHPUT: Side.RIGHT,
}
_INTERVALS = (SweepColumn.LEFT_INTERVAL, SweepColumn.RIGHT_INTERVAL)
_THROUGHPUTS = (SweepColumn.LEFT_THROUGHPUT, SweepColumn.RIGHT_THROUGHPUT)


class SweepTableModel(RecordTableModel[SweepRow]):
    """One value a row; the last column says why a side has no figure."""

    titles: ClassVar = tuple(_TITLES[column] for column in SweepColumn)
    right_aligned: ClassVar = frozenset(SweepColumn) - {SweepColumn.NOTE}
    sides: ClassVar = {column: side for column, side in _SIDES.items() if column not in _INTERVALS}

    def __init__(self, axis: SweepAxis, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._axis = axis

    def text(self, record: SweepRow, column: int) -> str:
        """What a cell shows; nothing where a side was not reached yet, a dash where it could not be measured."""
        if column == SweepColumn.NOTE:
            return record.note
        value = self.sort_value(record, column)
        if column == SweepColumn.VALUE:
            return f"{record.value:,}"
        if column == SweepColumn.RATIO:
            return f"{value:.2f}" if isinstance(value, float) else ""
        point = record.point(_SIDES[SweepColumn(column)])
        if point is None or point.summary is None:
            return "" if point is None else MISSING
        if column in _INTERVALS:
            return interval_text(point.summary)
        return _throughput_text(point) if column in _THROUGHPUTS else milliseconds_text(point.summary.median_s)

    def sort_value(self, record: SweepRow, column: int) -> SortValue:
        """The raw value: seconds, inputs per second, or the width of an interval."""
        if column == SweepColumn.VALUE:
            return record.value
        if column == SweepColumn.RATIO:
            return record.ratio
        if column == SweepColumn.NOTE:
            return record.note or None
        point = record.point(_SIDES[SweepColumn(column)])
        if point is None or point.summary is None:
            return None
        if column in _INTERVALS:
            return point.summary.median_high_s - point.summary.median_low_s
        return point.throughput_per_s if column in _THROUGHPUTS else point.summary.median_s

    def further_data(self, record: SweepRow, column: int, role: int) -> object:
        """Notes as tooltip; intervals and notes are quiet."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return record.note or None
        return Tone.MUTED if role == TONE_ROLE and column in (*_INTERVALS, SweepColumn.NOTE) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles, and what the figures mean as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return _TIPS.get(SweepColumn(section)) if 0 <= section < len(SweepColumn) else None
        is_axis = role == Qt.ItemDataRole.DisplayRole and section == SweepColumn.VALUE
        is_title = is_axis and orientation is Qt.Orientation.Horizontal
        return AXIS_TITLES[self._axis] if is_title else super().headerData(section, orientation, role)


def _throughput_text(point: SweepPoint) -> str:
    """About three significant digits: `1,204`, `40.0`, `0.125`."""
    digits = 0 if point.throughput_per_s >= 100 else 1 if point.throughput_per_s >= 10 else 3
    return f"{point.throughput_per_s:,.{digits}f}"
