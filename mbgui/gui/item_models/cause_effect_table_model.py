"""What switching causes off does to the outputs, as a table."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.equivalence_rows import CauseRow
from mbgui.analysis.equivalence_wording import error_text
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class CauseEffectColumn(IntEnum):
    """The columns, from left to right."""

    CAUSE = 0
    REMOVED = 1
    LEFT_IN = 2
    REASON = 3


class CauseEffectTableModel(RecordTableModel[CauseRow]):
    """One cause a row, between the run with all of them and the one with none; these are errors, never shares."""

    titles: ClassVar = ("Switched off", "Error without it", "Error with it alone", "")
    right_aligned: ClassVar = frozenset({CauseEffectColumn.REMOVED, CauseEffectColumn.LEFT_IN})

    def text(self, record: CauseRow, column: int) -> str:
        """What a cell shows."""
        if column == CauseEffectColumn.CAUSE:
            return record.title
        if column == CauseEffectColumn.REASON:
            return record.reason
        if column == CauseEffectColumn.LEFT_IN and record.is_total:
            return ""
        value = record.removed if column == CauseEffectColumn.REMOVED else record.left_in
        return error_text(value)

    def sort_value(self, record: CauseRow, column: int) -> SortValue:
        """Errors by size, all else as it reads."""
        if column == CauseEffectColumn.REMOVED:
            return record.removed
        return record.left_in if column == CauseEffectColumn.LEFT_IN else self.text(record, column)

    def further_data(self, record: CauseRow, column: int, role: int) -> object:
        """The runs with all causes and with none stand out; reasons are quiet."""
        if role == TONE_ROLE and column == CauseEffectColumn.REASON:
            return Tone.MUTED
        if role == TONE_ROLE and record.is_total:
            return Tone.STRONG
        return record.reason or None if role == Qt.ItemDataRole.ToolTipRole else None
