"""A framed part of the latency page that is filled when it is measured, and says how to get there until then."""

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget


class MeasurementCard(QFrame):
    """A title, a sentence, and a body that is hidden while there is nothing to show."""

    def __init__(self, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self._title, self._sentence = _label("strong"), _label("muted")
        self._title.setText(title)
        self._body = QWidget(self)
        self._lay_out()
        self.setAccessibleName(title)
        self.show_nothing()

    @property
    def sentence(self) -> str:
        """What is said below the title."""
        return self._sentence.text()

    @property
    def is_filled(self) -> bool:
        """Whether there is anything to show."""
        return not self._body.isHidden()

    @property
    def body(self) -> QVBoxLayout:
        """Where the content goes."""
        return self._column

    def show_nothing(self) -> None:
        """Say what to do to have this measured."""
        self._sentence.setText(self._hint)
        self._body.hide()

    def show_body(self, sentence: str) -> None:
        """Show the content below this sentence."""
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._body.show()

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 12, 10, 10)
        layout.setSpacing(3)
        for label in (self._title, self._sentence):
            label.setIndent(8)
            layout.addWidget(label)
        layout.addWidget(self._body)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
