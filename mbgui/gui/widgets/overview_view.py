"""The page that answers first: verdict, figures, differences, layer types and the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from mbgui.analysis.accounting import account
from mbgui.analysis.input_wording import are_inputs_alike, input_sentence
from mbgui.analysis.ledger_rows import ledger_rows
from mbgui.analysis.metric_rows import metrics
from mbgui.analysis.source_wording import short_reference
from mbgui.analysis.verdict import FROM_STRUCTURE_ALONE
from mbgui.analysis.wording import input_sizes_text
from mbgui.domain.accounting import NetworkAccounting
from mbgui.domain.comparison import Comparison, Verdict
from mbgui.domain.difference import Difference, Effect
from mbgui.domain.framework import Framework
from mbgui.domain.network import Network
from mbgui.domain.outline import Outline
from mbgui.domain.request import CompareRequest, Side
from mbgui.gui.item_models.difference_table_model import DifferenceColumn, DifferenceTableModel
from mbgui.gui.item_models.layer_type_table_model import LayerTypeColumn, LayerTypeTableModel, SidedLayerType
from mbgui.gui.item_models.ledger_table_model import LedgerColumn, LedgerTableModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card import Card
from mbgui.gui.widgets.card_row import SPACING, CardRow
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.empty_state import EmptyState
from mbgui.gui.widgets.metric_card import MetricCard
from mbgui.gui.widgets.proof_strip import ProofStrip
from mbgui.gui.widgets.verdict_card import VerdictCard

_METRIC_COUNT = 6
_LATENCY_CARD = -1
_AGAIN = "Compare reads both anew."
_TWO_COLUMNS_FROM = 1080  # pixels of width below which the tables lie one below the other
_DIFFERENCES_HINT = "Select a difference to read what it means; double-click it, or press Enter, to see its layers."
_GRAVITY = list(Effect)


class OverviewView(QWidget):
    """Shows a comparison at a glance.

    `layers_requested` carries the paths of the layers behind a difference, of whichever side has them.
    """

    layers_requested = Signal(tuple)
    proof_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._networks: dict[Side, Network] = {}
        self._outline: Outline | None = None
        self._is_measuring = False
        self._is_compared = True
        self._create(theme)
        self._lay_out()
        self._connect()
        self.clear()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison in place of what was there."""
        self._networks.clear()
        self._is_measuring = False
        is_new = comparison.outline is not self._outline
        self._outline = comparison.outline
        self._verdict.show_verdict(_with_inputs(comparison), comparison.title, _warnings(comparison))
        for card, metric in zip(self._cards, metrics(comparison.accounting, comparison.latency), strict=True):
            card.show_metric(metric)
        self._proof.show_equivalence(comparison.equivalence)
        if is_new:
            self._fill_tables(comparison)
        self._show_parts(is_compared=True)
        self._card_row.fit()

    def show_network(self, side: Side, network: Network) -> None:
        """Say that one side is read while the other one is still under way, and what layers it has."""
        self._networks[side] = network
        self._outline = None
        self._proof.show_equivalence(None)
        self._verdict.show_progress("Reading the models…", self._read_sentences())
        books = {shown: account(self._networks[shown]) for shown in Side if shown in self._networks}
        self._layer_types.show_records(_largest_first(books), *self._frameworks())
        self._show_parts(is_compared=False)

    def stop_reading(self) -> None:
        """Nothing more is coming; what was read stays."""
        if not self._networks:
            return
        what = "Both models were read, but not compared" if len(self._networks) > 1 else "Only one model was read"
        self._verdict.show_progress(what, [*self._read_sentences(), _AGAIN], is_under_way=False)

    def start_measuring(self, request: CompareRequest, frameworks: Mapping[Side, Framework]) -> None:
        """Latency is still to come."""
        del frameworks
        if request.latency is not None:
            self._is_measuring = True
            self._cards[_LATENCY_CARD].show_note("being measured…")

    def stop_measuring(self) -> None:
        """Latency is not to come any more."""
        if self._is_measuring:
            self._is_measuring = False
            self._cards[_LATENCY_CARD].show_note("not measured")

    def start_verifying(self, request: CompareRequest) -> None:
        """The proof is still to come."""
        if request.verification is not None:
            self._proof.show_progress()

    def stop_verifying(self) -> None:
        """The proof is not to come any more."""
        self._proof.show_equivalence(None)

    def _show_parts(self, *, is_compared: bool) -> None:
        """All parts, or those alone that make sense of sides that were only read."""
        for part in (self._card_row, self._difference_card, self._ledger_card):
            part.setVisible(is_compared)
        self._is_compared = is_compared
        self._arrange_tables()
        self._stack.setCurrentWidget(self._page)

    def _read_sentences(self) -> list[str]:
        return [_reading_sentence(self._networks[shown]) for shown in Side if shown in self._networks]

    def _frameworks(self) -> tuple[Framework | None, Framework | None]:
        left, right = (self._networks.get(side) for side in Side)
        return left.framework if left else None, right.framework if right else None

    def _fill_tables(self, comparison: Comparison) -> None:
        left, right = comparison.left.framework, comparison.right.framework
        books = {Side.LEFT: comparison.accounting.left, Side.RIGHT: comparison.accounting.right}
        self._differences.show_records(_gravest_first(comparison.differences), left, right)
        self._layer_types.show_records(_largest_first(books), left, right)
        self._ledger.show_records(ledger_rows(comparison.accounting), left, right)
        self._explanation.setText(_DIFFERENCES_HINT if comparison.differences else "No difference was found.")

    def clear(self) -> None:
        """Show what to do next."""
        self._networks, self._outline = {}, None
        for model in (self._differences, self._layer_types, self._ledger):
            model.show_records(())
        self._stack.setCurrentWidget(self._empty)

    def copy_selection(self) -> None:
        """Copy the selected rows of the table that has the focus."""
        for table in (self._difference_table, self._layer_type_table, self._ledger_table):
            if table.hasFocus():
                copy_selection(table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tables beside or below one another."""
        super().resizeEvent(event)
        self._arrange_tables()

    def _create(self, theme: Theme) -> None:
        self._empty = EmptyState(
            "Nothing compared yet",
            "Choose a model on either side and press Compare, or open a snapshot.",
        )
        self._page = QScrollArea()
        self._verdict = VerdictCard(theme)
        self._cards = [MetricCard() for _ in range(_METRIC_COUNT)]
        self._card_row = CardRow(self._cards)
        self._proof = ProofStrip(theme)
        self._differences = DifferenceTableModel(self)
        self._layer_types = LayerTypeTableModel(self)
        self._ledger = LedgerTableModel(self)
        self._explanation = QLabel()
        self._difference_table = self._difference_list(theme)
        self._layer_type_table = self._layer_type_list(theme)
        self._ledger_table = self._ledger_list(theme)

    def _difference_list(self, theme: Theme) -> ContentTable:
        values = (DifferenceColumn.LEFT, DifferenceColumn.RIGHT)
        wrapping = (DifferenceColumn.CAUSE, *values, DifferenceColumn.WHERE)
        delegate = CellDelegate(theme, monospaced=values, wrapping=wrapping)
        stretches: dict[int, int] = {DifferenceColumn.CAUSE: 4, DifferenceColumn.LEFT: 3, DifferenceColumn.RIGHT: 3}
        table = ContentTable(theme, self._differences, delegate, stretches=stretches)
        table.setAccessibleDescription("Enter on a row shows its layers")
        return table

    def _layer_type_list(self, theme: Theme) -> ContentTable:
        stretches: dict[int, int] = {LayerTypeColumn.TYPE: 3, LayerTypeColumn.BAR: 2}
        return ContentTable(theme, self._layer_types, CellDelegate(theme), stretches=stretches)

    def _ledger_list(self, theme: Theme) -> ContentTable:
        delegate = CellDelegate(theme, wrapping=(LedgerColumn.QUANTITY,))
        return ContentTable(theme, self._ledger, delegate, stretches={LedgerColumn.QUANTITY: 1})

    def _lay_out(self) -> None:
        self._tables = QWidget()
        self._grid = QGridLayout(self._tables)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACING)
        self._difference_card = Card("Differences and what they touch", self._difference_table, foot=self._explanation)
        self._layer_type_card = Card("Layer types by parameters", self._layer_type_table)
        self._ledger_card = Card("Ledger: what is counted where", self._ledger_table)
        self._page.setWidget(self._content())
        self._page.setWidgetResizable(True)
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._page)
        self._arrange_tables()

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(SPACING)
        for widget in (self._verdict, self._proof, self._card_row, self._tables):
            column.addWidget(widget)
        column.addStretch(1)
        return content

    def _connect(self) -> None:
        self._proof.proof_requested.connect(self.proof_requested)
        self._difference_table.row_chosen.connect(self._on_difference_chosen)
        self._difference_table.selectionModel().currentRowChanged.connect(self._on_difference_selected)

    def _arrange_tables(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        if self.width() >= _TWO_COLUMNS_FROM and self._is_compared:
            self._grid.addWidget(self._difference_card, 0, 0, top)
            self._grid.addWidget(self._ledger_card, 1, 0, top)
            self._grid.addWidget(self._layer_type_card, 0, 1, 2, 1, top)
        else:
            self._grid.addWidget(self._difference_card, 0, 0, 1, 2, top)
            self._grid.addWidget(self._ledger_card, 1, 0, 1, 2, top)
            self._grid.addWidget(self._layer_type_card, 2, 0, 1, 2, top)
        self._grid.setColumnStretch(0, 7)
        self._grid.setColumnStretch(1, 6)
        self._grid.setRowStretch(1, 1)

    def _on_difference_selected(self, current: QModelIndex) -> None:
        difference = self._differences.records[current.row()] if current.isValid() else None
        self._explanation.setText(difference.explanation if difference is not None else _DIFFERENCES_HINT)

    def _on_difference_chosen(self, row: int) -> None:
        places = self._differences.records[row].places
        paths = tuple(path for place in places for path in (place.left, place.right) if path is not None)
        if paths:
            self.layers_requested.emit(paths)


def _gravest_first(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    return tuple(sorted(differences, key=_gravity))


def _gravity(difference: Difference) -> int:
    return _GRAVITY.index(difference.effect)


def _largest_first(books: dict[Side, NetworkAccounting]) -> tuple[SidedLayerType, ...]:
    types = [SidedLayerType(side=side, share=share) for side in books for share in books[side].layer_types]
    return tuple(sorted(types, key=_size))


def _size(record: SidedLayerType) -> tuple[int, int]:
    return (-record.share.parameter_count, -record.share.count)


def _warnings(comparison: Comparison) -> tuple[str, ...]:
    """Everything that could not be done or read, each sentence once; not what the verdict's details say already."""
    details = "\n".join(comparison.verdict.details)
    left, right = comparison.left, comparison.right
    inputs = () if are_inputs_alike(left, right) else (input_sentence(left, right),)
    sentences = dict.fromkeys((*inputs, *comparison.warnings, *left.notes, *right.notes))
    return tuple(sentence for sentence in sentences if sentence not in details)


def _with_inputs(comparison: Comparison) -> Verdict:
    """The verdict on the structure, and at which inputs both were read; where these differ, a note says so."""
    left, right = comparison.left, comparison.right
    inputs = (input_sentence(left, right),) if are_inputs_alike(left, right) else ()
    details = comparison.verdict.details
    if comparison.equivalence is not None:
        details = tuple(detail for detail in details if detail != FROM_STRUCTURE_ALONE)
    return replace(comparison.verdict, details=(*details, *inputs))


def _reading_sentence(network: Network) -> str:
    duration_s = network.build_s + network.read_s
    what = f"{short_reference(network.source)} is read at {input_sizes_text(network)}"
    return f"{what}: {len(network.layers):,} layers in {duration_s:.1f} s."
