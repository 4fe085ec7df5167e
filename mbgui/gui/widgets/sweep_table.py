"""The table of the points of a sweep."""

from PySide6.QtWidgets import QWidget

from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.item_models.sweep_table_model import SweepColumn, SweepTableModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable

_SHOWN_FROM = {
    SweepColumn.LEFT_INTERVAL: 1000,
    SweepColumn.RIGHT_INTERVAL: 1000,
    SweepColumn.LEFT_THROUGHPUT: 720,
    SweepColumn.RIGHT_THROUGHPUT: 720,
}
"""Pixels of width below which a column gives its room to the notes."""

_LEAST_NOTES = 24  # pixels of the column of notes where there are none


class SweepTable(ContentTable):
    """Sorts by a click on a title; notes take as many lines as they need."""

    def __init__(self, theme: Theme, model: SweepTableModel, parent: QWidget | None = None) -> None:
        self._rows = model
        delegate = CellDelegate(theme, wrapping=(SweepColumn.NOTE,))
        super().__init__(theme, SortFilterProxy(model, model), delegate, stretches={SweepColumn.NOTE: 1}, parent=parent)
        self.set_sortable()

    def _divide_width(self) -> None:
        width = self.viewport().width()
        for column, least in _SHOWN_FROM.items():
            self.setColumnHidden(column, width < least)
        super()._divide_width()
        if not any(row.note for row in self._rows.records):
            self._spread()

    def _spread(self) -> None:
        """Without notes the figures take their room."""
        header = self.horizontalHeader()
        figures = [column for column in range(SweepColumn.NOTE) if not self.isColumnHidden(column)]
        more = (header.sectionSize(SweepColumn.NOTE) - _LEAST_NOTES) // len(figures)
        for column in figures:
            header.resizeSection(column, header.sectionSize(column) + max(more, 0))
        header.resizeSection(SweepColumn.NOTE, _LEAST_NOTES)
