"""The table of latency statistics."""

from collections.abc import Sequence
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from mbgui.domain.latency import LatencyLaunch, LatencyRun, LatencySummary
from mbgui.domain.request import Side
from mbgui.gui.item_models.latency_table_model import LatencyColumn, LatencyRow, LatencyTableModel
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.cell_delegate import CellDelegate
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.side_header import SideHeader


class LatencyStatistics(ContentTable):
    """One row a side; a click on a title sorts, Ctrl+C copies the selected rows as TSV."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._rows = LatencyTableModel()
        self._sorted = SortFilterProxy(self._rows)
        super().__init__(theme, self._sorted, CellDelegate(theme), stretches={LatencyColumn.CALLED: 1}, parent=parent)
        self._rows.setParent(self)
        self._sorted.setParent(self)
        self.setAccessibleName("Latency statistics")
        self._make_sortable(theme)

    def show_rows(self, rows: Sequence[LatencyRow]) -> None:
        """Show these rows; where they are those of before with other figures, what is selected stays so."""
        is_sorted = self.horizontalHeader().sortIndicatorSection() >= 0
        if is_sorted or _names(rows) != _names(self._rows.records) or not rows:
            self._rows.show_records(tuple(rows))
            return
        self._rows.renew(tuple(rows))
        last = self._sorted.index(len(rows) - 1, len(LatencyColumn) - 1)
        self._sorted.dataChanged.emit(self._sorted.index(0, 0), last)
        if any(self.sizeHintForColumn(column) > self.columnWidth(column) for column in LatencyColumn):
            self._divide_width()

    def _make_sortable(self, theme: Theme) -> None:
        header = SideHeader(theme, self, leaves_room_everywhere=False)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionsClickable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.sortIndicatorChanged.connect(self._divide_width)


def latency_row(side: Side, title: str, summary: LatencySummary, launches: int, run: LatencyRun | None) -> LatencyRow:
    """The row of a side; while it is being measured nothing is known of its processes yet."""
    made: Sequence[LatencyLaunch] = run.launches if run is not None else ()
    used = [used for launch in made if (used := _memory_bytes(launch)) is not None]
    traces = [launch.traces for launch in made if launch.traces is not None]
    return LatencyRow(
        side=side,
        title=title,
        summary=summary,
        launches=launches,
        first_call_s=median(launch.first_call_s for launch in made) if made else None,
        memory_bytes=median(used) if used else None,
        traces=max(traces, default=None),
    )


def statistics_foot(*, is_finished: bool) -> str:
    """What the columns mean that do not say it themselves."""
    words = "Times in milliseconds. 95 % is the interval of the median. Outliers are marked and kept."
    memory = " Memory is the peak resident size above that after the import, the median of all launches."
    return f"{words}{memory}" if is_finished else words


def _memory_bytes(launch: LatencyLaunch) -> int | None:
    if launch.peak_bytes is None or launch.baseline_bytes is None:
        return None
    return launch.peak_bytes - launch.baseline_bytes


def _names(rows: Sequence[LatencyRow]) -> list[tuple[Side, str]]:
    return [(row.side, row.title) for row in rows]
