"""The line in which a model is named; of a text that is too long its end is shown, which is the file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton

if TYPE_CHECKING:  # PySide6 makes each class when it is first asked for, and the first picture waits for none of these
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QIcon, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

_TEXT_MARGIN = 2  # pixels between a button inside the line and the text, as QLineEdit has it


class ReferenceEdit(QLineEdit):
    """A line with the sign of its side at the left and a way to open a file at the right.

    Files dropped on it are left to the window, which knows what to do with them.
    """

    file_requested = Signal()
    inspect_requested = Signal()
    clear_recent_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._is_elided = False
        self._marker = QAction(self)
        self._open = QAction(f"Open a file as {title.lower()}…", self)
        self._inspect = QAction("&Inspect this file…", self)
        self._clear = QAction("Clear &recent models", self)
        self.setAcceptDrops(False)
        self.addAction(self._marker, QLineEdit.ActionPosition.LeadingPosition)
        self._open.triggered.connect(self.file_requested)
        self._inspect.triggered.connect(self.inspect_requested)
        self._clear.triggered.connect(self.clear_recent_requested)
        self.textChanged.connect(self._on_text_changed)

    def complete(self, marker: QIcon, folder: QIcon) -> None:
        """Show the signs; drawing is what the first picture does not wait for."""
        self._marker.setIcon(marker)
        self._open.setIcon(folder)
        if not self._is_elided:
            self._is_elided = True
            self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
            self._name_button()
        self.update()

    def set_has_file(self, *, has_file: bool) -> None:
        """Whether there is a file to inspect."""
        self._inspect.setEnabled(has_file)

    def show_end(self) -> None:
        """Bring the end into view where not all of the text fits, else its beginning."""
        self.setCursorPosition(len(self.text()) if self._is_too_long() else 0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Everything a line edit offers, and what can be done with models."""
        menu = self.createStandardContextMenu()
        menu.addSeparator()
        for action in (self._open, self._inspect, self._clear):
            menu.addAction(action)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever leaves the line wants to see the name of the file."""
        super().focusOutEvent(event)
        self.show_end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What fits is another now."""
        super().resizeEvent(event)
        if not self.hasFocus():
            self.show_end()

    def paintEvent(self, event: QPaintEvent) -> None:
        """While nobody types, a text that is too long begins with an ellipsis."""
        if self._is_elided and not self.hasFocus() and self._is_too_long():
            self._paint_end()
        else:
            super().paintEvent(event)

    def _paint_end(self) -> None:
        from PySide6.QtCore import QRect, Qt  # noqa: PLC0415 - its enumerations are not needed for the first picture
        from PySide6.QtGui import QPainter, QPalette  # noqa: PLC0415

        left, right = self._text_edges()
        area = QRect(left, 0, right - left, self.height())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideLeft, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def _is_too_long(self) -> bool:
        left, right = self._text_edges()
        return self.fontMetrics().horizontalAdvance(self.text()) > right - left

    def _text_edges(self) -> tuple[int, int]:
        """Where the text begins and ends between the buttons inside the line."""
        middle, left, right = self.width() / 2, 0, self.width()
        for button in self.findChildren(QToolButton):
            place = button.geometry()
            if place.center().x() < middle:
                left = max(left, place.right() + 1)
            else:
                right = min(right, place.left())
        return left + _TEXT_MARGIN, right - _TEXT_MARGIN

    def _name_button(self) -> None:
        button = self.findChildren(QToolButton)[-1]
        button.setAccessibleName(self._open.text())
        button.setToolTip(self._open.text())

    def _on_text_changed(self) -> None:
        if not self.hasFocus():
            self.show_end()
