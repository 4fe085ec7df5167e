"""A framed part of a page with a quiet title."""

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget


class Card(QFrame):
    """A title, one widget below it, and a quiet line at the foot where one is given."""

    def __init__(
        self, title: str, content: QWidget, parent: QWidget | None = None, *, foot: QLabel | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._title = QLabel(title)
        self._title.setProperty("role", "section")
        self._title.setBuddy(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 12, 10, 10)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(content)
        self._title.setIndent(8)
        if foot is not None:
            foot.setProperty("role", "muted")
            foot.setWordWrap(True)
            foot.setIndent(8)
            layout.addWidget(foot)
        self.setAccessibleName(title)
        content.setAccessibleName(title)
