"""The tables of what was measured beside a duel: call paths, sweeps and layers."""

from mbgui.analysis.call_path_wording import is_recommended
from mbgui.analysis.layer_time_rows import LayerTimeRow, layer_time_rows
from mbgui.analysis.performance_wording import AXIS_TITLES, interval_text, missing_text
from mbgui.analysis.wording import MISSING, count_text, milliseconds_text, percent_text
from mbgui.domain.comparison import Comparison
from mbgui.domain.latency import LatencySummary
from mbgui.domain.performance import CallPathTiming, Ladder, LayerTimings, Sweep, SweepPoint
from mbgui.domain.request import Side
from mbgui.reports.latency_tables import number_columns, start_cells
from mbgui.reports.tables import Align, Column, Table, column_title

MOST_LAYER_ROWS = 20
_OF_PATH = ("Import, s", "Build, s", "First call, ms", "Median, ms", "95 % interval, ms", "Traces")
_OF_POINT = ("median, ms", "95 % interval, ms", "inputs a second")


def ladder_table(comparison: Comparison, ladder: Ladder) -> Table:
    """Every call path: what comes before its calls, and its calls."""
    columns = (Column(title="Side, call path"), *number_columns(*_OF_PATH), Column(title="Note"))
    rows = (_timing_row(timing, column_title(comparison, timing.side)) for timing in ladder.timings)
    return Table(title="Call paths", columns=columns, rows=tuple(rows))


def sweep_table(comparison: Comparison, sweep: Sweep) -> Table:
    """Latency and throughput of both sides at every value; where a side could not be measured, why."""
    points: dict[int, dict[Side, SweepPoint]] = {}
    for point in sweep.points:
        points.setdefault(point.value, {})[point.side] = point
    titles = (f"{column_title(comparison, side)} {what}" for side in Side for what in _OF_POINT)
    title = AXIS_TITLES[sweep.axis]
    columns = (Column(title=title, align=Align.RIGHT), *number_columns(*titles), Column(title="Note"))
    rows = (_sweep_row(value, found) for value, found in points.items())
    return Table(title=f"Sweep: {title.lower()}", columns=columns, rows=tuple(rows))


def layer_time_table(comparison: Comparison, timings: LayerTimings) -> Table:
    """The pairs of layers whose times differ most, and what a side's pass spends in each."""
    rows = layer_time_rows(timings, comparison.alignment)[:MOST_LAYER_ROWS]
    columns = (
        *(Column(title=column_title(comparison, side), side=side) for side in Side),
        *number_columns("Left, ms", "Right, ms", "Difference, ms", "Share of left", "Share of right"),
    )
    return Table(title="Largest differences", columns=columns, rows=tuple(_layer_row(row) for row in rows))


def _timing_row(timing: CallPathTiming, side: str) -> tuple[str, ...]:
    note = timing.reason or ("recommended" if is_recommended(timing.call_path) else "")
    traces = None if timing.launch is None else timing.launch.traces
    median = _median_cells(timing.summary)
    return f"{side} · {timing.call_path}", *start_cells(timing.launch), *median, count_text(traces), note


def _median_cells(summary: LatencySummary | None) -> tuple[str, str]:
    if summary is None:
        return MISSING, MISSING
    return milliseconds_text(summary.median_s), interval_text(summary)


def _sweep_row(value: int, found: dict[Side, SweepPoint]) -> tuple[str, ...]:
    cells = (cell for side in Side for cell in _point_cells(found.get(side)))
    missing = (_missing(side, found.get(side)) for side in Side)
    return count_text(value), *cells, "; ".join(filter(None, missing))


def _point_cells(point: SweepPoint | None) -> tuple[str, str, str]:
    if point is None or point.summary is None:
        return MISSING, MISSING, MISSING
    return *_median_cells(point.summary), f"{point.throughput_per_s:,.1f}"


def _missing(side: Side, point: SweepPoint | None) -> str:
    if point is not None and point.summary is not None:
        return ""
    return missing_text(side, "" if point is None else point.reason)


def _layer_row(row: LayerTimeRow) -> tuple[str, ...]:
    times = (_milliseconds_cell(time_s) for time_s in (row.left_s, row.right_s))
    difference = MISSING if row.difference_s is None else f"{row.difference_s * 1e3:+,.3f}"
    shares = (MISSING if share is None else percent_text(share) for share in (row.left_share, row.right_share))
    return row.left or MISSING, row.right or MISSING, *times, difference, *shares


def _milliseconds_cell(duration_s: float | None) -> str:
    """To a microsecond: most layers take less than a tenth of a millisecond."""
    return MISSING if duration_s is None else f"{duration_s * 1e3:,.3f}"
