"""What is known of the selected row: both layers' attributes, and the differences at this pair."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mbgui.analysis.attributes import AttributeRow, compare_attributes
from mbgui.analysis.layer_facts import Times, layer_facts
from mbgui.analysis.outline_places import is_member
from mbgui.analysis.wording import evidence_text
from mbgui.domain.alignment import LayerPair
from mbgui.domain.difference import Difference
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer
from mbgui.domain.outline import OutlineRow
from mbgui.gui.item_models.attribute_table_model import AttributeColumn, AttributeTableModel
from mbgui.gui.item_models.difference_table_model import DifferenceColumn, DifferenceTableModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card_row import SPACING
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable

_NOTHING_SELECTED = "Select a row to see both layers' attributes next to each other."


class LayerDetails(QWidget):
    """Shows one row of the outline."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._create(theme)
        self._lay_out()
        self.clear()

    def show_row(
        self,
        row: OutlineRow,
        layers: tuple[Layer | None, Layer | None],
        differences: Sequence[Difference],
        frameworks: tuple[Framework | None, Framework | None],
        times: Times = (None, None),
    ) -> None:
        """Show a row, its layers, the differences that show at this pair, and how long either side takes."""
        self._sentence.setText(_sentence(row, is_compared=None not in frameworks))
        attributes = sorted(compare_attributes(*layers), key=_is_the_same)
        self._attributes.show_records((*layer_facts(row, *layers, times), *attributes), *frameworks)
        self._differences.show_records(tuple(differences), *frameworks)
        self._attribute_area.show()
        self._difference_card.setVisible(bool(differences))

    def clear(self) -> None:
        """Say what to do next."""
        self._sentence.setText(_NOTHING_SELECTED)
        self._attributes.show_records(())
        self._differences.show_records(())
        self._attribute_area.hide()
        self._difference_card.hide()

    def _create(self, theme: Theme) -> None:
        self._sentence = QLabel()
        self._sentence.setProperty("role", "section")
        self._sentence.setWordWrap(True)
        self._sentence.setIndent(8)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._attributes, self._differences = AttributeTableModel(self), DifferenceTableModel(self)
        self._attribute_area = _scrolling(self._attribute_table(theme))
        self._difference_area = _scrolling(self._difference_table(theme))

    def _attribute_table(self, theme: Theme) -> ContentTable:
        values = (AttributeColumn.LEFT, AttributeColumn.RIGHT)
        delegate = CellDelegate(theme, monospaced=values, wrapping=values)
        stretches: dict[int, int] = {AttributeColumn.NAME: 2, AttributeColumn.LEFT: 3, AttributeColumn.RIGHT: 3}
        table = ContentTable(theme, self._attributes, delegate, stretches=stretches)
        table.setAccessibleName("Attributes of both layers")
        return table

    def _difference_table(self, theme: Theme) -> ContentTable:
        values = (DifferenceColumn.LEFT, DifferenceColumn.RIGHT)
        delegate = CellDelegate(theme, monospaced=values, wrapping=(DifferenceColumn.CAUSE, *values))
        stretches: dict[int, int] = {DifferenceColumn.CAUSE: 3, DifferenceColumn.LEFT: 2, DifferenceColumn.RIGHT: 2}
        table = ContentTable(theme, self._differences, delegate, stretches=stretches)
        table.setColumnHidden(DifferenceColumn.WHERE, True)
        table.setAccessibleName("Differences at this pair")
        return table

    def _lay_out(self) -> None:
        title = QLabel("Differences at this pair")
        title.setProperty("role", "section")
        title.setIndent(8)
        self._difference_card = _card(title, self._difference_area)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(_card(self._sentence, self._attribute_area), 5)
        layout.addWidget(self._difference_card, 4)


def _is_the_same(attribute: AttributeRow) -> bool:
    """What differs is sorted before what does not."""
    return not attribute.is_different


def _card(title: QLabel, content: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(10, 10, 4, 6)
    layout.setSpacing(4)
    layout.addWidget(title)
    layout.addWidget(content, 1)
    return card


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 6, 0)
    layout.addWidget(content)
    layout.addStretch(1)
    area.setWidget(page)
    for ground in (area.viewport(), page):
        ground.setAutoFillBackground(False)
    return area


def _sentence(row: OutlineRow, *, is_compared: bool) -> str:
    left = (row.left.layer or row.left.label) if row.left is not None else None
    right = (row.right.layer or row.right.label) if row.right is not None else None
    names = "  ⟷  ".join(name for name in (left, right) if name is not None)
    if row.is_group:
        return f"{names} · a group, counted with all its members"
    if not is_compared:
        return f"{names} · not compared"
    if is_member(row):
        return f"{names} · part of the pair next to it"
    pair = LayerPair(left=left, right=right, confidence=row.confidence, evidence=row.evidence)
    return f"{names} · {evidence_text(pair)}"
