"""What the marks in the latency charts mean."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mbgui.domain.request import Side
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.side_marker import side_color

_SAMPLE = QSize(20, 16)
_FAINT, _BAR = 80, 150  # of 255
_WORDS = {"warmup": "warm-up", "outlier": "outlier", "median": "median, 95 %"}


class LatencyKey(QWidget):
    """A row of samples, each with its word; the sides go by what was called and how."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides = {side: _word(side.value, side.value) for side in Side}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for side, word in self._sides.items():
            _add(row, _Sample(theme, "call", (side,)), word)
        for form, text in _WORDS.items():
            _add(row, _Sample(theme, form, tuple(Side)), _word(text, "muted"))
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Key to the charts")

    def show_names(self, left: str, right: str) -> None:
        """Name both sides."""
        self._sides[Side.LEFT].setText(left)
        self._sides[Side.RIGHT].setText(right)


class _Sample(QWidget):
    """A form as the charts draw it, for one side or for both next to each other."""

    def __init__(self, theme: Theme, form: str, sides: tuple[Side, ...]) -> None:
        super().__init__()
        self._theme = theme
        self._form = form
        self._sides = sides
        self.setFixedSize(_SAMPLE if len(sides) > 1 else QSize(12, 16))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the form."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / len(self._sides)
        for place, side in enumerate(self._sides):
            middle = QPointF(width * (place + 0.5), self.height() / 2 + 0.5)
            self._paint(painter, middle, side)
        painter.end()

    def _paint(self, painter: QPainter, middle: QPointF, side: Side) -> None:
        color = side_color(self._theme.colors, side)
        if self._form == "median":
            painter.fillRect(QRectF(middle.x() - 4, 4, 8, 4), _with_alpha(color, _BAR))
            painter.setPen(QPen(color, 2))
            painter.drawLine(QPointF(middle.x(), 2), QPointF(middle.x(), self.height() - 1))
            return
        is_hollow = self._form == "outlier"
        fill = _with_alpha(color, _FAINT) if self._form == "warmup" else color
        painter.setPen(QPen(color if is_hollow else QColor(0, 0, 0, 0), 1.3))
        painter.setBrush(QColor(0, 0, 0, 0) if is_hollow else fill)
        _draw_mark(painter, middle, side)


def _draw_mark(painter: QPainter, middle: QPointF, side: Side) -> None:
    if side is Side.LEFT:
        painter.drawEllipse(middle, 3.0, 3.0)
        return
    tips = ((-4.0, 0.0), (0.0, -4.0), (4.0, 0.0), (0.0, 4.0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in tips]))


def _with_alpha(color: QColor, alpha: int) -> QColor:
    faint = QColor(color)
    faint.setAlpha(alpha)
    return faint


def _add(row: QHBoxLayout, sample: QWidget, word: QLabel) -> None:
    row.addWidget(sample)
    row.addWidget(word)
    row.addSpacing(9)


def _word(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label
