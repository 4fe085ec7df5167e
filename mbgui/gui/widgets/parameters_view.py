"""Every parameter and buffer of both models, to sort, filter and copy."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from mbgui.analysis.tensor_search import TensorFilter, find_tensors, search_text, totals_text
from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import Framework
from mbgui.domain.network import Network
from mbgui.domain.request import Side
from mbgui.gui.item_models.parameter_table_model import ParameterColumn, ParameterTableModel, SidedTensor
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.empty_state import EmptyState
from mbgui.gui.widgets.parameter_filter_bar import ParameterFilterBar
from mbgui.gui.widgets.parameter_table import ParameterTable
from mbgui.gui.widgets.sliced_task import SlicedTask

_FILLED_AT_ONCE = 5_000  # tensors; they take some 10 ms
_TENSORS_A_STEP = 5_000


class ParametersView(QWidget):
    """The table, its filters, and the totals of what it shows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._networks: dict[Side, Network] = {}
        self._is_partial = False
        self._texts: list[str] = []
        self._create(theme)
        self._lay_out()
        self._connect()
        self.clear()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison in place of what was there; one whose tensors are shown already changes nothing."""
        shown = self._networks.get(Side.LEFT), self._networks.get(Side.RIGHT)
        if shown[0] is comparison.left and shown[1] is comparison.right:
            self._is_partial = False
            return
        self._networks = {Side.LEFT: comparison.left, Side.RIGHT: comparison.right}
        self._is_partial = False
        self._show()

    def show_network(self, side: Side, network: Network) -> None:
        """Show one side while the other one is still under way, or both where both are read."""
        if not self._is_partial:
            self._networks = {}
        self._is_partial = True
        self._networks[side] = network
        self._show()

    def clear(self) -> None:
        """Show what to do next."""
        self._task.stop()
        self._networks, self._is_partial = {}, False
        self._texts.clear()
        self._bar.reset()
        self._model.show_records(())
        self._stack.setCurrentWidget(self._empty)

    def focus_search(self) -> None:
        """Give the focus to the field of words."""
        self._bar.focus_search()

    def copy_selection(self) -> None:
        """Copy the selected rows as tab-separated text, titles first."""
        copy_selection(self._table)

    def _create(self, theme: Theme) -> None:
        self._empty = EmptyState(
            "No parameters to show yet", "Choose a model on either side and press Compare, or open a snapshot."
        )
        self._page = QWidget()
        self._bar = ParameterFilterBar()
        self._model = ParameterTableModel(self)
        self._proxy = SortFilterProxy(self._model, self)
        self._table = ParameterTable(theme, self._proxy)
        self._task = SlicedTask(self)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._bar)
        column.addWidget(self._table, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._page)

    def _connect(self) -> None:
        self._bar.filter_changed.connect(self._on_filter_changed)
        self._bar.results_requested.connect(self._on_results_requested)

    def _show(self) -> None:
        """Fill the table: at once where the tensors are few, else in slices between which the window lives on."""
        self._task.run(self._fill_steps())
        if sum(len(network.tensors) for network in self._networks.values()) <= _FILLED_AT_ONCE:
            self._task.finish()

    def _fill_steps(self) -> Iterator[None]:
        records: list[SidedTensor] = []
        for side, tensors in ((side, self._networks[side].tensors) for side in Side if side in self._networks):
            for start in range(0, len(tensors), _TENSORS_A_STEP):
                records += [SidedTensor(side=side, tensor=one) for one in tensors[start : start + _TENSORS_A_STEP]]
                yield
        self._texts.clear()
        self._bar.reset()
        frameworks = self._framework(Side.LEFT), self._framework(Side.RIGHT)
        self._model.show_records(records, *frameworks)
        self._bar.show_sides(*frameworks)
        self._stack.setCurrentWidget(self._page)
        yield
        self._show_totals()
        while len(self._texts) < len(records):
            yield
            self._prepare_texts(_TENSORS_A_STEP)

    def _prepare_texts(self, count: int) -> None:
        """Make the texts that words are looked for in, for so many more tensors."""
        start = len(self._texts)
        self._texts += [search_text(record.tensor) for record in self._model.records[start : start + count]]

    def _framework(self, side: Side) -> Framework | None:
        return self._networks[side].framework if side in self._networks else None

    def _on_filter_changed(self, wanted: TensorFilter) -> None:
        current = self._proxy.mapToSource(self._table.currentIndex())
        selected = current.row() if current.isValid() else -1
        self._proxy.keep_rows(None if wanted.is_empty else self._found(wanted))
        self._show_totals()
        if selected >= 0:
            self._table.setCurrentIndex(self._proxy.mapFromSource(self._model.index(selected, ParameterColumn.NAME)))

    def _found(self, wanted: TensorFilter) -> list[int]:
        records: Sequence[SidedTensor] = self._model.records
        tensors = [record.tensor for record in records]
        if wanted.words:
            self._prepare_texts(len(records))
        return find_tensors(wanted, [record.side for record in records], tensors, self._texts)

    def _show_totals(self) -> None:
        records = self._model.records
        shown = [records[row].tensor for row in self._proxy.shown_rows]
        counts, sizes = [tensor.value_count for tensor in shown], [tensor.size_bytes for tensor in shown]
        self._bar.show_totals(totals_text(counts, sizes, len(records)))

    def _on_results_requested(self) -> None:
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self._table.currentIndex().isValid():
            self._table.setCurrentIndex(self._proxy.index(0, ParameterColumn.NAME))
