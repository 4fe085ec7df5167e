"""What the forms of the chart of errors mean."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mbgui.gui.theme import Theme

_SAMPLE = QSize(30, 16)
_BAND_OPACITY = 70  # of 255


class ChartKey(QWidget):
    """A row of samples, each with its word."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._before = (_Sample(theme, "before"), _word("all causes left in"))
        for sample, word in (
            (_Sample(theme, "propagated"), _word("propagated")),
            (_Sample(theme, "isolated"), _word("isolated")),
            self._before,
            (_Sample(theme, "band"), _word("noise floor of float32")),
            (_Sample(theme, "missing"), _word("not finite")),
        ):
            row.addWidget(sample)
            row.addWidget(word)
            row.addSpacing(10)
        row.addStretch(1)
        self.show_before(is_shown=False)
        self.setAccessibleName("Key to the chart")

    def show_before(self, *, is_shown: bool) -> None:
        """Whether the run with all causes is drawn as well."""
        for part in self._before:
            part.setVisible(is_shown)


class _Sample(QWidget):
    """One form as the chart draws it."""

    def __init__(self, theme: Theme, form: str) -> None:
        super().__init__()
        self._theme = theme
        self._form = form
        self.setFixedSize(_SAMPLE)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the form."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        {
            "propagated": self._paint_propagated,
            "isolated": self._paint_isolated,
            "before": self._paint_before,
            "band": self._paint_band,
            "missing": self._paint_missing,
        }[self._form](painter)
        painter.end()

    def _paint_propagated(self, painter: QPainter) -> None:
        color, middle = QColor(self._theme.colors.text), self._middle()
        painter.setPen(QPen(color, 1.6))
        painter.drawLine(QPointF(2, middle.y()), QPointF(self.width() - 2, middle.y()))
        painter.setBrush(color)
        painter.drawEllipse(middle, 2.5, 2.5)

    def _paint_isolated(self, painter: QPainter) -> None:
        color, middle = QColor(self._theme.colors.warning), self._middle()
        painter.setPen(QPen(color, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(1, middle.y()), QPointF(self.width() - 1, middle.y()))
        painter.setPen(QPen(color, 1.4))
        painter.setBrush(QColor(self._theme.colors.surface))
        tips = ((-4.5, 0.0), (0.0, -4.5), (4.5, 0.0), (0.0, 4.5))
        painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in tips]))

    def _paint_before(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.colors.muted), 1.2, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(2, self._middle().y()), QPointF(self.width() - 2, self._middle().y()))

    def _paint_band(self, painter: QPainter) -> None:
        color = QColor(self._theme.colors.muted)
        color.setAlpha(_BAND_OPACITY)
        painter.fillRect(QRectF(2, 4, self.width() - 4, self.height() - 7), color)

    def _paint_missing(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.colors.error), 2))
        for x, y in ((3.5, 3.5), (3.5, -3.5)):
            painter.drawLine(self._middle() - QPointF(x, y), self._middle() + QPointF(x, y))

    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2 + 0.5)


def _word(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label
