"""The verdict of a proof: a sign, one sentence, and what it rests on."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mbgui.analysis.equivalence_wording import VERDICT_TITLES, Fact, evidence_facts
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, SizeEvidence
from mbgui.gui.theme import Theme

SIGNS = {
    EquivalenceVerdict.IDENTICAL: "≡",
    EquivalenceVerdict.EQUIVALENT: "=",
    EquivalenceVerdict.EQUIVALENT_AFTER: "≈",
    EquivalenceVerdict.DIFFERENT: "≠",
    EquivalenceVerdict.NOT_COMPARABLE: "?",
}
GOOD = frozenset({EquivalenceVerdict.IDENTICAL, EquivalenceVerdict.EQUIVALENT})
_FACT_WIDTH = 200  # pixels a fact needs at least


class EquivalenceCard(QFrame):
    """The answer in words, and its evidence as a grid of facts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._verdict: EquivalenceVerdict | None = None
        self._cells: list[QWidget] = []
        self._columns = 0
        self._sign, self._headline, self._details = QLabel(), _text("headline"), _text("muted")
        self._lay_out()
        theme.changed.connect(self._color)

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        return self._headline.text()

    def show_equivalence(self, equivalence: Equivalence, size: SizeEvidence | None) -> None:
        """Show a verdict and what it rests on at this input size."""
        self._verdict = equivalence.verdict
        self._sign.setText(SIGNS[equivalence.verdict])
        self._sign.setAccessibleName(VERDICT_TITLES[equivalence.verdict])
        self._sign.setToolTip(VERDICT_TITLES[equivalence.verdict])
        self._show_texts(equivalence.headline, equivalence.details, evidence_facts(equivalence, size))

    def show_progress(self, headline: str, detail: str, *, is_under_way: bool) -> None:
        """Say what is going on where nothing can be judged: not yet, or not at all."""
        self._verdict = None
        self._sign.setText("…" if is_under_way else "–")
        self._sign.setAccessibleName("under way" if is_under_way else "unfinished")
        self._sign.setToolTip("")
        self._show_texts(headline, (detail,), ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the facts out in as many columns as fit."""
        super().resizeEvent(event)
        self._arrange()

    def _show_texts(self, headline: str, details: Sequence[str], facts: Sequence[Fact]) -> None:
        self._headline.setText(headline)
        self._details.setText("\n".join(detail for detail in details if detail))
        self._details.setVisible(any(details))
        self.setAccessibleName(f"Verdict on the outputs: {headline}")
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells = [_cell(fact) for fact in facts]
        self._facts.setVisible(bool(facts))
        self._columns = 0
        self._arrange()
        self._color()

    def _arrange(self) -> None:
        rows = max(-(-len(self._cells) // max(self.width() // _FACT_WIDTH, 1)), 1)
        columns = max(-(-len(self._cells) // rows), 1)  # rows of even length
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, cell in enumerate(self._cells):
            self._grid.addWidget(cell, place // columns, place % columns)

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sign.setFixedWidth(40)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 2)
        self._sign.setFont(font)
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 6, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        texts = QVBoxLayout()
        texts.setSpacing(5)
        for widget in (self._headline, self._details, self._facts):
            texts.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._sign)
        layout.addLayout(texts, 1)

    def _color(self) -> None:
        colors = self._theme.colors
        shade = colors.muted if self._verdict is None else colors.success if self._verdict in GOOD else colors.warning
        self._sign.setStyleSheet(f"color: {shade}; font-size: 22pt; font-weight: 600;")


def _cell(fact: Fact) -> QWidget:
    """The title of a fact above its value."""
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    title, value = QLabel(fact.title), QLabel(fact.value)
    title.setProperty("role", "muted")
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(title)
    column.addWidget(value)
    column.addStretch(1)
    cell.setToolTip(fact.explanation)
    value.setAccessibleName(f"{fact.title}: {fact.value}")
    value.setAccessibleDescription(fact.explanation)
    return cell


def _text(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label
