"""The latency statistics of both sides as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from mbgui.analysis.performance_wording import interval_text
from mbgui.analysis.wording import BYTES_PER_MEBIBYTE, MISSING, count_text, milliseconds_text
from mbgui.domain.latency import LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import SIDE_ROLE


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRow:
    """One side: what was called and how, what that took, and what its processes took before and beside it.

    The first call is the median over the processes, tracing and compiling included; `memory_bytes` the median of what
    their largest resident size was above that after importing the framework; `traces` the most of any.
    """

    side: Side
    title: str
    summary: LatencySummary
    launches: int = 0
    first_call_s: float | None = None
    memory_bytes: float | None = None
    traces: int | None = None


class LatencyColumn(IntEnum):
    """The columns, from left to right."""

    CALLED = 0
    COUNT = 1
    MEDIAN = 2
    INTERVAL = 3
    MEAN = 4
    P90 = 5
    P99 = 6
    MINIMUM = 7
    IQR = 8
    OUTLIERS = 9
    LAUNCHES = 10
    FIRST_CALL = 11
    MEMORY = 12
    TRACES = 13


_COUNTED = {LatencyColumn.COUNT, LatencyColumn.OUTLIERS, LatencyColumn.LAUNCHES, LatencyColumn.TRACES}


class LatencyTableModel(RecordTableModel[LatencyRow]):
    """One side a row; times read in milliseconds and sort in seconds."""

    titles: ClassVar = (
        "Side, call path",
        "n",
        "median",
        "95 %",
        "mean",
        "p90",
        "p99",
        "min",
        "IQR",
        "outliers",
        "launches",
        "first call",
        "memory",
        "traces",
    )
    right_aligned: ClassVar = frozenset(LatencyColumn) - {LatencyColumn.CALLED}

    def renew(self, records: Sequence[LatencyRow]) -> None:
        """Change the figures of the same rows, which keeps what is selected."""
        self._records = records
        self.dataChanged.emit(self.index(0, 0), self.index(len(records) - 1, len(self.titles) - 1))

    def text(self, record: LatencyRow, column: int) -> str:
        """What a cell shows."""
        value = self.sort_value(record, column)
        if column == LatencyColumn.CALLED:
            return record.title
        if column == LatencyColumn.INTERVAL:
            return interval_text(record.summary)
        if value is None:
            return MISSING
        if column in _COUNTED:
            return count_text(int(value))
        if column == LatencyColumn.MEMORY:
            return f"{float(value) / BYTES_PER_MEBIBYTE:,.0f} MiB"
        return milliseconds_text(float(value))

    def sort_value(self, record: LatencyRow, column: int) -> SortValue:
        """The raw value a column is sorted by; intervals by their lower end."""
        summary = record.summary
        return (
            record.title,
            summary.count,
            summary.median_s,
            summary.median_low_s,
            summary.mean_s,
            summary.p90_s,
            summary.p99_s,
            summary.minimum_s,
            summary.iqr_s,
            summary.outliers,
            record.launches,
            record.first_call_s,
            record.memory_bytes,
            record.traces,
        )[column]

    def further_data(self, record: LatencyRow, column: int, role: int) -> object:
        """The side, for the colour of its title."""
        return record.side if role == SIDE_ROLE and column == LatencyColumn.CALLED else None
