"""The proof itself: verdict, chart, causes and pairs, below one another."""

from PySide6.QtCore import QModelIndex, QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from mbgui.analysis.equivalence_rows import ErrorCurves, cause_rows, curves_of, place_of, run_without
from mbgui.analysis.equivalence_wording import pair_sentence
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import Equivalence, PairEvidence, SizeEvidence
from mbgui.domain.framework import Framework
from mbgui.gui.item_models.cause_effect_table_model import CauseEffectColumn, CauseEffectTableModel
from mbgui.gui.item_models.pair_evidence_table_model import PairEvidenceTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card import Card
from mbgui.gui.widgets.card_row import SPACING
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.equivalence_card import EquivalenceCard
from mbgui.gui.widgets.equivalence_chart_panel import EquivalenceChartPanel
from mbgui.gui.widgets.pair_table import PairTable

_FILLED_AT_ONCE = 5_000  # pairs; they take some 5 ms
_FILL_PAUSE_MS = 400  # longer than between two redraws while pairs come in
_NOT_ADDITIVE = (
    "Relative L2 errors of the outputs. Causes are not additive: one can hide another or undo it, so these are no "
    "shares of the error."
)


class _Content(QWidget):
    """As tall as its parts are at the width they get: wrapped words claim more room than that as their minimum."""

    def minimumSizeHint(self) -> QSize:
        """The scroll area asks for the height at its width."""
        return QSize(super().minimumSizeHint().width(), 0)


class EquivalencePage(QScrollArea):
    """Shows a proof, or the pairs that are verified so far; `layers_requested` carries the paths of a pair."""

    layers_requested = Signal(tuple)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._equivalence: Equivalence | None = None
        self._size: SizeEvidence | None = None
        self._pairs: tuple[PairEvidence, ...] | list[PairEvidence] = ()
        self._curves = ErrorCurves()
        self._create(theme)
        self._lay_out()
        self._connect()

    @property
    def panel(self) -> EquivalenceChartPanel:
        """Where the chart and its switches are."""
        return self._panel

    @property
    def headline(self) -> str:
        """The verdict in one sentence, or what is going on."""
        return self._card.headline

    def show_equivalence(self, equivalence: Equivalence, left: Framework | None, right: Framework | None) -> None:
        """Show a finished proof."""
        self._equivalence = equivalence
        self._frameworks: tuple[Framework | None, Framework | None] = (left, right)
        self._panel.show_sizes([size.input_text for size in equivalence.sizes], 0)
        self._show_size(0)

    def show_progress(self, headline: str, detail: str, *, is_under_way: bool) -> None:
        """Say how far the proof is; its pairs stay."""
        self._card.show_progress(headline, detail, is_under_way=is_under_way)

    def show_pairs(
        self, pairs: list[PairEvidence], curves: ErrorCurves, left: Framework | None, right: Framework | None
    ) -> None:
        """Show the pairs that are verified so far."""
        self._equivalence, self._size, self._frameworks = None, None, (left, right)
        self._panel.show_sizes((), 0)
        self._panel.switches.show_size(None)
        self._show_rows(pairs, curves)
        self._show_causes()

    def copy_selection(self) -> None:
        """Copy the selected rows of the table that has the focus, of the pairs where neither has."""
        copy_selection(self._cause_table if self._cause_table.hasFocus() else self._table)

    def _show_size(self, index: int) -> None:
        equivalence = self._equivalence
        if equivalence is None:
            return
        self._size = equivalence.sizes[index] if index < len(equivalence.sizes) else None
        self._card.show_equivalence(equivalence, self._size)
        self._panel.switches.show_size(self._size)
        self._show_rows(self._size.pairs if self._size is not None else (), self._switched_curves())
        self._show_causes()

    def _show_rows(self, pairs: tuple[PairEvidence, ...] | list[PairEvidence], curves: ErrorCurves) -> None:
        self._pairs, self._curves = pairs, curves
        self._panel.setVisible(bool(pairs) or self._equivalence is None)
        self._pair_card.setVisible(bool(pairs))
        self._panel.show_curves(curves)
        if len(pairs) <= _FILLED_AT_ONCE:
            self._fill_table()
        else:
            self._filling.start()  # again and again while pairs come in fast: the table then waits for a pause

    def _fill_table(self) -> None:
        self._filling.stop()
        self._model.show_records(list(enumerate(self._pairs)), *self._frameworks)
        self._table.updateGeometry()

    def _show_causes(self) -> None:
        rows = cause_rows(self._size) if self._size is not None else ()
        self._causes.show_records(rows)
        self._cause_card.setVisible(bool(rows))

    def _switched_curves(self) -> ErrorCurves:
        """The errors with the ticked causes switched off; nothing where these were not run together."""
        equivalence, size = self._equivalence, self._size
        if equivalence is None or size is None:
            return ErrorCurves()
        place = place_of(size.pairs, equivalence.first_divergence)
        causes = self._panel.switches.switched_off
        if not causes:
            return curves_of(size.pairs, first_divergence=place)
        run = run_without(size, causes)
        return curves_of(size.pairs, run.errors if run is not None else (None,) * len(size.pairs), place)

    def _create(self, theme: Theme) -> None:
        self._frameworks = (None, None)
        self._card = EquivalenceCard(theme)
        self._panel = EquivalenceChartPanel(theme)
        self._causes = CauseEffectTableModel(self)
        delegate = CellDelegate(theme, wrapping=(CauseEffectColumn.CAUSE, CauseEffectColumn.REASON))
        stretches: dict[int, int] = {CauseEffectColumn.CAUSE: 3, CauseEffectColumn.REASON: 4}
        self._cause_table = ContentTable(theme, self._causes, delegate, stretches=stretches)
        self._model = PairEvidenceTableModel(self)
        self._proxy = SortFilterProxy(self._model, self)
        self._table = PairTable(theme, self._proxy)
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.setInterval(_FILL_PAUSE_MS)

    def _lay_out(self) -> None:
        foot = QLabel(_NOT_ADDITIVE)
        self._cause_card = Card("Output error with causes switched off", self._cause_table, foot=foot)
        self._pair_card = Card("Pairs of layers and their errors", self._table)
        content = _Content()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self._card)
        column.addWidget(self._panel)
        column.addWidget(self._cause_card)
        column.addWidget(self._pair_card)
        column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def _connect(self) -> None:
        self._filling.timeout.connect(self._fill_table)
        self._panel.size_chosen.connect(self._show_size)
        self._panel.switches.changed.connect(self._on_switched)
        self._panel.pair_pointed.connect(self._on_pointed)
        self._panel.pair_chosen.connect(self._on_chosen)
        self._table.row_chosen.connect(self._on_row_chosen)
        self._table.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def _on_switched(self, causes: tuple[Cause, ...]) -> None:
        del causes
        self._curves = self._switched_curves()
        self._panel.show_curves(self._curves)

    def _on_pointed(self, place: int) -> None:
        if 0 <= place < len(self._pairs):
            sentence = pair_sentence(self._pairs[place], place + 1, len(self._pairs), self._curves.propagated[place])
            self._panel.show_line(sentence)

    def _on_chosen(self, place: int) -> None:
        if 0 <= place < len(self._pairs):
            pair = self._pairs[place]
            self.layers_requested.emit((pair.left, pair.right))

    def _on_row_chosen(self, row: int) -> None:
        self._on_chosen(self._place(row))

    def _on_row_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            place = self._place(current.row())
            self._panel.mark(place)
            self._on_pointed(place)

    def _place(self, row: int) -> int:
        """The place in execution order of a row as it is sorted."""
        return self._proxy.mapToSource(self._proxy.index(row, 0)).row()
