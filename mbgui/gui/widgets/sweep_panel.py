"""Sweeps over batch size, threads and input size, one card each."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mbgui.domain.framework import Framework
from mbgui.domain.performance import Sweep, SweepPoint
from mbgui.domain.request import Side, SweepAxis, SweepRequest
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.card_row import SPACING
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.measurement_card import MeasurementCard
from mbgui.gui.widgets.sweep_card import SweepCard

_HINT = (
    "Not measured. A sweep times both models over batch sizes, threads or input sizes and draws latency and throughput."
)
_NO_FRAMEWORKS: Mapping[Side, Framework] = {}


class SweepPanel(QWidget):
    """Shows finished sweeps by `show_sweeps`, and one under way by `add_point`, each axis in a card of its own."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frameworks = _NO_FRAMEWORKS
        self._is_library_loaded = False
        self._cards: dict[SweepAxis, SweepCard] = {}
        self._empty = MeasurementCard("Sweeps", _HINT, self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACING)
        self._layout.addWidget(self._empty)

    @property
    def cards(self) -> Mapping[SweepAxis, SweepCard]:
        """What is shown, by axis."""
        return self._cards

    @property
    def is_filled(self) -> bool:
        """Whether there is any point to show."""
        return bool(self._cards)

    def set_library_loaded(self) -> None:
        """The chart library is imported; charts may be built."""
        self._is_library_loaded = True
        for card in self._cards.values():
            card.charts.set_library_loaded()

    def show_sweeps(self, sweeps: Sequence[Sweep], frameworks: Mapping[Side, Framework] = _NO_FRAMEWORKS) -> None:
        """Show these sweeps in place of what was there; none says how to get one, or that points are coming.

        The frameworks name the sides in tables, and in the legend while a sweep is under way.
        """
        self._frameworks = frameworks
        shown = {sweep.axis: sweep for sweep in sweeps}
        for axis in [axis for axis in self._cards if axis not in shown]:
            self._remove(axis)
        for axis, sweep in shown.items():
            self._card(axis).show_sweep(sweep, frameworks)
        self._empty.setVisible(not self._cards)

    def add_point(self, request: SweepRequest, point: SweepPoint) -> None:
        """One more point of a sweep under way; the first of an axis replaces what was shown of it."""
        self._card(request.axis).add_point(request, point, self._frameworks)
        self._empty.hide()

    def clear(self) -> None:
        """Forget everything."""
        self.show_sweeps(())

    def copy_selection(self) -> None:
        """Copy the selected rows of the table that has the focus as TSV."""
        for card in self._cards.values():
            if card.table.hasFocus():
                copy_selection(card.table)

    def _card(self, axis: SweepAxis) -> SweepCard:
        """The card of an axis; all stand in the order of the axes."""
        if axis not in self._cards:
            card = SweepCard(self._theme, axis, self)
            if self._is_library_loaded:
                card.charts.set_library_loaded()
            order = list(SweepAxis)
            place = sum(order.index(other) < order.index(axis) for other in self._cards)
            self._layout.insertWidget(1 + place, card)
            card.show()
            self._cards[axis] = card
        return self._cards[axis]

    def _remove(self, axis: SweepAxis) -> None:
        card = self._cards.pop(axis)
        self._layout.removeWidget(card)
        card.hide()
        card.deleteLater()
