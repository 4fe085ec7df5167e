"""What a view shows while there is nothing to show: what it is for, and what to do next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class EmptyState(QWidget):
    """A headline and a sentence in the middle of the view."""

    def __init__(self, headline: str, advice: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = _centred(headline, "headline")
        self._advice = _centred(advice, "muted")
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._headline)
        layout.addSpacing(6)
        layout.addWidget(self._advice)
        layout.addStretch(3)
        self.setAccessibleName(headline)
        self.setAccessibleDescription(advice)


def _centred(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
