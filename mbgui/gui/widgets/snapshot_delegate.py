"""How a snapshot is drawn in the dock: its title, and two lines on when it was made and what came out."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mbgui.gui.item_models.snapshot_list_model import DETAIL_ROLE
from mbgui.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_MARGIN = 9
_GAP = 2
_DETAIL_LINES = 2
_RADIUS = 5


class SnapshotDelegate(QStyledItemDelegate):
    """Draws a title over a smaller, quieter detail of at most two lines."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough for the title and two lines of detail."""
        del index
        title = QFontMetrics(option.font).height()
        detail = QFontMetrics(_detail_font(option.font)).height()
        return QSize(0, 2 * _MARGIN + title + _GAP + _DETAIL_LINES * detail)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw ground, title and detail."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = QRectF(option.rect).adjusted(_MARGIN + 4, _MARGIN, -_MARGIN - 4, -_MARGIN)
        metrics = QFontMetrics(option.font)
        painter.setFont(option.font)
        painter.setPen(QColor(self._theme.colors.text))
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignTop), title)
        painter.setPen(QColor(self._theme.colors.muted))
        below = inner.adjusted(0, metrics.height() + _GAP, 0, 0)
        _draw_lines(painter, below, str(index.data(DETAIL_ROLE)), _detail_font(option.font))
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colors = self._theme.colors
        ground = QRectF(option.rect).adjusted(4.5, 1.5, -4.5, -1.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colors.selection))
            painter.drawRoundedRect(ground, _RADIUS, _RADIUS)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(ground, _RADIUS, _RADIUS)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colors.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground, _RADIUS, _RADIUS)


def _detail_font(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPointSizeF(font.pointSizeF() * 0.88)
    return smaller


def _draw_lines(painter: QPainter, area: QRectF, text: str, font: QFont) -> None:
    """Draw `text` wrapped at words, the last line cut short with an ellipsis."""
    metrics = QFontMetrics(font)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    painter.setFont(font)
    layout.beginLayout()
    for number in range(_DETAIL_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        is_last = number == _DETAIL_LINES - 1
        rest = text[line.textStart() :] if is_last else text[line.textStart() : line.textStart() + line.textLength()]
        shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area.adjusted(0, number * metrics.height(), 0, 0), int(Qt.AlignmentFlag.AlignTop), shown)
    layout.endLayout()
