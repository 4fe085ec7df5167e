"""A line of the overview that says whether both networks compute the same, and leads to the proof."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mbgui.analysis.equivalence_wording import VERDICT_TITLES, proof_summary
from mbgui.domain.equivalence import Equivalence
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.equivalence_card import GOOD, SIGNS


class ProofStrip(QFrame):
    """The sign and the verdict of a proof, what is left of the error, and a button that shows it all."""

    proof_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._equivalence: Equivalence | None = None
        self._sign, self._headline, self._summary = QLabel(), QLabel(), QLabel()
        self._button = QPushButton("Show the proof")
        self._button.setToolTip("The error along the network, and what each cause does to it (Ctrl+4)")
        self._lay_out()
        self._button.clicked.connect(self.proof_requested)
        theme.changed.connect(self._color)
        self.show_equivalence(None)

    def show_equivalence(self, equivalence: Equivalence | None) -> None:
        """Show a verdict; nothing where there is none."""
        self._equivalence = equivalence
        self.setVisible(equivalence is not None)
        if equivalence is not None:
            self._sign.setText(SIGNS[equivalence.verdict])
            self._sign.setAccessibleName(VERDICT_TITLES[equivalence.verdict])
            self._show_texts(equivalence.headline, proof_summary(equivalence))

    def show_progress(self) -> None:
        """Both networks are being run."""
        self._equivalence = None
        self._sign.setText("…")
        self._sign.setAccessibleName("under way")
        self._show_texts("The outputs are being verified", "Both networks run on the same probes, pair by pair.")
        self.show()

    def _show_texts(self, headline: str, summary: str) -> None:
        self._headline.setText(headline)
        self._summary.setText(summary)
        self.setAccessibleName(f"Outputs: {headline}")
        self._color()

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._headline.setProperty("role", "strong")
        self._summary.setProperty("role", "muted")
        self._sign.setFixedWidth(40)
        self._sign.setAlignment(self._sign.alignment().AlignCenter)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        for label in (self._headline, self._summary):
            label.setWordWrap(True)
            texts.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 10, 16, 10)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addLayout(texts, 1)
        row.addWidget(self._button)

    def _color(self) -> None:
        colors = self._theme.colors
        verdict = self._equivalence.verdict if self._equivalence is not None else None
        shade = colors.muted if verdict is None else colors.success if verdict in GOOD else colors.warning
        self._sign.setStyleSheet(f"color: {shade}; font-size: 16pt; font-weight: 600;")
