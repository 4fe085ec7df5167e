"""Both models' layers side by side, partners on one row, with the details of the selected one."""

from collections.abc import Generator, Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from mbgui.analysis.layer_query import LayerQuery
from mbgui.analysis.outline import outline_network
from mbgui.analysis.outline_places import (
    alignment_summary,
    differences_at,
    first_difference,
    first_leaf,
    layers_by_path,
    rows_of,
)
from mbgui.analysis.outline_search import OutlineLayers, search
from mbgui.analysis.outline_tree import HIDDEN, arrange
from mbgui.analysis.source_wording import short_reference
from mbgui.domain.alignment import PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Difference
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, Network
from mbgui.domain.outline import Outline
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_columns import LayerColumn
from mbgui.gui.item_models.layer_tree_model import NO_LAYERS, LayerTreeModel
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.copy_rows import copy_selection
from mbgui.gui.widgets.empty_state import EmptyState
from mbgui.gui.widgets.layer_details import LayerDetails
from mbgui.gui.widgets.layer_pairing import LayerPairing
from mbgui.gui.widgets.layer_search_bar import LayerSearchBar
from mbgui.gui.widgets.layer_tree import LayerTree
from mbgui.gui.widgets.layer_tree_selection import select_rows
from mbgui.gui.widgets.layer_tree_times import LayerTreeTimes
from mbgui.gui.widgets.sliced_task import SlicedTask

_EXPANDED_AT_ONCE = 3000  # rows that open in less than 15 ms
_GROUPS_A_STEP = 8
_ROWS_A_STEP = 500
_SELECTED_AT_MOST = 1000
_WAITING, _NOT_READ = "waiting for the other side", "not compared with the other side"


class LayersView(QWidget):
    """The merged tree, searched and filtered in slices so that 100,000 rows do not stop the window.

    `search_finished` is emitted when a search, or opening all rows after it, is through; `pairs_corrected` carries all
    pairs that were set by hand, those of before and the new ones.
    """

    search_finished = Signal()
    pairs_corrected = Signal(tuple)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frameworks: tuple[Framework | None, Framework | None] = (None, None)
        self._differences: tuple[Difference, ...] = ()
        self._summary = ""
        self._outline: Outline | None = None
        self._comparison: Comparison | None = None
        self._read_sides: set[Side] = set()
        self._expanded: list[int] | None = None
        self._corrected_paths: tuple[str, ...] = ()
        self._create(theme)
        self._lay_out()
        self._connect()
        self.clear()

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison in place of what was there; one whose layers are shown already changes nothing."""
        self._pairing.show_comparison(comparison)
        self._comparison = comparison
        if comparison.outline is self._outline:
            if not self._filling.is_running:
                self._on_filled()
            return
        self._read_sides = set()
        self._differences = comparison.differences
        self._summary = alignment_summary(comparison.alignment)
        self._frameworks = comparison.left.framework, comparison.right.framework
        self._show(comparison.outline, {Side.LEFT: comparison.left, Side.RIGHT: comparison.right}, is_compared=True)

    def show_network(self, side: Side, network: Network) -> None:
        """Show one side alone while the other one is still under way; the side that came first stays."""
        if self._read_sides and side not in self._read_sides:
            return
        self._read_sides = {side}
        self._comparison = None
        self._pairing.show_comparison(None)
        self._differences = ()
        self._summary = f"{short_reference(network.source)} is read · {_WAITING}"
        self._frameworks = (network.framework, None) if side is Side.LEFT else (None, network.framework)
        self._show(outline_network(network, side), {side: network}, is_compared=False)

    def stop_reading(self) -> None:
        """The other side is not coming any more; the one that was read stays."""
        if self._read_sides:
            self._summary = self._summary.replace(_WAITING, _NOT_READ)
            self._bar.show_summary(self._summary)

    def clear(self) -> None:
        """Show what to do next."""
        self._task.stop()
        self._filling.stop()
        self._times.clear()
        self._outline, self._comparison = None, None
        self._read_sides = set()
        self._pairing.show_comparison(None)
        self._corrected_paths = ()
        self._differences, self._summary, self._expanded = (), "", None
        self._bar.reset()
        self._model.show_layers(NO_LAYERS, arrange(NO_LAYERS.outline), None, None)
        self._details.clear()
        self._stack.setCurrentWidget(self._empty)

    def select_layers(self, paths: Sequence[str]) -> None:
        """Select the rows of these layers, of either side, and scroll to the first."""
        self._filling.finish()
        self._bar.reset()
        self._model.show_tree(arrange(self._model.layers.outline))
        self._task.stop()
        self._select(rows_of(self._model.layers.outline, paths)[:_SELECTED_AT_MOST])

    def focus_search(self) -> None:
        """Give the focus to the search field."""
        self._bar.focus_search()

    def copy_selection(self) -> None:
        """Copy the selected rows as tab-separated text."""
        copy_selection(self._tree)

    def _create(self, theme: Theme) -> None:
        self._empty = EmptyState(
            "No layers to show yet", "Choose a model on either side and press Compare, or open a snapshot."
        )
        self._page = QWidget()
        self._bar = LayerSearchBar(theme)
        self._model = LayerTreeModel(self)
        self._tree = LayerTree(theme, self._model)
        self._pairing = LayerPairing(theme, self._tree, self._model)
        self._details = LayerDetails(theme)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._task = SlicedTask(self)
        self._filling = SlicedTask(self)
        self._times = LayerTreeTimes(self._tree, self._model)

    def _lay_out(self) -> None:
        self._splitter.addWidget(self._tree)
        self._splitter.addWidget(self._details)
        self._splitter.setStretchFactor(0, 7)
        self._splitter.setStretchFactor(1, 3)
        self._splitter.setSizes([560, 240])
        self._splitter.setHandleWidth(10)
        self._splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._bar)
        column.addWidget(self._splitter, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._page)

    def _connect(self) -> None:
        self._bar.search_changed.connect(self._on_search_changed)
        self._bar.expand_requested.connect(self._on_expand_requested)
        self._bar.collapse_requested.connect(self._on_collapse_requested)
        self._bar.results_requested.connect(self._on_results_requested)
        self._tree.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self._task.finished.connect(self.search_finished)
        self._filling.finished.connect(self._on_filled)
        self._times.shown.connect(self._on_current_changed)
        self._pairing.pairs_corrected.connect(self._on_pairs_corrected)

    def _show(self, outline: Outline, networks: dict[Side, Network], *, is_compared: bool) -> None:
        """Fill the tree: at once where the rows are few, else in slices between which the window lives on."""
        self._task.stop()
        self._times.clear()
        self._outline = outline
        self._filling.run(self._fill_steps(outline, networks, is_compared=is_compared))
        if len(outline.rows) <= _EXPANDED_AT_ONCE:
            self._filling.finish()

    def _on_filled(self) -> None:
        if self._comparison is not None:
            self._times.show_times(self._comparison)

    def _fill_steps(self, outline: Outline, networks: dict[Side, Network], *, is_compared: bool) -> Iterator[None]:
        paths: dict[Side, dict[str, Layer]] = {side: {} for side in Side}
        for side, network in networks.items():
            paths[side] = layers_by_path(network)
            yield
        tree = arrange(outline)
        yield
        corrected = rows_of(outline, self._corrected_paths) if self._corrected_paths else []
        self._corrected_paths = ()
        first = corrected or first_difference(outline)
        self._stack.setCurrentWidget(self._page)  # its first layout takes long, and longer with the rows in it
        yield
        self._bar.reset()
        self._expanded = None
        self._details.clear()
        layers = OutlineLayers(outline=outline, left=paths[Side.LEFT], right=paths[Side.RIGHT])
        self._model.show_layers(layers, tree, *self._frameworks, is_compared=is_compared)
        self._bar.show_summary(self._summary)
        if len(outline.rows) <= _EXPANDED_AT_ONCE:
            self._tree.expandAll()
        else:
            self._tree.doItemsLayout()  # now: at the first selection it would be done together with that
        yield
        self._select(first)
        if not corrected:
            self._tree.scrollToTop()

    def _on_pairs_corrected(self, corrections: tuple[PairCorrection, ...]) -> None:
        """What the user is at is selected again when the tree has the new pairs."""
        paths = [path for last in corrections[-2:] for path in (last.left, last.right) if path is not None]
        self._corrected_paths = tuple(paths)
        self.pairs_corrected.emit(corrections)

    def _on_search_changed(self, query: LayerQuery, is_differences_only: bool) -> None:
        self._filling.finish()
        is_all = query.is_empty and not is_differences_only
        self._task.run(self._search_steps(query, is_differences_only=is_differences_only, is_all=is_all))

    def _search_steps(self, query: LayerQuery, *, is_differences_only: bool, is_all: bool) -> Iterator[None]:
        if self._expanded is None:
            self._expanded = yield from self._open_rows()
        tree, count = yield from search(self._model.layers, query, is_differences_only=is_differences_only)
        yield
        current = self._model.row_of(self._tree.currentIndex())
        self._model.show_tree(tree)
        self._tree.doItemsLayout()  # at once: rows opened before it are all laid out together, which is felt
        yield
        total = len(self._model.layers.outline.rows)
        self._bar.show_summary(self._summary if is_all else f"{count:,} of {total:,} rows found")
        if is_all:
            opened, self._expanded = self._expanded or [], None
            yield from self._open_steps(opened)
        else:
            yield from self._open_steps(tree.groups)
        is_shown = current >= 0 and tree.positions[current] != HIDDEN
        self._select([current] if is_shown else first_leaf(tree))

    def _open_rows(self) -> Generator[None, None, list[int]]:
        """The rows that are open while all are shown, to be opened again after a search."""
        opened = []
        for number, row in enumerate(self._model.tree.groups):
            if number % _ROWS_A_STEP == 0:
                yield
            if self._tree.isExpanded(self._model.index_of(row)):
                opened.append(row)
        return opened

    def _open_steps(self, groups: Sequence[int]) -> Iterator[None]:
        """Open these rows: at once where all are meant and few, else some at a time."""
        tree = self._model.tree
        shown = len(tree.roots) + sum(len(tree.children[group]) for group in tree.groups)
        if shown <= _EXPANDED_AT_ONCE and len(groups) == len(tree.groups):
            self._tree.expandAll()
            return
        for number, group in enumerate(groups):
            if number % _GROUPS_A_STEP == 0:
                yield
            self._tree.expand(self._model.index_of(group))

    def _on_expand_requested(self) -> None:
        self._task.run(self._open_steps(self._model.tree.groups))

    def _on_collapse_requested(self) -> None:
        self._task.stop()
        self._tree.collapseAll()

    def _on_results_requested(self) -> None:
        self._tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self._tree.currentIndex().isValid() and self._model.rowCount():
            self._tree.setCurrentIndex(self._model.index(0, LayerColumn.LEFT_NAME))

    def _on_current_changed(self) -> None:
        row = self._model.row_of(self._tree.currentIndex())
        if row < 0:
            self._details.clear()
            return
        record = self._model.layers.outline.rows[row]
        self._details.show_row(
            record,
            self._model.layers.pair(record),
            differences_at(record, self._differences),
            self._frameworks,
            self._model.times.at(row),
        )

    def _select(self, rows: Sequence[int]) -> None:
        select_rows(self._tree, self._model, rows)
        if not rows:
            self._details.clear()
