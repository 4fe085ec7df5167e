"""Column headers with the name of each side in its colour, and a marker beside it."""

from typing import Any

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from mbgui.domain.request import Side
from mbgui.gui.item_models.roles import SIDE_ROLE
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import PADDING
from mbgui.gui.widgets.side_marker import MARKER_SIZE, paint_marker, side_text_color

_MARKER_ROOM = MARKER_SIZE + 7
_ARROW_ROOM = 14


class SideHeader(QHeaderView):
    """A horizontal header that paints titles by alignment and side of its model's header data.

    A line goes down before the column `divided_before`. Room for the arrow of sorting is left in every column or, where
    columns are many, in the sorted one alone.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        divided_before: int = -1,
        leaves_room_everywhere: bool = True,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._leaves_room_everywhere = leaves_room_everywhere
        self._divided_before = divided_before
        self._theme = theme
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        theme.changed.connect(self._on_theme_changed)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 (Qt's name)
        """Paint one title."""
        colors = self._theme.colors
        painter.save()
        painter.fillRect(rect, QColor(colors.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(colors.border))
        if logicalIndex == self._divided_before:
            painter.fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), QColor(colors.border))
        area = rect.adjusted(PADDING, 0, -PADDING, -1)
        if self._is_sorted_by(logicalIndex):
            self._paint_arrow(painter, area)
            area.setRight(area.right() - _ARROW_ROOM)
        self._paint_title(painter, area, logicalIndex)
        painter.restore()

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:  # noqa: N803
        """The room of a title, with its marker and the arrow of sorting."""
        metrics = QFontMetrics(self._title_font())
        width = (
            metrics.horizontalAdvance(str(self._header(logicalIndex, Qt.ItemDataRole.DisplayRole) or "")) + 2 * PADDING
        )
        width += _MARKER_ROOM if self._header(logicalIndex, SIDE_ROLE) is not None else 0
        has_room = self.isSortIndicatorShown() if self._leaves_room_everywhere else self._is_sorted_by(logicalIndex)
        width += _ARROW_ROOM if has_room else 0
        return QSize(width + 2, metrics.height() + 12)

    def _paint_title(self, painter: QPainter, area: QRect, section: int) -> None:
        title = str(self._header(section, Qt.ItemDataRole.DisplayRole) or "")
        side = self._header(section, SIDE_ROLE)
        alignment = Qt.AlignmentFlag(self._header(section, Qt.ItemDataRole.TextAlignmentRole))
        metrics = QFontMetrics(self._title_font())
        color = QColor(self._theme.colors.muted)
        if side is not None:
            color = side_text_color(self._theme.colors, Side(str(side)))
            left = area.left()
            if alignment & Qt.AlignmentFlag.AlignRight:
                left = max(left, area.right() - metrics.horizontalAdvance(title) - _MARKER_ROOM - 1)
            paint_marker(painter, left, area.center().y() + 0.5, Side(str(side)), self._theme.colors)
            area.setLeft(left + _MARKER_ROOM)
        painter.setFont(self._title_font())
        painter.setPen(color)
        painter.drawText(area, alignment, metrics.elidedText(title, Qt.TextElideMode.ElideRight, area.width()))

    def _paint_arrow(self, painter: QPainter, area: QRect) -> None:
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        middle, right = area.center().y(), area.right()
        tip, base = (middle - 2, middle + 3) if up else (middle + 3, middle - 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(self._theme.colors.muted)))
        painter.drawPolygon(QPolygonF([QPointF(right - 8, base), QPointF(right, base), QPointF(right - 4, tip)]))

    def _is_sorted_by(self, section: int) -> bool:
        return self.isSortIndicatorShown() and self.sortIndicatorSection() == section

    def _header(self, section: int, role: int) -> Any:
        model = self.model()
        return model.headerData(section, Qt.Orientation.Horizontal, role) if model is not None else None

    def _title_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _on_theme_changed(self) -> None:
        self.viewport().update()
