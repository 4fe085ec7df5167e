"""Naming one model: an editable list of references with completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from mbgui.domain.request import Side
from mbgui.gui import resources
from mbgui.gui.widgets.reference_edit import ReferenceEdit

if TYPE_CHECKING:  # PySide6 makes each class when it is first asked for, and the first picture waits for none of these
    from PySide6.QtCore import QStringListModel
    from PySide6.QtGui import QIcon, QStandardItemModel

    from mbgui.gui.theme import Colors, Theme

_SHOWN_SIZE = 16  # device-independent pixels of the sign of the side
_DRAWN_SIZE = 64  # pixels of its picture, so that it stays sharp at a scale of 4
_WIDEST = 460  # pixels; a name seldom needs more, and the window may be very wide
_WIDEST_LIST = 620  # pixels; a longer path is elided in the list
_TITLE_SCALE = 0.9
_LIST_MARGIN = 36  # pixels of the list for its frame and its scroll bar
_KINDS = "torchvision:NAME, keras:NAME, package.module:callable, or a file"
_HELP = (
    f"{_KINDS}.\n"
    "Options stand behind a question mark, a file with weights behind an @:\n"
    "keras:MobileNetV2?alpha=0.5@weights.h5"
)


class ModelPicker(QComboBox):
    """Picks the model of one side; `currentTextChanged` tells that another model is named.

    `committed` tells that a name is finished: chosen from the list, or typed and left.
    """

    committed = Signal()

    def __init__(self, side: Side, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._theme = theme
        self._title = f"{side.value.capitalize()} model"
        self._recent: tuple[str, ...] = ()
        self._known: tuple[str, ...] = ()
        self._note = ""
        self._completions: QStringListModel | None = None
        self.edit = ReferenceEdit(self._title, self)
        self._create()
        theme.changed.connect(self.complete)

    def set_reference(self, reference: str) -> None:
        """Name another model."""
        self.setCurrentText(reference)
        self.edit.show_end()
        self.committed.emit()

    def set_references(self, references: tuple[str, ...]) -> None:
        """Offer other references; the text stays as it is."""
        self._known = references
        self._fill()

    def set_recent(self, references: tuple[str, ...]) -> None:
        """Offer these references before all others."""
        self._recent = references
        self._fill()

    def set_note(self, note: str) -> None:
        """What is to be known of the model that is named, "" for nothing."""
        self._note = note
        self._show_tip()

    def set_highlighted(self, *, is_highlighted: bool) -> None:
        """Whether what is being dragged would be named here."""
        if bool(self.property("drop")) != is_highlighted:
            self.setProperty("drop", is_highlighted)
            self.style().polish(self)

    def complete(self) -> None:
        """Show the sign of the side and that of files."""
        colors = self._theme.colors
        self.edit.complete(_marker(self._side, colors), resources.icon("folder", colors.muted))

    def showPopup(self) -> None:
        """Give the list room for long paths."""
        view = self.view()
        view.setMinimumWidth(min(view.sizeHintForColumn(0) + _LIST_MARGIN, _WIDEST_LIST))
        super().showPopup()

    def _create(self) -> None:
        self.setLineEdit(self.edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(26)
        self.setMaximumWidth(_WIDEST)
        self.setMaxVisibleItems(24)
        self.setProperty("side", self._side.value)
        self.edit.setPlaceholderText(_KINDS)
        for widget in (self, self.edit):
            widget.setAccessibleName(self._title)
        self._show_tip()
        self.currentTextChanged.connect(self._on_text_changed)
        self.activated.connect(self.committed)
        self.edit.editingFinished.connect(self.committed)

    def _fill(self) -> None:
        kept, position = self.currentText(), self.edit.cursorPosition()
        blocker = QSignalBlocker(self)
        self.clear()
        if self._recent:
            self._add_section("Recent", self._recent)
        if self._known:
            self._add_section("Models" if self._recent else "", self._known)
        self.setCurrentIndex(self.findText(kept))
        self.setCurrentText(kept)
        self.edit.setCursorPosition(position)
        self._complete_from(tuple(dict.fromkeys((*self._recent, *self._known))))
        blocker.unblock()

    def _add_section(self, title: str, references: tuple[str, ...]) -> None:
        if title:
            self._add_title(title)
        for reference in references:
            self.addItem(reference)
            self._model().item(self.count() - 1).setToolTip(reference)

    def _add_title(self, title: str) -> None:
        self.addItem(title)
        item = self._model().item(self.count() - 1)
        item.setEnabled(False)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _TITLE_SCALE)
        font.setBold(True)
        item.setFont(font)

    def _model(self) -> QStandardItemModel:
        return cast("QStandardItemModel", self.model())

    def _complete_from(self, references: tuple[str, ...]) -> None:
        """Find what is typed anywhere in a reference."""
        from PySide6.QtCore import QStringListModel, Qt  # noqa: PLC0415 - not for the first picture
        from PySide6.QtWidgets import QCompleter, QStyledItemDelegate  # noqa: PLC0415

        if self._completions is None:
            self._completions = QStringListModel(self)
            completer = QCompleter(self._completions, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.setCompleter(completer)
            self.setItemDelegate(QStyledItemDelegate(self))  # the style sheet has no say in the own one
            self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._completions.setStringList(references)

    def _show_tip(self) -> None:
        text = self.currentText().strip()
        parts = (f"{self._title}: {text}" if text else self._title, self._note, _HELP)
        self.setToolTip("\n\n".join(part for part in parts if part))

    def _on_text_changed(self) -> None:
        self._note = ""
        self._show_tip()


def _marker(side: Side, colors: Colors) -> QIcon:
    """The sign of a side, in its colour and with its own half filled."""
    from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap  # noqa: PLC0415

    from mbgui.gui.widgets.side_marker import MARKER_SIZE, paint_marker  # noqa: PLC0415 - loads all of Qt's names

    pixmap = QPixmap(_DRAWN_SIZE, _DRAWN_SIZE)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.scale(_DRAWN_SIZE / _SHOWN_SIZE, _DRAWN_SIZE / _SHOWN_SIZE)
    paint_marker(painter, (_SHOWN_SIZE - MARKER_SIZE) / 2, _SHOWN_SIZE / 2, side, colors)
    painter.end()
    return QIcon(pixmap)
