"""Which side is faster, how sure that is, and what makes it doubtful."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mbgui.gui import resources
from mbgui.gui.theme import Theme

_HEADLINE_WIDTH = 200  # pixels: “No measurable difference” takes two lines
_ICON_SIZE = 16


class LatencyVerdictCard(QFrame):
    """A headline; beside it the sentence, quiet details, and a line with a sign for each warning."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons: list[QLabel] = []
        self._headline, self._sentence, self._details = _label("headline"), _label(""), _label("muted")
        self._lay_out()
        theme.changed.connect(self._draw_icons)

    @property
    def headline(self) -> str:
        """What is said first."""
        return self._headline.text()

    @property
    def sentence(self) -> str:
        """What is said beside it."""
        return self._sentence.text()

    def show_words(self, headline: str, sentence: str, details: Sequence[str], warnings: Sequence[str] = ()) -> None:
        """Show these in place of what was there; empty details are left out."""
        self.show_sentence(headline, sentence)
        self._details.setText("\n".join(detail for detail in details if detail))
        self._show_warnings(warnings)
        self.setAccessibleDescription("\n".join((sentence, *warnings)))

    def show_sentence(self, headline: str, sentence: str) -> None:
        """Show another headline and sentence, and keep the rest."""
        self._headline.setText(headline)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.setAccessibleName(f"Verdict on latency: {headline}")

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._headline.setFixedWidth(_HEADLINE_WIDTH)
        self._headline.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._warnings = QVBoxLayout()
        self._warnings.setSpacing(3)
        words = QVBoxLayout()
        words.setSpacing(5)
        words.addWidget(self._sentence)
        words.addLayout(self._warnings)
        words.addWidget(self._details)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(18)
        row.addWidget(self._headline, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def _show_warnings(self, warnings: Sequence[str]) -> None:
        while (item := self._warnings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._icons = []
        for warning in warnings:
            self._warnings.addWidget(self._warning_line(warning))
        self._draw_icons()

    def _warning_line(self, warning: str) -> QWidget:
        line, icon, words = QWidget(self), QLabel(), _label("")
        icon.setAccessibleName("Warning")
        words.setText(warning)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self._icons.append(icon)
        return line

    def _draw_icons(self) -> None:
        sign = resources.icon("warning", self._theme.colors.warning).pixmap(QSize(_ICON_SIZE, _ICON_SIZE))
        for icon in self._icons:
            icon.setPixmap(sign)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
