"""The call paths of both sides as a table: what each costs before its calls are steady, and then."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.call_path_wording import call_path_explanation, call_path_title
from mbgui.analysis.ladder_rows import LadderRow, axis_end_s
from mbgui.analysis.performance_wording import interval_text, seconds_text
from mbgui.analysis.wording import MISSING, milliseconds_text
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import BADGES_ROLE, SHARE_ROLE, SIDE_ROLE, TONE_ROLE, Badge, Tone


class LadderColumn(IntEnum):
    """The columns, from left to right."""

    PATH = 0
    MARK = 1
    IMPORT = 2
    BUILD = 3
    FIRST_CALL = 4
    MEDIAN = 5
    INTERVAL = 6
    TRACES = 7
    BAR = 8


_TIPS = {
    LadderColumn.IMPORT: "Seconds that importing the framework took",
    LadderColumn.BUILD: "Seconds that building the model took",
    LadderColumn.FIRST_CALL: "Seconds of the first call, which traces and compiles where the path does",
    LadderColumn.MEDIAN: "The median of the calls once their level was steady",
    LadderColumn.INTERVAL: "The 95 % interval of that median",
    LadderColumn.TRACES: "How often a tf.function was traced: more than once means that calls were traced anew",
    LadderColumn.BAR: "The steady medians on one axis from 0, or why a path was left out",
}
_RECOMMENDED, _AXIS = "recommended", "0 to {end} ms"


class LadderTableModel(RecordTableModel[LadderRow]):
    """One call path a row; the last column holds its bar, or why it could not be run."""

    titles: ClassVar = (
        "Call path",
        "",
        "import, s",
        "build, s",
        "first call, s",
        "median, ms",
        "interval, ms",
        "traces",
        "",
    )
    right_aligned: ClassVar = frozenset(range(LadderColumn.IMPORT, LadderColumn.BAR))

    def text(self, record: LadderRow, column: int) -> str:
        """What a cell shows."""
        timing = record.timing
        if column == LadderColumn.PATH:
            return f"{self.side_name(timing.side)} · {call_path_title(timing.call_path)}"
        if column == LadderColumn.MARK:
            return _RECOMMENDED if record.is_recommended else ""
        if column == LadderColumn.BAR:
            return timing.reason if timing.summary is None else ""
        return self._figure(record, column)

    def sort_value(self, record: LadderRow, column: int) -> SortValue:
        """Times by seconds, paths as they read; a path without a figure comes last."""
        launch, summary = record.timing.launch, record.timing.summary
        if column in (LadderColumn.PATH, LadderColumn.MARK):
            return self.text(record, column)
        if column in (LadderColumn.MEDIAN, LadderColumn.BAR):
            return summary.median_s if summary is not None else None
        if column == LadderColumn.INTERVAL:
            return summary.median_high_s - summary.median_low_s if summary is not None else None
        if launch is None:
            return None
        return {
            LadderColumn.IMPORT: launch.import_s,
            LadderColumn.BUILD: launch.build_s,
            LadderColumn.FIRST_CALL: launch.first_call_s,
            LadderColumn.TRACES: launch.traces,
        }[LadderColumn(column)]

    def further_data(self, record: LadderRow, column: int, role: int) -> object:
        """Side, badge, bar, tone and words for the tooltip."""
        if role == SIDE_ROLE and column in (LadderColumn.PATH, LadderColumn.BAR):
            return record.timing.side if column == LadderColumn.PATH or record.timing.summary is not None else None
        if role == SHARE_ROLE and column == LadderColumn.BAR:
            return record.share
        if role == BADGES_ROLE and column == LadderColumn.MARK and record.is_recommended:
            return (Badge(text=_RECOMMENDED, tone=Tone.MUTED),)
        if role == TONE_ROLE:
            return _tone(record, column)
        return _tooltip(record, column) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles, and what the figures mean as tooltip; the axis of the bars says where it ends."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(LadderColumn):
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(LadderColumn(section))
        title = super().headerData(section, orientation, role)
        is_axis = role == Qt.ItemDataRole.DisplayRole and section == LadderColumn.BAR
        return (
            _AXIS.format(end=milliseconds_text(axis_end_s([row.timing for row in self.records]))) if is_axis else title
        )

    def _figure(self, record: LadderRow, column: int) -> str:
        summary, value = record.timing.summary, self.sort_value(record, column)
        if column == LadderColumn.INTERVAL:
            return interval_text(summary) if summary is not None else MISSING
        if column == LadderColumn.MEDIAN:
            return milliseconds_text(value) if isinstance(value, float) else MISSING
        if column == LadderColumn.TRACES:
            return MISSING if value is None else f"{value:,}"
        return seconds_text(value if isinstance(value, float) else None)


def _tone(record: LadderRow, column: int) -> Tone:
    traces = record.timing.launch.traces if record.timing.launch is not None else None
    if column == LadderColumn.TRACES and traces is not None and traces > 1:
        return Tone.WARNING
    return Tone.MUTED if record.timing.summary is None or column == LadderColumn.INTERVAL else Tone.NORMAL


def _tooltip(record: LadderRow, column: int) -> str | None:
    if column == LadderColumn.PATH:
        return call_path_explanation(record.timing.call_path)
    return record.timing.reason or None
