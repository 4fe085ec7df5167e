"""The layer types of both networks as one table."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import Qt

from mbgui.analysis.wording import count_text, percent_text
from mbgui.domain.accounting import LayerTypeShare
from mbgui.domain.request import Side
from mbgui.gui.item_models.record_table_model import RecordTableModel, SortValue
from mbgui.gui.item_models.roles import SHARE_ROLE, SIDE_ROLE, TONE_ROLE, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class SidedLayerType:
    """A layer type of one side."""

    side: Side
    share: LayerTypeShare


class LayerTypeColumn(IntEnum):
    """The columns, from left to right."""

    TYPE = 0
    COUNT = 1
    PARAMETERS = 2
    SHARE = 3
    BAR = 4


class LayerTypeTableModel(RecordTableModel[SidedLayerType]):
    """One layer type of one side a row, with its share of that framework's total as number and bar."""

    titles: ClassVar = ("Type", "Count", "Parameters", "Share", "")
    right_aligned: ClassVar = frozenset({LayerTypeColumn.COUNT, LayerTypeColumn.PARAMETERS, LayerTypeColumn.SHARE})

    def text(self, record: SidedLayerType, column: int) -> str:
        """What a cell shows; nothing in place of a share of zero."""
        share = record.share
        return {
            LayerTypeColumn.TYPE: share.type_name,
            LayerTypeColumn.COUNT: count_text(share.count),
            LayerTypeColumn.PARAMETERS: count_text(share.parameter_count),
            LayerTypeColumn.SHARE: percent_text(share.share) if share.parameter_count else "",
            LayerTypeColumn.BAR: "",
        }[LayerTypeColumn(column)]

    def sort_value(self, record: SidedLayerType, column: int) -> SortValue:
        """Names by text without regard to case, all else by number."""
        share = record.share
        values: dict[LayerTypeColumn, SortValue] = {
            LayerTypeColumn.TYPE: share.type_name.casefold(),
            LayerTypeColumn.COUNT: share.count,
            LayerTypeColumn.PARAMETERS: share.parameter_count,
            LayerTypeColumn.SHARE: share.share,
            LayerTypeColumn.BAR: share.share,
        }
        return values[LayerTypeColumn(column)]

    def further_data(self, record: SidedLayerType, column: int, role: int) -> object:
        """The side of the name and of the bar, and the share the bar draws."""
        if role == SIDE_ROLE and column in (LayerTypeColumn.TYPE, LayerTypeColumn.BAR):
            return record.side
        if role == SHARE_ROLE and column == LayerTypeColumn.BAR:
            return record.share.share
        if role == TONE_ROLE and not record.share.parameter_count and column != LayerTypeColumn.TYPE:
            return Tone.MUTED
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._sentence(record) if column in (LayerTypeColumn.TYPE, LayerTypeColumn.BAR) else None
        return None

    def _sentence(self, record: SidedLayerType) -> str:
        share = record.share
        kind = "operation" if share.is_operation else "layer type"
        return (
            f"{share.type_name}, {kind} of {self.side_name(record.side)}: {count_text(share.count)} × with "
            f"{count_text(share.parameter_count)} parameters, {percent_text(share.share)} of the framework's total"
        )
