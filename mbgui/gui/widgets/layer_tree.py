"""The tree of both networks: one list of rows, each side with its own hierarchy, divided by a line."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTreeView, QWidget

from mbgui.gui.item_models.layer_columns import LayerColumn
from mbgui.gui.item_models.roles import DEPTH_ROLE
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import PADDING, CellDelegate
from mbgui.gui.widgets.copy_rows import copy_selection, is_copy
from mbgui.gui.widgets.side_header import SideHeader

Index = QModelIndex | QPersistentModelIndex

_INDENTATION = 12
_CHEVRON_WIDTH = 16
_FIXED_WIDTHS: dict[LayerColumn, int] = {
    LayerColumn.STATUS: 28,
    LayerColumn.LEFT_OUTPUT: 98,
    LayerColumn.LEFT_PARAMETERS: 78,
    LayerColumn.LEFT_MACS: 66,
    LayerColumn.LEFT_TIME: 78,
    LayerColumn.RIGHT_OUTPUT: 98,
    LayerColumn.RIGHT_PARAMETERS: 78,
    LayerColumn.RIGHT_MACS: 66,
    LayerColumn.RIGHT_TIME: 78,
    LayerColumn.DIFFERENCES: 136,
}
_NARROW_DIFFERENCES = 114
_MAC_COLUMNS = (LayerColumn.LEFT_MACS, LayerColumn.RIGHT_MACS)
_TIME_COLUMNS = (LayerColumn.LEFT_TIME, LayerColumn.RIGHT_TIME)
_OUTPUT_COLUMNS = (LayerColumn.LEFT_OUTPUT, LayerColumn.RIGHT_OUTPUT)
_NAMES = (LayerColumn.LEFT_NAME, LayerColumn.RIGHT_NAME)
_TYPES = (LayerColumn.LEFT_TYPE, LayerColumn.RIGHT_TYPE)
_MACS_FROM = 1260  # pixels of width below which the MACs give their room to names and types
_OUTPUTS_BESIDE_TIMES_FROM = 1130  # the same of output shapes, which the details show as well, where times are shown
_NAME_SHARE, _NARROW_NAME_SHARE = 0.59, 0.56
_MONOSPACED = (LayerColumn.LEFT_OUTPUT, LayerColumn.RIGHT_OUTPUT)


class LayerTree(QTreeView):
    """A tree whose second name column is indented like the first and opens and closes with it."""

    def __init__(self, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_own_widths = False
        self._is_dividing = False
        self._has_times = False
        self.setHeader(SideHeader(theme, self, divided_before=LayerColumn.RIGHT_NAME))
        self.setModel(model)
        self.setItemDelegate(LayerCellDelegate(theme, self))
        self._adjust()
        self.header().sectionResized.connect(self._on_section_resized)
        theme.changed.connect(self._on_theme_changed)

    def show_times(self, *, is_shown: bool) -> None:
        """Show the columns of times, or give their room to the others."""
        if is_shown == self._has_times:
            return
        self._has_times = is_shown
        if self._has_own_widths:
            self._hide_times()
        else:
            self._divide_width()

    def paint_chevron(self, painter: QPainter, area: QRect, *, is_open: bool) -> None:
        """Paint the sign that opens and closes a row."""
        middle = QPointF(area.center()) + QPointF(0.5, 0.5)
        tips = [(-3.5, -2.0), (0.0, 2.0), (3.5, -2.0)] if is_open else [(-2.0, -3.5), (2.0, 0.0), (-2.0, 3.5)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colors.muted), 1.5))
        painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in tips]))
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The chevrons of both sides open and close their row."""
        if not self._toggled_by_chevron(event):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click on a chevron is a click as well."""
        if not self._toggled_by_chevron(event):
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies whole rows."""
        if is_copy(event):
            copy_selection(self)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line between the sides."""
        super().paintEvent(event)
        left = self.header().sectionViewportPosition(LayerColumn.RIGHT_NAME)
        painter = QPainter(self.viewport())
        painter.fillRect(QRect(left, 0, 1, self.viewport().height()), QColor(self._theme.colors.border))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new width among the columns, unless the user chose widths."""
        super().resizeEvent(event)
        if not self._has_own_widths and event.size().width() != event.oldSize().width():
            self._divide_width()

    def _toggled_by_chevron(self, event: QMouseEvent) -> bool:
        point = event.position().toPoint()
        index = self.indexAt(point)
        is_hit = index.column() in _NAMES and has_chevron(index)
        if is_hit and chevron_area(self.visualRect(index), index).contains(point):
            row = row_start(index)
            self.setExpanded(row, not self.isExpanded(row))
            return True
        return False

    def _adjust(self) -> None:
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)  # each side is indented by its own hierarchy, painted by the delegate
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("Layers of both models")
        self.setAccessibleDescription("Plus and minus open and close a row")
        self.header().setStretchLastSection(False)
        self.header().setSectionsMovable(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def _divide_width(self) -> None:
        self._is_dividing = True
        header, width = self.header(), self.viewport().width()
        self._hide_columns(width)
        fixed = {column: room for column, room in _FIXED_WIDTHS.items() if not header.isSectionHidden(column)}
        name_share = _NAME_SHARE
        if width < _MACS_FROM:
            name_share = _NARROW_NAME_SHARE
            fixed[LayerColumn.DIFFERENCES] = _NARROW_DIFFERENCES
        for column, room in fixed.items():
            header.resizeSection(column, room)
        a_side = max(240, (width - sum(fixed.values())) // 2)
        for column in _NAMES:
            header.resizeSection(column, int(a_side * name_share))
        for column in _TYPES:
            header.resizeSection(column, a_side - int(a_side * name_share))
        self._is_dividing = False

    def _hide_times(self) -> None:
        """All other columns keep the widths that the user gave them."""
        self._is_dividing = True
        for column in _TIME_COLUMNS:
            self.header().setSectionHidden(column, not self._has_times)
            self.header().resizeSection(column, _FIXED_WIDTHS[column])
        self._is_dividing = False

    def _hide_columns(self, width: int) -> None:
        times = sum(_FIXED_WIDTHS[column] for column in _TIME_COLUMNS) if self._has_times else 0
        hidden = {
            _TIME_COLUMNS: not self._has_times,
            _MAC_COLUMNS: width < _MACS_FROM + times,
            _OUTPUT_COLUMNS: self._has_times and width < _OUTPUTS_BESIDE_TIMES_FROM,
        }
        for columns, is_hidden in hidden.items():
            for column in columns:
                self.header().setSectionHidden(column, is_hidden)

    def _on_section_resized(self) -> None:
        self._has_own_widths = self._has_own_widths or (not self._is_dividing and self.isVisible())

    def _on_theme_changed(self) -> None:
        self.viewport().update()


class LayerCellDelegate(CellDelegate):
    """Indents the names of each side by its own hierarchy and paints their chevrons."""

    def __init__(self, theme: Theme, tree: LayerTree) -> None:
        super().__init__(theme, monospaced=_MONOSPACED, elided_left=_NAMES, parent=tree)
        self._tree = tree

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A cell, with a chevron where it is the name of a row with members."""
        super().paint(painter, option, index)
        if index.column() in _NAMES and has_chevron(index):
            is_open = self._tree.isExpanded(row_start(index))
            self._tree.paint_chevron(painter, chevron_area(option.rect, index), is_open=is_open)

    def content_area(self, option: QStyleOptionViewItem, index: Index) -> QRect:
        """Names begin right of their chevron, at the depth of their row."""
        if index.column() == LayerColumn.STATUS:
            return option.rect.adjusted(0, 0, 0, -1)
        area = super().content_area(option, index)
        if index.column() in _NAMES:
            area.setLeft(chevron_area(option.rect, index).right() + 3)
        return area


def row_start(index: Index) -> QModelIndex:
    """The index of the first column of a row, which carries its members."""
    return index.sibling(index.row(), 0)


def has_chevron(index: Index) -> bool:
    """Whether a name has members to open."""
    return bool(index.data()) and index.model().hasChildren(row_start(index))


def chevron_area(cell: QRect, index: Index) -> QRect:
    """Where the chevron of a name is, inside its cell."""
    left = cell.left() + int(index.data(DEPTH_ROLE) or 0) * _INDENTATION + PADDING // 2
    return QRect(left, cell.top(), _CHEVRON_WIDTH, cell.height())
