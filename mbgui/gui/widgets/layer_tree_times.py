"""Brings the time of every row into the tree of layers."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from mbgui.analysis.outline_times import NO_TIMES, outline_time_steps
from mbgui.domain.comparison import Comparison
from mbgui.domain.performance import LayerTimings
from mbgui.gui.item_models.layer_tree_model import LayerTreeModel
from mbgui.gui.widgets.layer_tree import LayerTree
from mbgui.gui.widgets.sliced_task import SlicedTask

_SHOWN_AT_ONCE = 3000  # rows; they take some 10 ms


class LayerTreeTimes(QObject):
    """Adds up times in slices and shows their columns; `shown` is emitted when they are there."""

    shown = Signal()

    def __init__(self, tree: LayerTree, model: LayerTreeModel) -> None:
        super().__init__(tree)
        self._tree = tree
        self._model = model
        self._timings: LayerTimings | None = None
        self._task = SlicedTask(self)

    def show_times(self, comparison: Comparison) -> None:
        """Show the times of a comparison whose rows are in the tree; those shown already stay as they are."""
        timings = comparison.layer_times
        if timings is self._timings:
            return
        self.clear()
        if timings is not None and (timings.left is not None or timings.right is not None):
            self._timings = timings
            self._task.run(self._steps(comparison, timings))
            if len(comparison.outline.rows) <= _SHOWN_AT_ONCE:
                self._task.finish()

    def clear(self) -> None:
        """Hide the columns of times."""
        self._task.stop()
        self._timings = None
        self._model.show_times(NO_TIMES)
        self._tree.show_times(is_shown=False)

    def _steps(self, comparison: Comparison, timings: LayerTimings) -> Iterator[None]:
        times = yield from outline_time_steps(timings, comparison.outline, comparison.left, comparison.right)
        yield
        self._model.show_times(times)
        self._tree.show_times(is_shown=True)
        self.shown.emit()
