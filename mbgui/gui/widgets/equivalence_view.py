"""The equivalence tab: how to verify, and the proof, finished or as it comes in."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mbgui.analysis.equivalence_rows import ErrorCurves
from mbgui.analysis.equivalence_wording import PRECISION_TITLES, TRANSFER_SENTENCES
from mbgui.domain.comparison import Comparison
from mbgui.domain.equivalence import Equivalence, PairEvidence
from mbgui.domain.framework import Framework
from mbgui.domain.request import CompareRequest
from mbgui.gui.settings import VerifyOptions
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.empty_state import EmptyState
from mbgui.gui.widgets.equivalence_page import EquivalencePage
from mbgui.gui.widgets.throttle import Throttle
from mbgui.gui.widgets.verify_controls import VerifyControls

REDRAW_INTERVAL_MS = 200
_EMPTY = (
    "Nothing verified yet",
    "Tick “Verify outputs” above and press Compare: both networks then run on the same probes, layer by layer.",
)
_NOT_VERIFIED = (
    "This comparison holds no proof",
    "With “Verify outputs” ticked above, Compare runs both networks on the same probes.",
)
_CORRECTED = ("The pairs were corrected by hand", "Press Compare to verify the outputs again with these pairs.")


class EquivalenceView(QWidget):
    """`options_changed` says how the next proof is to be made, `layers_requested` carries the paths of a pair."""

    options_changed = Signal(object)
    weights_export_requested = Signal()
    layers_requested = Signal(tuple)

    def __init__(self, theme: Theme, options: VerifyOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._equivalence: Equivalence | None = None
        self._is_verifying = False
        self._plan = ""
        self._expected = 0
        self._frameworks: tuple[Framework | None, Framework | None] = (None, None)
        self._forget()
        self._controls = VerifyControls(options, self)
        self._page = EquivalencePage(theme, self)
        self._stack = QStackedWidget(self)
        self._throttle = Throttle(REDRAW_INTERVAL_MS, self)
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def headline(self) -> str:
        """What the view says above its chart."""
        return self._page.headline

    def copy_selection(self) -> None:
        """Copy the selected rows as TSV."""
        self._page.copy_selection()

    def set_library_loaded(self) -> None:
        """The libraries for numbers and charts are imported."""
        self._page.panel.set_library_loaded()

    def clear(self) -> None:
        """Show what to do next."""
        self._end()
        self._equivalence = None
        self._show_empty(*_EMPTY)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a finished proof in place of what was there; one that is shown already stays as it is."""
        self._end()
        self._frameworks = comparison.left.framework, comparison.right.framework
        self._expected = sum(None not in (pair.left, pair.right) for pair in comparison.alignment.pairs)
        equivalence = comparison.equivalence
        if equivalence is None:
            self._equivalence = None
            self._show_empty(*(_CORRECTED if comparison.request.corrections else _NOT_VERIFIED))
        elif equivalence is not self._equivalence:
            self._equivalence = equivalence
            self._page.show_equivalence(equivalence, *self._frameworks)
            self._stack.setCurrentWidget(self._page)

    def start_verifying(self, request: CompareRequest) -> None:
        """Empty the chart; pairs are coming."""
        verification = request.verification
        if verification is None:
            return
        self._end()
        self._equivalence = None
        self._is_verifying = True
        weights, form = TRANSFER_SENTENCES[verification.transfer], PRECISION_TITLES[verification.precision]
        self._plan = f"Weights: {weights} · {form}"
        self._redraw()
        self._stack.setCurrentWidget(self._page)

    def add_evidence(self, evidence: Sequence[PairEvidence]) -> None:
        """Pairs are in; they are drawn with the others of the next moment."""
        if not self._is_verifying:
            return
        self._pairs.extend(evidence)
        self._propagated.extend(pair.propagated.relative_l2 for pair in evidence)
        self._isolated.extend(pair.isolated.relative_l2 if pair.isolated is not None else None for pair in evidence)
        self._noise_floor.extend(pair.noise_floor for pair in evidence)
        self._throttle.request()

    def stop_verifying(self) -> None:
        """No more pairs are coming; those that were verified stay."""
        if not self._is_verifying:
            return
        self._end(is_keeping=True)
        if self._pairs:
            self._draw()
            headline = f"Stopped after {len(self._pairs):,} pairs"
            self._page.show_progress(headline, "Press Compare to verify all of them.", is_under_way=False)
        else:
            self._show_empty(*_EMPTY)

    def _lay_out(self) -> None:
        self._stack.addWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._controls)
        layout.addWidget(self._stack, 1)
        self.setAccessibleName("Equivalence")

    def _connect(self) -> None:
        self._controls.options_changed.connect(self.options_changed)
        self._controls.export_requested.connect(self.weights_export_requested)
        self._page.layers_requested.connect(self.layers_requested)
        self._throttle.triggered.connect(self._redraw)

    def _end(self, *, is_keeping: bool = False) -> None:
        self._is_verifying = False
        self._throttle.cancel()
        if not is_keeping:
            self._forget()

    def _forget(self) -> None:
        self._pairs: list[PairEvidence] = []
        self._propagated: list[float | None] = []
        self._isolated: list[float | None] = []
        self._noise_floor: list[float | None] = []

    def _redraw(self) -> None:
        self._draw()
        self._page.show_progress(self._progress_text(), self._plan, is_under_way=True)

    def _progress_text(self) -> str:
        count, expected = len(self._pairs), self._expected
        if not count:
            return "Verifying: both networks are being prepared"
        if count < expected:
            return f"Verifying: {count:,} of {expected:,} pairs"
        return f"Verifying: {count:,} pairs are done, now causes are switched off and other sizes are run"

    def _draw(self) -> None:
        curves = ErrorCurves(
            propagated=tuple(self._propagated), isolated=tuple(self._isolated), noise_floor=tuple(self._noise_floor)
        )
        self._page.show_pairs(self._pairs, curves, *self._frameworks)

    def _show_empty(self, headline: str, advice: str) -> None:
        current = self._stack.currentWidget()
        empty = EmptyState(headline, advice, self)
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)
        if isinstance(current, EmptyState):
            self._stack.removeWidget(current)
            current.deleteLater()
