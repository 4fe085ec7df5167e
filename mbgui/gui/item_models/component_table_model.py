"""The software that mbgui is made of, as a table."""

from enum import IntEnum
from typing import ClassVar

from mbgui.gui.bundled_software import Component
from mbgui.gui.item_models.record_table_model import RecordTableModel
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class ComponentColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    VERSION = 1
    LICENCE = 2


class ComponentTableModel(RecordTableModel[Component]):
    """One component a row."""

    titles: ClassVar = ("Software", "Version", "Licence")

    def text(self, record: Component, column: int) -> str:
        """What a cell shows."""
        return {
            ComponentColumn.NAME: record.name,
            ComponentColumn.VERSION: record.version or "–",
            ComponentColumn.LICENCE: record.licence or "see its text",
        }[ComponentColumn(column)]

    def further_data(self, record: Component, column: int, role: int) -> object:
        """The name stands out."""
        del record
        if role == TONE_ROLE:
            return Tone.NORMAL if column == ComponentColumn.NAME else Tone.MUTED
        return None
