"""The sign of a side: a square whose left or right half is filled, so that colour is not its only carrier."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from mbgui.domain.request import Side
from mbgui.gui.theme import Colors

MARKER_SIZE = 9


def side_color(colors: Colors, side: Side) -> QColor:
    """The colour that fills shapes of a side."""
    return QColor(colors.left if side == Side.LEFT else colors.right)


def side_text_color(colors: Colors, side: Side) -> QColor:
    """The shade of a side's colour that is readable as text."""
    return QColor(colors.left_text if side == Side.LEFT else colors.right_text)


def paint_marker(painter: QPainter, left: float, middle: float, side: Side, colors: Colors) -> None:
    """Paint the marker with its left edge and vertical middle there, in device-independent pixels."""
    frame = QRectF(left + 0.5, middle - MARKER_SIZE / 2, MARKER_SIZE - 1, MARKER_SIZE - 1)
    half = QRectF(frame)
    half.setWidth(frame.width() / 2)
    if side == Side.RIGHT:
        half.moveRight(frame.right())
    color = side_color(colors, side)
    painter.save()
    painter.fillRect(half, color)
    painter.setPen(QPen(color, 1))
    painter.setBrush(QBrush())  # none; the first picture does without Qt's enumerations
    painter.drawRect(frame)
    painter.restore()
