"""Naming one model: an editable list of references with completion."""

from PySide6.QtCore import QRectF, QSignalBlocker
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSizePolicy, QWidget

from mbgui.domain.request import Side
from mbgui.gui.theme import Theme

_DOT_SIZE = 32  # pixels of the drawn picture, shown at half of it
_PLACEHOLDER = "torchvision:NAME or keras:NAME"


class ModelPicker(QComboBox):
    """Picks the model of one side; `currentTextChanged` tells that another model is named."""

    def __init__(self, side: Side, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._theme = theme
        self._edit = QLineEdit(self)
        self._dot = QAction(self)
        self._create()
        theme.changed.connect(self.draw_dot)

    def set_reference(self, reference: str) -> None:
        """Name another model."""
        self.setCurrentText(reference)
        self._edit.setCursorPosition(0)

    def set_references(self, references: tuple[str, ...]) -> None:
        """Offer other references; the text stays as it is."""
        kept, position = self.currentText(), self._edit.cursorPosition()
        blocker = QSignalBlocker(self)
        self.clear()
        self.addItems(references)
        self.setCurrentText(kept)
        self._edit.setCursorPosition(position)
        self.setCompleter(_completer(self))
        blocker.unblock()

    def draw_dot(self) -> None:
        """Show the colour of the side; drawing is what the first picture does not wait for."""
        colors = self._theme.colors
        self._dot.setIcon(_dot(colors.left if self._side is Side.LEFT else colors.right))

    def _create(self) -> None:
        title = f"{self._side.value.capitalize()} model"
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(26)
        self.setMaxVisibleItems(20)
        self.setToolTip(f"{title}: {_PLACEHOLDER}")
        self._edit.addAction(self._dot, QLineEdit.ActionPosition.LeadingPosition)
        self._edit.setPlaceholderText(_PLACEHOLDER)
        for widget in (self, self._edit):
            widget.setAccessibleName(title)


def _completer(picker: ModelPicker) -> QCompleter:
    """Finds what is typed anywhere in a reference."""
    from PySide6.QtCore import Qt  # noqa: PLC0415 - its enumerations are not needed for the first picture

    completer = QCompleter(picker.model(), picker)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    return completer


def _dot(color: str) -> QIcon:
    """A small rounded square in the colour of a side."""
    pixmap = QPixmap(_DOT_SIZE, _DOT_SIZE)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(color))
    painter.setPen(QColor(color))
    painter.drawRoundedRect(QRectF(6, 6, 20, 20), 5, 5)
    painter.end()
    return QIcon(pixmap)
