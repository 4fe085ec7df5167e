"""Tables of tensors that stay quick with 100,000 rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.copy_rows import copy_selection, is_copy
from mbgui.gui.widgets.side_header import SideHeader

_NARROWEST_NAME = 190
_ROW_PADDING = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorColumns:
    """How the columns of a table of tensors are shown.

    `widths` are those of the columns of numbers and words. The column `name` takes what is left, together with the
    column `second_name` where there is one, which is hidden where the room is scarce. `codes` are set as code.
    """

    widths: Mapping[int, int]
    name: int
    second_name: int | None = None
    codes: tuple[int, ...] = ()

    @property
    def names(self) -> tuple[int, ...]:
        """The columns whose end says more than their beginning."""
        return (self.name,) if self.second_name is None else (self.name, self.second_name)


class TensorTable(QTableView):
    """Sortable by every column; all rows are of one height, so that 100,000 of them cost nothing."""

    def __init__(
        self, theme: Theme, model: QAbstractItemModel, columns: TensorColumns, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._has_own_widths = False
        self._is_dividing = False
        self.setHorizontalHeader(SideHeader(theme, self))
        self.setModel(model)
        self.setItemDelegate(CellDelegate(theme, monospaced=columns.codes, elided_left=columns.names, parent=self))
        self._theme = theme
        self._adjust()
        self.horizontalHeader().sectionResized.connect(self._on_section_resized)
        theme.changed.connect(self._on_theme_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies whole rows with their titles."""
        if is_copy(event):
            copy_selection(self)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names take the room that is left, unless the user chose widths."""
        super().resizeEvent(event)
        if not self._has_own_widths:
            self._divide_width()

    def _adjust(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + _ROW_PADDING)
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setCornerWidget(QWidget())  # the style would draw a frame where both scroll bars meet

    def _divide_width(self) -> None:
        self._is_dividing = True
        header = self.horizontalHeader()
        for column, width in self._columns.widths.items():
            header.resizeSection(column, width)
        rest = self.viewport().width() - sum(self._columns.widths.values())
        second_name = self._columns.second_name
        if second_name is not None:
            is_roomy = rest >= 2 * _NARROWEST_NAME
            header.setSectionHidden(second_name, not is_roomy)
            if is_roomy:
                header.resizeSection(second_name, rest * 9 // 20)
                rest -= rest * 9 // 20
        header.resizeSection(self._columns.name, max(_NARROWEST_NAME, rest))
        self._is_dividing = False

    def _on_section_resized(self) -> None:
        self._has_own_widths = self._has_own_widths or (not self._is_dividing and self.isVisible())

    def _on_theme_changed(self) -> None:
        self.viewport().update()
