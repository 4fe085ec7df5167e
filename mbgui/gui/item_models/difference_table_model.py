"""The differences of two networks as a table."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.wording import EFFECT_TITLES
from mbgui.domain.difference import Difference, Effect
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import BADGES_ROLE, Badge, Tone

_GRAVITY = {effect: rank for rank, effect in enumerate(Effect)}
_TONES = {Effect.INFERENCE: Tone.WARNING, Effect.TRAINING: Tone.NORMAL}


class DifferenceColumn(IntEnum):
    """The columns, from left to right."""

    CAUSE = 0
    LEFT = 1
    RIGHT = 2
    WHERE = 3
    EFFECT = 4


class DifferenceTableModel(RecordTableModel[Difference]):
    """One difference a row: its cause, both values, where it shows and what it touches."""

    titles: ClassVar = ("Cause", "{side}", "{side}", "Where", "Touches")
    sides: ClassVar = {DifferenceColumn.LEFT: Side.LEFT, DifferenceColumn.RIGHT: Side.RIGHT}

    def text(self, record: Difference, column: int) -> str:
        """What a cell shows."""
        return {
            DifferenceColumn.CAUSE: record.title,
            DifferenceColumn.LEFT: record.left_value,
            DifferenceColumn.RIGHT: record.right_value,
            DifferenceColumn.WHERE: record.where,
            DifferenceColumn.EFFECT: EFFECT_TITLES[record.effect],
        }[DifferenceColumn(column)]

    def sort_value(self, record: Difference, column: int) -> SortValue:
        """Effects by gravity, places by number, all else by text."""
        if column == DifferenceColumn.EFFECT:
            return _GRAVITY[record.effect]
        if column == DifferenceColumn.WHERE:
            return len(record.places)
        return self.text(record, column)

    def further_data(self, record: Difference, column: int, role: int) -> object:
        """The explanation as tooltip, the effect as badge."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return record.explanation
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return record.explanation
        if role == BADGES_ROLE and column == DifferenceColumn.EFFECT:
            return (Badge(text=EFFECT_TITLES[record.effect], tone=_TONES.get(record.effect, Tone.MUTED)),)
        return None
