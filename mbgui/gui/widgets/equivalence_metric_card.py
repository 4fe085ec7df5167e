"""A card of the overview that says whether both networks compute the same."""

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mbgui.analysis.equivalence_wording import PRECISION_TITLES, VERDICT_TITLES, error_text
from mbgui.analysis.wording import MISSING
from mbgui.domain.equivalence import Equivalence
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.equivalence_card import GOOD

_NOT_VERIFIED = "not verified"


class EquivalenceMetricCard(QFrame):
    """Title, the verdict in a word or two, and what is left of the error."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._equivalence: Equivalence | None = None
        self._title, self._figure, self._note = QLabel("Outputs"), QLabel(), QLabel()
        self._lay_out()
        self.show_equivalence(None)
        theme.changed.connect(self._color)

    def show_equivalence(self, equivalence: Equivalence | None) -> None:
        """Show a verdict, or that there is none."""
        self._equivalence = equivalence
        if equivalence is None:
            self._figure.setText(MISSING)
            self.show_note(_NOT_VERIFIED)
            self.setToolTip("Tick “Verify outputs” on the Equivalence tab and press Compare.")
        else:
            self._figure.setText(VERDICT_TITLES[equivalence.verdict])
            residual = error_text(equivalence.unexplained_residual)
            self.show_note(f"residual {residual} · {PRECISION_TITLES[equivalence.precision]}")
            self.setToolTip(equivalence.headline)
        self._color()

    def show_note(self, note: str) -> None:
        """Say something else below the verdict that is shown."""
        self._note.setText(note)
        self.setAccessibleName(f"Outputs: {self._figure.text()}, {note}")

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._title.setProperty("role", "section")
        self._note.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 11, 14, 11)
        layout.setSpacing(5)
        for label in (self._title, self._figure, self._note):
            layout.addWidget(label)

    def _color(self) -> None:
        colors = self._theme.colors
        verdict = self._equivalence.verdict if self._equivalence is not None else None
        shade = colors.muted if verdict is None else colors.success if verdict in GOOD else colors.warning
        self._figure.setStyleSheet(f"color: {shade}; font-size: 15pt; font-weight: 600;")
