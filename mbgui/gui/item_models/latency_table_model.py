"""The latency statistics of both sides as a table."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from mbgui.analysis.wording import count_text, milliseconds_text
from mbgui.domain.latency import LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import SIDE_ROLE


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRow:
    """One side: what was called and how, and what that took."""

    side: Side
    title: str
    summary: LatencySummary
    first_call_s: float | None


class LatencyColumn(IntEnum):
    """The columns, from left to right."""

    CALLED = 0
    COUNT = 1
    MEAN = 2
    MEDIAN = 3
    P90 = 4
    P99 = 5
    MINIMUM = 6
    IQR = 7
    FIRST_CALL = 8


class LatencyTableModel(RecordTableModel[LatencyRow]):
    """One side a row; times read in milliseconds and sort in seconds."""

    titles: ClassVar = (
        "Side, call path",
        "n",
        "mean, ms",
        "median, ms",
        "p90, ms",
        "p99, ms",
        "min, ms",
        "IQR, ms",
        "first call, ms",
    )
    right_aligned: ClassVar = frozenset(LatencyColumn) - {LatencyColumn.CALLED}

    def text(self, record: LatencyRow, column: int) -> str:
        """What a cell shows."""
        if column == LatencyColumn.CALLED:
            return record.title
        value = self.sort_value(record, column)
        if column == LatencyColumn.COUNT:
            return count_text(record.summary.count)
        return milliseconds_text(value) if isinstance(value, float) else count_text(None)

    def sort_value(self, record: LatencyRow, column: int) -> SortValue:
        """The raw value a column is sorted by."""
        summary = record.summary
        return (
            record.title,
            summary.count,
            summary.mean_s,
            summary.median_s,
            summary.p90_s,
            summary.p99_s,
            summary.minimum_s,
            summary.iqr_s,
            record.first_call_s,
        )[column]

    def further_data(self, record: LatencyRow, column: int, role: int) -> object:
        """The side, for the colour of its title."""
        return record.side if role == SIDE_ROLE and column == LatencyColumn.CALLED else None
