"""Layers that may be chosen as a partner, as a table."""

from enum import IntEnum
from typing import ClassVar

from mbgui.analysis.corrections import PartnerChoice
from mbgui.analysis.layer_text import output_text, type_text
from mbgui.gui.item_models.record_table_model import RecordTableModel
from mbgui.gui.item_models.roles import TONE_ROLE, Tone


class PartnerColumn(IntEnum):
    """The columns, from left to right."""

    LAYER = 0
    TYPE = 1
    OUTPUT = 2
    STATE = 3


class PartnerTableModel(RecordTableModel[PartnerChoice]):
    """One layer a row."""

    titles: ClassVar = ("Layer", "Type", "Output", "Now")

    def text(self, record: PartnerChoice, column: int) -> str:
        """What a cell shows."""
        layer = record.layer
        return {
            PartnerColumn.LAYER: layer.path,
            PartnerColumn.TYPE: type_text(layer),
            PartnerColumn.OUTPUT: output_text(layer),
            PartnerColumn.STATE: "no partner" if record.is_free else "paired",
        }[PartnerColumn(column)]

    def further_data(self, record: PartnerChoice, column: int, role: int) -> object:
        """Layers that are paired already are quiet."""
        if role == TONE_ROLE:
            is_quiet = not record.is_free or column in (PartnerColumn.TYPE, PartnerColumn.STATE)
            return Tone.MUTED if is_quiet else Tone.NORMAL
        return None
