"""The table of latency statistics."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.latency import LatencyRun
from mbgui.domain.request import Side
from mbgui.gui.item_models.latency_table_model import LatencyColumn, LatencyRow, LatencyTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.latency_controls import call_path_title
from mbgui.gui.widgets.latency_samples import Samples


class LatencyStatistics(ContentTable):
    """One row a side; a click on a title sorts, Ctrl+C copies the selected rows as TSV."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._rows = LatencyTableModel()
        proxy = SortFilterProxy(self._rows)
        super().__init__(theme, proxy, CellDelegate(theme), stretches={LatencyColumn.CALLED: 1}, parent=parent)
        self._rows.setParent(self)
        proxy.setParent(self)
        self.setAccessibleName("Latency statistics")
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def show_samples(
        self,
        samples: Samples,
        called: dict[Side, tuple[Framework, CallPath]],
        runs: dict[Side, LatencyRun] | None = None,
    ) -> None:
        """Summarize the samples of both sides; a side without any has no row."""
        from mbgui.analysis.latency import summarize  # noqa: PLC0415 - numpy comes in the background

        rows = tuple(
            LatencyRow(
                side=side,
                title=f"{called[side][0].display_name} · {call_path_title(called[side][1])}",
                summary=summarize(samples[side].durations_s),
                first_call_s=runs[side].first_call_s if runs is not None else None,
            )
            for side in Side
            if samples[side].durations_s
        )
        self._rows.show_records(rows)
