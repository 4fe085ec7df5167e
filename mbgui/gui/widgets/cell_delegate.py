"""Paints the cells of all tables and trees: sides, tones, badges and bars by the roles of the item models."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mbgui.domain.request import Side
from mbgui.gui.item_models.roles import BADGES_ROLE, SHARE_ROLE, SIDE_ROLE, TONE_ROLE, Badge, Tone
from mbgui.gui.theme import Colors, Theme, monospaced_font, with_tabular_figures
from mbgui.gui.widgets.side_marker import MARKER_SIZE, paint_marker, side_color, side_text_color

Index = QModelIndex | QPersistentModelIndex

PADDING = 8
_ROW_PADDING = 5
_BADGE_PADDING = 6
_BADGE_GAP = 5
_BAR_HEIGHT = 8
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

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        self._paint_panel(painter, option, index)
        area = self.content_area(option, index)
        painter.save()
        badges = index.data(BADGES_ROLE)
        share = index.data(SHARE_ROLE)
        if badges:
            self._paint_badges(painter, area, badges, option.font)
        elif share is not None:
            self._paint_bar(painter, area, float(share), index.data(SIDE_ROLE))
        else:
            self._paint_text(painter, area, option.font, index)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The room of a cell's text or badges."""
        metrics = QFontMetrics(self._font(option.font, index))
        height = metrics.height() + 2 * _ROW_PADDING
        badges = index.data(BADGES_ROLE)
        if badges:
            widths = [_badge_width(badge, _badge_font(option.font)) for badge in badges]
            return QSize(sum(widths) + _BADGE_GAP * (len(widths) - 1) + 2 * PADDING, height)
        text, marker = str(index.data() or ""), self._marker_width(index)
        if index.column() in self._wrapping and option.rect.width() > 2 * PADDING:
            room = QRect(0, 0, option.rect.width() - 2 * PADDING - marker, 10_000)
            wrapped = metrics.boundingRect(room, _WRAPPED, text)
            return QSize(option.rect.width(), max(height, wrapped.height() + 2 * _ROW_PADDING))
        return QSize(metrics.horizontalAdvance(text) + 2 * PADDING + marker + 2, height)

    def content_area(self, option: QStyleOptionViewItem, index: Index) -> QRect:
        """The part of a cell that its text may use."""
        del index
        return option.rect.adjusted(PADDING, 0, -PADDING, -1)

    @property
    def colors(self) -> Colors:
        """The colours in use."""
        return self._theme.colors

    def _paint_panel(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        panel = QStyleOptionViewItem(option)
        self.initStyleOption(panel, index)
        panel.text = ""
        widget = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        panel.state &= ~QStyle.StateFlag.State_HasFocus
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, panel, painter, widget)

    def _paint_text(self, painter: QPainter, area: QRect, base: QFont, index: Index) -> None:
        font, text = self._font(base, index), str(index.data() or "")
        marker = self._marker_width(index)
        if marker:
            paint_marker(painter, area.left(), area.center().y() + 0.5, index.data(SIDE_ROLE), self.colors)
            area.setLeft(area.left() + marker)
        painter.setFont(font)
        painter.setPen(self._text_color(index))
        alignment = int(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter)
        if index.column() in self._wrapping:
            painter.drawText(area, alignment | _WRAPPED, text)
            return
        modes = Qt.TextElideMode
        mode = modes.ElideLeft if index.column() in self._elided_left else modes.ElideMiddle
        elided = QFontMetrics(font).elidedText(text, mode, area.width())
        painter.drawText(area, alignment, elided)

    def _paint_badges(self, painter: QPainter, area: QRect, badges: Sequence[Badge], base: QFont) -> None:
        font, left = _badge_font(base), area.left()
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for badge in fitting_badges(badges, font, area.width()):
            self._paint_badge(painter, QRect(left, area.top(), _badge_width(badge, font), area.height()), badge)
            left += _badge_width(badge, font) + _BADGE_GAP

    def _paint_badge(self, painter: QPainter, area: QRect, badge: Badge) -> None:
        height = painter.fontMetrics().height() + 4
        frame = QRectF(area.left() + 0.5, area.center().y() - height / 2 + 0.5, area.width() - 1, height)
        color = self._tone_color(badge.tone)
        painter.setPen(QPen(QColor(self.colors.border) if badge.tone != Tone.WARNING else color, 1))
        painter.drawRoundedRect(frame, 3, 3)
        painter.setPen(color)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, badge.text)

    def _paint_bar(self, painter: QPainter, area: QRect, share: float, side: object) -> None:
        if share <= 0 or side is None:
            return
        width = max(2.0, area.width() * min(share, 1.0))
        bar = QRectF(area.left(), area.center().y() - _BAR_HEIGHT / 2 + 0.5, width, _BAR_HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(side_color(self.colors, _side(side)))
        painter.drawRoundedRect(bar, min(2.0, width / 2), min(2.0, width / 2))

    def _font(self, base: QFont, index: Index) -> QFont:
        font = monospaced_font(base) if index.column() in self._monospaced else with_tabular_figures(base)
        if index.data(TONE_ROLE) == Tone.STRONG:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _text_color(self, index: Index) -> QColor:
        side = index.data(SIDE_ROLE)
        return (
            side_text_color(self.colors, _side(side)) if side is not None else self._tone_color(index.data(TONE_ROLE))
        )

    def _tone_color(self, tone: object) -> QColor:
        colors = self.colors
        shades = {Tone.MUTED: colors.muted, Tone.WARNING: colors.warning, Tone.SUCCESS: colors.success}
        return QColor(shades.get(Tone(str(tone)), colors.text) if tone is not None else colors.text)

    @staticmethod
    def _marker_width(index: Index) -> int:
        return MARKER_SIZE + 7 if index.data(SIDE_ROLE) is not None else 0


def _side(value: object) -> Side:
    """Qt hands an enumeration of strings back as a plain string."""
    return Side(str(value))


def _badge_font(base: QFont) -> QFont:
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * 0.88)
    return font


def fitting_badges(badges: Sequence[Badge], font: QFont, width: int) -> list[Badge]:
    """The badges that fit into so many pixels; `+2` at the end stands for two that do not."""
    for count in range(len(badges), -1, -1):
        hidden = len(badges) - count
        rest = [Badge(text=f"+{hidden}", tone=Tone.MUTED)] if hidden else []
        shown = [*badges[:count], *rest]
        if sum(_badge_width(badge, font) + _BADGE_GAP for badge in shown) - _BADGE_GAP <= width:
            return shown
    return []


def _badge_width(badge: Badge, font: QFont) -> int:
    return QFontMetrics(font).horizontalAdvance(badge.text) + 2 * _BADGE_PADDING
