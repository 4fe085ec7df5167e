"""The parameter ledger of both networks as a table."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.ledger_rows import LedgerCell, LedgerRow, LedgerRowKind
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel
from mbgui.gui.item_models.roles import BADGES_ROLE, TONE_ROLE, Badge, Tone


class LedgerColumn(IntEnum):
    """The columns, from left to right."""

    QUANTITY = 0
    LEFT = 1
    LEFT_COUNTED = 2
    RIGHT = 3
    RIGHT_COUNTED = 4


class LedgerTableModel(RecordTableModel[LedgerRow]):
    """One quantity a row: both sides' values, each with a word on whether its framework counts them."""

    titles: ClassVar = ("Quantity", "{side}", "", "{side}", "")
    right_aligned: ClassVar = frozenset({LedgerColumn.LEFT, LedgerColumn.RIGHT})
    sides: ClassVar = {LedgerColumn.LEFT: Side.LEFT, LedgerColumn.RIGHT: Side.RIGHT}

    def text(self, record: LedgerRow, column: int) -> str:
        """What a cell shows."""
        return {
            LedgerColumn.QUANTITY: record.title,
            LedgerColumn.LEFT: record.left.text,
            LedgerColumn.LEFT_COUNTED: _mark(record.left),
            LedgerColumn.RIGHT: record.right.text,
            LedgerColumn.RIGHT_COUNTED: _mark(record.right),
        }[LedgerColumn(column)]

    def further_data(self, record: LedgerRow, column: int, role: int) -> object:
        """Badges for the marks, totals in bold, the explanation as tooltip."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return record.explanation
        if role == BADGES_ROLE and column in (LedgerColumn.LEFT_COUNTED, LedgerColumn.RIGHT_COUNTED):
            return _badges(record.left if column == LedgerColumn.LEFT_COUNTED else record.right)
        if role == TONE_ROLE and record.kind is LedgerRowKind.TOTAL:
            return Tone.STRONG
        return None


def _mark(cell: LedgerCell) -> str:
    return {None: "", True: "counted", False: "not counted"}[cell.is_counted]


def _badges(cell: LedgerCell) -> tuple[Badge, ...]:
    if cell.is_counted is None:
        return ()
    return (Badge(text=_mark(cell), tone=Tone.NORMAL if cell.is_counted else Tone.MUTED),)
