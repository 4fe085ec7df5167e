"""A table as tall as its rows, for pages that scroll as a whole."""

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.copy_rows import copy_selection, is_copy
from mbgui.gui.widgets.side_header import SideHeader

_MAXIMUM_ROWS = 40


class ContentTable(QTableView):
    """Read-only rows; `row_chosen` carries the row of a double click or Enter.

    `stretches` gives columns a share of the width that is left; the others are as wide as their content.
    """

    row_chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        model: QAbstractItemModel,
        delegate: CellDelegate,
        *,
        stretches: Mapping[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stretches = stretches
        self.setProperty("role", "plain")
        self.setHorizontalHeader(SideHeader(theme, self))
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self._adjust()
        self.doubleClicked.connect(self._on_double_clicked)
        model.modelReset.connect(self._on_model_reset)
        theme.changed.connect(self._on_theme_changed)

    def set_sortable(self) -> None:
        """Let a click on a title sort the rows, which keep their own order until then."""
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def sizeHint(self) -> QSize:
        """The header and all rows, up to a number of rows that still reads as one table."""
        rows = min(self.model().rowCount(), _MAXIMUM_ROWS)
        height = self.horizontalHeader().sizeHint().height() + sum(self.rowHeight(row) for row in range(rows)) + 2
        return QSize(240, height)

    def minimumSizeHint(self) -> QSize:
        """No less tall than all rows."""
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new width among the columns."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._divide_width()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, unless there are more rows than the table is tall."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the row, Ctrl+C copies the selection."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_chosen.emit(self.currentIndex().row())
        elif is_copy(event):
            copy_selection(self)
        else:
            super().keyPressEvent(event)

    def _adjust(self) -> None:
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionsClickable(False)

    def _divide_width(self) -> None:
        header, model = self.horizontalHeader(), self.model()
        columns = [column for column in range(model.columnCount()) if not self.isColumnHidden(column)]
        natural = {column: max(self.sizeHintForColumn(column), header.sectionSizeHint(column)) for column in columns}
        left = self.viewport().width() - sum(natural[column] for column in columns if column not in self._stretches)
        shares = self._shares(natural, left)
        for column in columns:
            header.resizeSection(column, shares.get(column, natural[column]))
        self.resizeRowsToContents()
        self.updateGeometry()

    def _shares(self, natural: Mapping[int, int], width: int) -> dict[int, int]:
        """Columns that need less than their share give the rest to those that need more."""
        total = sum(self._stretches.values())
        shares = {column: max(60, width * weight // total) for column, weight in self._stretches.items()}
        surplus = {column: share - natural[column] for column, share in shares.items()}
        wanting = {column: -lack for column, lack in surplus.items() if lack < 0}
        spare = sum(more for more in surplus.values() if more > 0)
        given = min(spare, sum(wanting.values()))
        for column, more in surplus.items():
            if more > 0 and spare:
                shares[column] -= given * more // spare
            elif column in wanting:
                shares[column] += given * wanting[column] // sum(wanting.values())
        return shares

    def _on_model_reset(self) -> None:
        self._divide_width()

    def _on_double_clicked(self) -> None:
        self.row_chosen.emit(self.currentIndex().row())

    def _on_theme_changed(self) -> None:
        self.viewport().update()
