"""The verdict: a sign, one sentence, details, and what could not be done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mbgui.domain.comparison import Agreement, Verdict
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.breakable_text import breakable

_SIGNS = {Agreement.SAME_STRUCTURE: "=", Agreement.SAME_LAYERS: "≈", Agreement.DIFFERENT: "≠"}
_WORDS = {
    Agreement.SAME_STRUCTURE: "same structure",
    Agreement.SAME_LAYERS: "same layers, but inference is touched",
    Agreement.DIFFERENT: "different networks",
}


class VerdictCard(QFrame):
    """The answer in words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._agreement: Agreement | None = None
        self._sign = QLabel()
        self._headline, self._details, self._warnings = _text("headline"), _text("muted"), _text("muted")
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)

    def show_verdict(self, verdict: Verdict, title: str, warnings: Sequence[str]) -> None:
        """Show a verdict on the comparison named so."""
        self._agreement = verdict.agreement
        self._sign.setText(_SIGNS[verdict.agreement])
        self._sign.setAccessibleName(_WORDS[verdict.agreement])
        self._sign.setToolTip(_WORDS[verdict.agreement])
        self._show_texts(verdict.headline, verdict.details, warnings)
        self.setAccessibleName(f"Verdict on {title}: {verdict.headline}")

    def show_progress(self, headline: str, details: Sequence[str], *, is_under_way: bool = True) -> None:
        """Show what is known where nothing can be judged: not yet, or not at all."""
        self._agreement = None
        self._sign.setText("…" if is_under_way else "–")
        self._sign.setAccessibleName("under way" if is_under_way else "unfinished")
        self._show_texts(headline, details, ())
        self.setAccessibleName(headline)

    def _show_texts(self, headline: str, details: Sequence[str], warnings: Sequence[str]) -> None:
        self._headline.setText(headline)
        self._details.setText("\n".join(details))
        self._details.setVisible(bool(details))
        self._warnings.setText(breakable("\n".join(f"Note: {warning}" for warning in warnings)))
        self._warnings.setVisible(bool(warnings))
        self._on_theme_changed()

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 2)
        font.setWeight(QFont.Weight.DemiBold)
        self._sign.setFont(font)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sign.setFixedWidth(40)
        texts = QVBoxLayout()
        texts.setSpacing(5)
        for label in (self._headline, self._details, self._warnings):
            texts.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._sign)
        layout.addLayout(texts, 1)

    def _on_theme_changed(self) -> None:
        colors = self._theme.colors
        shades = {Agreement.SAME_STRUCTURE: colors.success, None: colors.muted}
        self._sign.setStyleSheet(f"color: {shades.get(self._agreement, colors.warning)}; font-size: 22pt;")
        self._warnings.setStyleSheet(f"color: {colors.warning};")


def _text(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label
