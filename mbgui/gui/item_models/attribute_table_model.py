"""The attributes of two partners as a table."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.attributes import AttributeRow
from mbgui.analysis.wording import MISSING
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel
from mbgui.gui.item_models.roles import BADGES_ROLE, TONE_ROLE, Badge, Tone


class AttributeColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    LEFT = 1
    RIGHT = 2
    MARK = 3


class AttributeTableModel(RecordTableModel[AttributeRow]):
    """One attribute a row, with a word on whether both layers agree in it."""

    titles: ClassVar = ("Attribute", "{side}", "{side}", "")
    sides: ClassVar = {AttributeColumn.LEFT: Side.LEFT, AttributeColumn.RIGHT: Side.RIGHT}

    def text(self, record: AttributeRow, column: int) -> str:
        """What a cell shows."""
        return {
            AttributeColumn.NAME: record.name,
            AttributeColumn.LEFT: record.left,
            AttributeColumn.RIGHT: record.right,
            AttributeColumn.MARK: _mark(record),
        }[AttributeColumn(column)]

    def further_data(self, record: AttributeRow, column: int, role: int) -> object:
        """The framework's own spelling as tooltip; what differs is marked."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return {AttributeColumn.LEFT: record.left_native, AttributeColumn.RIGHT: record.right_native}.get(
                AttributeColumn(column)
            )
        if role == TONE_ROLE and record.is_different and column in (AttributeColumn.LEFT, AttributeColumn.RIGHT):
            return Tone.WARNING
        if role == BADGES_ROLE and column == AttributeColumn.MARK:
            tone = Tone.WARNING if record.is_different else Tone.MUTED
            return tuple(Badge(text=text, tone=tone) for text in (_mark(record),) if text)
        return None


def _mark(record: AttributeRow) -> str:
    if record.is_different:
        return "differs"
    return "equal" if MISSING not in (record.left, record.right) and record.left == record.right else ""
