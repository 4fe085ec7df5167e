"""What a file says of itself, as a table."""

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.domain.model_file import FileFact
from mbgui.gui.item_models.record_table_model import RecordTableModel
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class FactColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    VALUE = 1


class FileFactTableModel(RecordTableModel[FileFact]):
    """One fact a row."""

    titles: ClassVar = ("Fact", "Value")

    def text(self, record: FileFact, column: int) -> str:
        """What a cell shows."""
        return record.name if column == FactColumn.NAME else record.value

    def further_data(self, record: FileFact, column: int, role: int) -> object:
        """Muted names, and values in full as tooltip."""
        if role == TONE_ROLE and column == FactColumn.NAME:
            return Tone.MUTED
        return record.value if role == Qt.ItemDataRole.ToolTipRole and column == FactColumn.VALUE else None
