"""A bar inside the window that says what is wrong and what to do, instead of a box in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mbgui.gui import resources
from mbgui.gui.widgets.breakable_text import breakable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from mbgui.domain.errors import Problem, Remedy
    from mbgui.gui.theme import Theme

_DETAIL_HEIGHT = 150  # pixels: some ten lines of a traceback
_ICON_SIZE = 20


class RemedyButton(QPushButton):
    """A way out of a problem."""

    remedy_chosen = Signal(object)

    def __init__(self, remedy: Remedy, parent: QWidget | None = None) -> None:
        super().__init__(remedy.title, parent)
        self._remedy = remedy
        self.setToolTip(remedy.reference)
        self.setAutoDefault(False)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self.remedy_chosen.emit(self._remedy)


class ActionButton(QPushButton):
    """Does what an entry of a menu does."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(action.text(), parent)
        self.setAutoDefault(False)
        self.clicked.connect(action.trigger)


class MessageBar(QFrame):
    """Shows one message at a time: a sentence, advice, ways out to click on, and technical details on request.

    `remedy_chosen` carries the `Remedy` of a way out.
    """

    remedy_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_warning = True
        self._words = ("", "")
        self._create()
        self._lay_out()
        self._connect()
        self.hide()

    def show_problem(self, problem: Problem, actions: Sequence[QAction] = ()) -> None:
        """Show a problem until it is closed or replaced, with a button for each of its remedies and of the actions."""
        self._show(problem.sentence, problem.advice, problem.detail, is_warning=True)
        self._offer(problem.remedies, actions)

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
        parts = (*self._words, self._detail.toPlainText())
        return "\n".join(part for part in parts if part)

    def _create(self) -> None:
        self.setObjectName("message_bar")
        self.setProperty("role", "message")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._icon = QLabel(self)
        self._sentence = QLabel(self)
        self._sentence.setProperty("role", "strong")
        self._advice = QLabel(self)
        for label in (self._sentence, self._advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._advice.setProperty("role", "muted")
        self._remedies = QWidget(self)
        self._remedy_row = QHBoxLayout(self._remedies)
        self._remedy_row.setContentsMargins(0, 6, 0, 2)
        self._remedy_row.setSpacing(8)
        self._remedy_row.addStretch(1)
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
        self._detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
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
        words.addWidget(self._remedies)
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
        self._words = (sentence, advice)
        self._sentence.setText(breakable(sentence))
        self._advice.setText(breakable(advice))
        self._advice.setVisible(bool(advice))
        self._detail.setPlainText(detail)
        self._details_button.setVisible(bool(detail))
        self._details_button.setChecked(False)
        self._detail.hide()
        self._copy_button.setVisible(is_warning)
        self._offer(())
        self.setAccessibleDescription(f"{sentence} {advice}".strip())
        self._draw_icons()
        self.show()

    def _offer(self, remedies: Sequence[Remedy], actions: Sequence[QAction] = ()) -> None:
        """Put a button for each way out below the words."""
        for old in self._remedies.findChildren(QPushButton):
            self._remedy_row.removeWidget(old)
            old.hide()
            old.deleteLater()
        for remedy in remedies:
            button = RemedyButton(remedy, self._remedies)
            button.remedy_chosen.connect(self.remedy_chosen)
            self._remedy_row.insertWidget(self._remedy_row.count() - 1, button)
        for action in actions:
            self._remedy_row.insertWidget(self._remedy_row.count() - 1, ActionButton(action, self._remedies))
        self._remedies.setVisible(bool(remedies or actions))

    def _draw_icons(self) -> None:
        colors = self._theme.colors
        name, color = ("warning", colors.warning) if self._is_warning else ("information", colors.accent)
        self._icon.setPixmap(resources.icon(name, color).pixmap(QSize(_ICON_SIZE, _ICON_SIZE)))
        self._close_button.setIcon(resources.icon("close", colors.muted))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
