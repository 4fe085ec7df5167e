"""A bar inside the window that says what is wrong and what to do, instead of a box in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mbgui.gui import resources

if TYPE_CHECKING:
    from mbgui.domain.errors import Problem
    from mbgui.gui.theme import Theme

_DETAIL_HEIGHT = 150  # pixels: some ten lines of a traceback
_ICON_SIZE = 20


class MessageBar(QFrame):
    """Shows one message at a time: a sentence, advice, and technical details on request."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_warning = True
        self._create()
        self._lay_out()
        self._connect()
        self.hide()

    def show_problem(self, problem: Problem) -> None:
        """Show a problem until it is closed or replaced."""
        self._show(problem.sentence, problem.advice, problem.detail, is_warning=True)

    def show_hint(self, sentence: str, advice: str = "") -> None:
        """Show something worth knowing that is no problem."""
        self._show(sentence, advice, "", is_warning=False)

    def hide_hint(self) -> None:
        """Take a hint away; a problem stays."""
        if not self._is_warning:
            self.hide()

    @property
    def has_problem(self) -> bool:
        """Whether a problem is shown."""
        return self._is_warning and not self.isHidden()

    @property
    def text(self) -> str:
        """Everything the message says, as it is copied."""
        parts = (self._sentence.text(), self._advice.text(), self._detail.toPlainText())
        return "\n".join(part for part in parts if part)

    def _create(self) -> None:
        self.setObjectName("message_bar")
        self.setProperty("role", "message")
        self._icon = QLabel(self)
        self._sentence = QLabel(self)
        self._sentence.setProperty("role", "strong")
        self._advice = QLabel(self)
        for label in (self._sentence, self._advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._advice.setProperty("role", "muted")
        self._details_button = QPushButton("Details", self)
        self._details_button.setCheckable(True)
        self._copy_button = QPushButton("Copy", self)
        self._copy_button.setToolTip("Copy the message and its details")
        self._close_button = QToolButton(self)
        self._close_button.setToolTip("Close this message")
        self._detail = QPlainTextEdit(self)
        self._detail.setReadOnly(True)
        self._detail.setFixedHeight(_DETAIL_HEIGHT)
        self._detail.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._detail.setTabChangesFocus(True)
        self.setAccessibleName("Message")
        self._details_button.setAccessibleName("Show technical details")
        self._copy_button.setAccessibleName("Copy message")
        self._close_button.setAccessibleName("Close message")
        self._detail.setAccessibleName("Technical details")

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        for button in (self._details_button, self._copy_button, self._close_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addWidget(self._detail)

    def _connect(self) -> None:
        self._details_button.toggled.connect(self._detail.setVisible)
        self._copy_button.clicked.connect(self._on_copy_clicked)
        self._close_button.clicked.connect(self.hide)
        self._theme.changed.connect(self._draw_icons)

    def _show(self, sentence: str, advice: str, detail: str, *, is_warning: bool) -> None:
        self._is_warning = is_warning
        self.setProperty("tone", "problem" if is_warning else "hint")
        self.style().polish(self)
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._detail.setPlainText(detail)
        self._details_button.setVisible(bool(detail))
        self._details_button.setChecked(False)
        self._detail.hide()
        self._copy_button.setVisible(is_warning)
        self.setAccessibleDescription(f"{sentence} {advice}".strip())
        self._draw_icons()
        self.show()

    def _draw_icons(self) -> None:
        colors = self._theme.colors
        name, color = ("warning", colors.warning) if self._is_warning else ("information", colors.accent)
        self._icon.setPixmap(resources.icon(name, color).pixmap(QSize(_ICON_SIZE, _ICON_SIZE)))
        self._close_button.setIcon(resources.icon("close", colors.muted))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
