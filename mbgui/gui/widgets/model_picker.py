"""Naming one model: an editable list of references with completion."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSizePolicy, QWidget

from mbgui.domain.request import Side
from mbgui.gui.theme import Colors, Theme

_SHOWN_SIZE = 16  # device-independent pixels of the sign of the side
_DRAWN_SIZE = 64  # pixels of its picture, so that it stays sharp at a scale of 4
_PLACEHOLDER = "torchvision:NAME or keras:NAME"


class ModelPicker(QComboBox):
    """Picks the model of one side; `currentTextChanged` tells that another model is named."""

    def __init__(self, side: Side, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._theme = theme
        self._edit = QLineEdit(self)
        self._marker = QAction(self)
        self._create()
        theme.changed.connect(self.draw_marker)

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

    def draw_marker(self) -> None:
        """Show the sign of the side; drawing is what the first picture does not wait for."""
        self._marker.setIcon(_marker(self._side, self._theme.colors))

    def _create(self) -> None:
        title = f"{self._side.value.capitalize()} model"
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(26)
        self.setMaxVisibleItems(20)
        self.setToolTip(f"{title}: {_PLACEHOLDER}")
        self._edit.addAction(self._marker, QLineEdit.ActionPosition.LeadingPosition)
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


def _marker(side: Side, colors: Colors) -> QIcon:
    """The sign of a side, in its colour and with its own half filled."""
    from mbgui.gui.widgets.side_marker import MARKER_SIZE, paint_marker  # noqa: PLC0415 - loads all of Qt's names

    pixmap = QPixmap(_DRAWN_SIZE, _DRAWN_SIZE)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.scale(_DRAWN_SIZE / _SHOWN_SIZE, _DRAWN_SIZE / _SHOWN_SIZE)
    paint_marker(painter, (_SHOWN_SIZE - MARKER_SIZE) / 2, _SHOWN_SIZE / 2, side, colors)
    painter.end()
    return QIcon(pixmap)
