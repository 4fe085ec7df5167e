"""Where the time of both sides goes, layer by layer."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from mbgui.analysis.layer_time_rows import layer_time_row_steps
from mbgui.analysis.performance_wording import timing_sentence
from mbgui.analysis.wording import side_title
from mbgui.domain.comparison import Comparison
from mbgui.domain.performance import LayerTimings
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_times_table_model import LayerTimesTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.layer_times_table import LayerTimesTable
from mbgui.gui.widgets.measurement_card import MeasurementCard
from mbgui.gui.widgets.sliced_task import SlicedTask

_TITLE = "Where the time goes"
_HINT = "Not measured. “Time by layer” times every layer of both models, beside its partner."
_SENTENCE = (
    "What each layer takes itself, the largest differences first. Double-click a row, or press Enter, to see its "
    "layers."
)
_NOTHING = "Neither side could be timed by layer."
_FILLED_AT_ONCE = 3000  # pairs; they take some 10 ms


class LayerTimesPanel(MeasurementCard):
    """How layers were timed, and a table of pairs; `layers_requested` carries the paths behind a chosen row."""

    layers_requested = Signal(tuple)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_TITLE, _HINT, parent)
        self._timings: LayerTimings | None = None
        self._names = {side: _name(side) for side in Side}
        self._sentences = {side: _sentence() for side in Side}
        self._rows = LayerTimesTableModel(self)
        self._proxy = SortFilterProxy(self._rows, self)
        self._table = LayerTimesTable(theme, self._proxy)
        self._filling = SlicedTask(self)
        self._lay_out_content()
        self._table.row_chosen.connect(self._on_row_chosen)

    @property
    def table(self) -> LayerTimesTable:
        """The pairs."""
        return self._table

    def show_layer_times(self, comparison: Comparison) -> None:
        """Show the times a comparison holds, or how to get them; those shown already stay as they are.

        While measuring, give it the comparison with `layer_times` put in place.
        """
        timings = comparison.layer_times
        if timings is None:
            self.clear()
            return
        if timings is self._timings:
            return
        self._timings = timings
        self._show_words(comparison, timings)
        self._filling.run(self._fill_steps(comparison, timings))
        if len(comparison.alignment.pairs) <= _FILLED_AT_ONCE:
            self._filling.finish()

    def clear(self) -> None:
        """Forget everything."""
        self._filling.stop()
        self._timings = None
        self._rows.show_records(())
        self.show_nothing()

    def copy_selection(self) -> None:
        """Copy the selected rows as TSV."""
        copy_selection(self._table)

    def _lay_out_content(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(8, 2, 8, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for row, side in enumerate(Side):
            grid.addWidget(self._names[side], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._sentences[side], row, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self._table)

    def _show_words(self, comparison: Comparison, timings: LayerTimings) -> None:
        reasons = {Side.LEFT: timings.left_reason, Side.RIGHT: timings.right_reason}
        frameworks = comparison.left.framework, comparison.right.framework
        for side in Side:
            self._names[side].setText(side_title(side, *frameworks))
            self._sentences[side].setText(timing_sentence(timings.timing(side), reasons[side]))
        has_times = timings.left is not None or timings.right is not None
        self._table.setVisible(has_times)
        self.show_body(_SENTENCE if has_times else _NOTHING)

    def _fill_steps(self, comparison: Comparison, timings: LayerTimings) -> Iterator[None]:
        self._rows.show_records(())
        rows = yield from layer_time_row_steps(timings, comparison.alignment)
        yield
        self._rows.show_records(rows, comparison.left.framework, comparison.right.framework)
        self._table.updateGeometry()

    def _on_row_chosen(self, row: int) -> None:
        place = self._proxy.mapToSource(self._proxy.index(row, 0)).row()
        if 0 <= place < len(self._rows.records):
            self.layers_requested.emit(self._rows.records[place].layers)


def _name(side: Side) -> QLabel:
    label = QLabel()
    label.setProperty("role", side.value)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    return label


def _sentence() -> QLabel:
    label = QLabel()
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label
