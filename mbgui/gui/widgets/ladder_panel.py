"""Every call path of both sides on one axis."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from mbgui.analysis.ladder_rows import ladder_rows
from mbgui.analysis.performance_wording import ladder_sentence
from mbgui.domain.framework import Framework
from mbgui.domain.performance import CallPathTiming, Ladder
from mbgui.domain.request import Side
from mbgui.gui.item_models.ladder_table_model import LadderTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.ladder_table import LadderTable
from mbgui.gui.widgets.measurement_card import MeasurementCard

_TITLE = "All call paths"
_HINT = "Not measured. “All call paths” times every way to call either model, each in a process of its own."
_UNDER_WAY = "Each in a process of its own · {count} timed so far"


class LadderPanel(MeasurementCard):
    """A table that sorts by a click on a title; `show_ladder` shows a finished ladder, `add_timing` one that grows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_TITLE, _HINT, parent)
        self._timings: tuple[CallPathTiming, ...] = ()
        self._frameworks: Mapping[Side, Framework] = {}
        self._is_growing = False
        self._rows = LadderTableModel(self)
        self._table = LadderTable(theme, SortFilterProxy(self._rows, self))
        self._table.setAccessibleName(_TITLE)
        self.body.addWidget(self._table)

    @property
    def table(self) -> LadderTable:
        """The rows."""
        return self._table

    def show_ladder(self, ladder: Ladder | None, frameworks: Mapping[Side, Framework]) -> None:
        """Show a ladder in place of what was there; `None` says how to get one, or that timings are coming."""
        self._frameworks = frameworks
        self._is_growing = ladder is None
        self._timings = ladder.timings if ladder is not None else ()
        self._fill(ladder_sentence(ladder) if ladder is not None else "")

    def add_timing(self, timing: CallPathTiming) -> None:
        """One more call path of a ladder under way; the first after a finished one begins anew."""
        if not self._is_growing:
            self._timings, self._is_growing = (), True
        self._timings = (*self._timings, timing)
        self._fill(_UNDER_WAY.format(count=len(self._timings)))

    def clear(self) -> None:
        """Forget everything."""
        self.show_ladder(None, {})

    def copy_selection(self) -> None:
        """Copy the selected rows as TSV."""
        copy_selection(self._table)

    def _fill(self, sentence: str) -> None:
        left, right = (self._frameworks.get(side) for side in Side)
        self._rows.show_records(ladder_rows(self._timings), left, right)
        if self._timings:
            self.show_body(sentence)
        else:
            self.show_nothing()
