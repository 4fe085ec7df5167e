"""Paints the cells of all tables and trees: sides, tones, badges and bars by the roles of the item models."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mbgui.domain.request import Side
from mbgui.gui.item_models.roles import BADGES_ROLE, SHARE_ROLE, SIDE_ROLE, TONE_ROLE, Badge, Tone
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_fonts import CellFonts, Face
from mbgui.gui.widgets.side_marker import MARKER_SIZE, paint_marker, side_color, side_text_color

Index = QModelIndex | QPersistentModelIndex

PADDING = 8
_ROW_PADDING = 5
_BADGE_PADDING = 6
_BADGE_GAP = 5
_BAR_HEIGHT = 8
_MARKER_ROOM = MARKER_SIZE + 7
_WRAPPED = int(Qt.TextFlag.TextWordWrap)


class CellDelegate(QStyledItemDelegate):
    """Paints text in the colour of its side or tone, badges as framed words, shares as bars.

    `monospaced` names columns whose values are set as code, `wrapping` those whose text may take several lines,
    `elided_left` those whose end says more than their beginning.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        monospaced: Iterable[int] = (),
        wrapping: Iterable[int] = (),
        elided_left: Iterable[int] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._monospaced = frozenset(monospaced)
        self._wrapping = frozenset(wrapping)
        self._elided_left = frozenset(elided_left)
        self._fonts = CellFonts(QApplication.font())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        self._paint_panel(painter, option)
        area, fonts = self.content_area(option, index), self._fonts_for(option.font)
        text = index.data()
        painter.save()
        badges = index.data(BADGES_ROLE)
        if badges:
            self._paint_badges(painter, area, badges, fonts.badge)
        elif text:
            self._paint_text(painter, area, str(text), index, fonts)
        else:
            self._paint_bar(painter, area, index)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The room of a cell's text or badges."""
        fonts = self._fonts_for(option.font)
        badges = index.data(BADGES_ROLE)
        if badges:
            height = fonts.text.metrics.height() + 2 * _ROW_PADDING
            return QSize(_badges_width(badges, fonts.badge.metrics) + 2 * PADDING, height)
        face = self._face(fonts, index, index.data(TONE_ROLE))
        return self._text_size(option.rect.width(), face.metrics, index)

    def content_area(self, option: QStyleOptionViewItem, index: Index) -> QRect:
        """The part of a cell that its text may use."""
        del index
        return option.rect.adjusted(PADDING, 0, -PADDING, -1)

    def elision(self, column: int) -> Qt.TextElideMode:
        """Which end of a text gives way where the room is scarce."""
        return Qt.TextElideMode.ElideLeft if column in self._elided_left else Qt.TextElideMode.ElideMiddle

    def _text_size(self, width: int, metrics: QFontMetrics, index: Index) -> QSize:
        text, marker = str(index.data() or ""), _MARKER_ROOM if index.data(SIDE_ROLE) is not None else 0
        height = metrics.height() + 2 * _ROW_PADDING
        if index.column() in self._wrapping and width > 2 * PADDING:
            room = QRect(0, 0, width - 2 * PADDING - marker, 10_000)
            wrapped = metrics.boundingRect(room, _WRAPPED, text)
            return QSize(width, max(height, wrapped.height() + 2 * _ROW_PADDING))
        return QSize(metrics.horizontalAdvance(text) + 2 * PADDING + marker + 2, height)

    def _paint_panel(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """The ground of a cell: selected or not, and the line below it."""
        colors = self._theme.colors
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colors.selection))
        line = QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1)
        painter.fillRect(line, QColor(colors.line))

    def _paint_text(self, painter: QPainter, area: QRect, text: str, index: Index, fonts: CellFonts) -> None:
        column, tone, side = index.column(), index.data(TONE_ROLE), index.data(SIDE_ROLE)
        face = self._face(fonts, index, tone)
        color = self._tone_color(tone)
        if side is not None:
            paint_marker(painter, area.left(), area.center().y() + 0.5, _side(side), self._theme.colors)
            area.setLeft(area.left() + _MARKER_ROOM)
            color = side_text_color(self._theme.colors, _side(side))
        painter.setFont(face.font)
        painter.setPen(color)
        alignment = int(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter)
        if column in self._wrapping:
            painter.drawText(area, alignment | _WRAPPED, text)
            return
        painter.drawText(area, alignment, face.metrics.elidedText(text, self.elision(column), area.width()))

    def _paint_badges(self, painter: QPainter, area: QRect, badges: Sequence[Badge], face: Face) -> None:
        left = area.left()
        painter.setFont(face.font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for badge in fitting_badges(badges, face.metrics, area.width()):
            width = _badge_width(badge, face.metrics)
            self._paint_badge(painter, QRect(left, area.top(), width, area.height()), badge, face)
            left += width + _BADGE_GAP

    def _paint_badge(self, painter: QPainter, area: QRect, badge: Badge, face: Face) -> None:
        height = face.metrics.height() + 4
        frame = QRectF(area.left() + 0.5, area.center().y() - height / 2 + 0.5, area.width() - 1, height)
        color = self._tone_color(badge.tone)
        painter.setPen(QPen(QColor(self._theme.colors.border) if badge.tone != Tone.WARNING else color, 1))
        painter.drawRoundedRect(frame, 3, 3)
        painter.setPen(color)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, badge.text)

    def _paint_bar(self, painter: QPainter, area: QRect, index: Index) -> None:
        share, side = index.data(SHARE_ROLE), index.data(SIDE_ROLE)
        if not share or side is None:
            return
        width = max(2.0, area.width() * min(float(share), 1.0))
        bar = QRectF(area.left(), area.center().y() - _BAR_HEIGHT / 2 + 0.5, width, _BAR_HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(side_color(self._theme.colors, _side(side)))
        painter.drawRoundedRect(bar, min(2.0, width / 2), min(2.0, width / 2))

    def _fonts_for(self, base: QFont) -> CellFonts:
        if self._fonts.base != base:
            self._fonts = CellFonts(base)
        return self._fonts

    def _face(self, fonts: CellFonts, index: Index, tone: object) -> Face:
        if index.column() in self._monospaced:
            return fonts.code
        return fonts.strong if tone == Tone.STRONG else fonts.text

    def _tone_color(self, tone: object) -> QColor:
        colors = self._theme.colors
        shades: dict[object, str] = {
            Tone.MUTED: colors.muted,
            Tone.WARNING: colors.warning,
            Tone.SUCCESS: colors.success,
        }
        return QColor(shades.get(tone, colors.text))


def fitting_badges(badges: Sequence[Badge], metrics: QFontMetrics, width: int) -> list[Badge]:
    """The badges that fit into so many pixels; `+2` at the end stands for two that do not."""
    for count in range(len(badges), -1, -1):
        hidden = len(badges) - count
        rest = [Badge(text=f"+{hidden}", tone=Tone.MUTED)] if hidden else []
        shown = [*badges[:count], *rest]
        if _badges_width(shown, metrics) <= width:
            return shown
    return []


def _badges_width(badges: Sequence[Badge], metrics: QFontMetrics) -> int:
    return sum(_badge_width(badge, metrics) + _BADGE_GAP for badge in badges) - _BADGE_GAP


def _badge_width(badge: Badge, metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance(badge.text) + 2 * _BADGE_PADDING


def _side(value: object) -> Side:
    """Qt hands an enumeration of strings back as a plain string."""
    return Side(str(value))
