"""The table of call paths: bars on one axis, and reasons across the columns of figures."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from mbgui.gui.item_models.ladder_table_model import LadderColumn
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import CellDelegate, Index
from mbgui.gui.widgets.content_table import ContentTable

_SHOWN_FROM = {
    LadderColumn.INTERVAL: 1060,
    LadderColumn.TRACES: 920,
    LadderColumn.IMPORT: 840,
    LadderColumn.BUILD: 840,
}
"""Pixels of width below which a column gives its room to the bars."""

_FIGURES = range(LadderColumn.IMPORT, LadderColumn.BAR)


class LadderTable(ContentTable):
    """Sorts by a click on a title; a path without figures shows its reason in place of them."""

    def __init__(self, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, LadderDelegate(theme), stretches={LadderColumn.BAR: 1}, parent=parent)
        self.set_sortable()
        model.layoutChanged.connect(self._span_reasons)

    def _divide_width(self) -> None:
        width = self.viewport().width()
        for column, least in _SHOWN_FROM.items():
            self.setColumnHidden(column, width < least)
        super()._divide_width()
        self._span_reasons()

    def _span_reasons(self) -> None:
        self.clearSpans()
        first = next(column for column in _FIGURES if not self.isColumnHidden(column))
        for row in range(self.model().rowCount()):
            if has_reason(self.model().index(row, LadderColumn.BAR)):
                self.setSpan(row, first, 1, len(LadderColumn) - first)


class LadderDelegate(CellDelegate):
    """Paints the reason of a path over all of its figures."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A cell, or the reason."""
        reason = index.sibling(index.row(), LadderColumn.BAR)
        is_covered = index.column() in _FIGURES and has_reason(reason)
        super().paint(painter, option, reason if is_covered else index)

    def elision(self, column: int) -> Qt.TextElideMode:
        """Reasons are sentences: their end gives way, not their middle."""
        return Qt.TextElideMode.ElideRight if column == LadderColumn.BAR else super().elision(column)


def has_reason(bar: Index) -> bool:
    """Whether there are words in the place of a bar."""
    return bool(bar.data())
