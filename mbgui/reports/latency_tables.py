"""The tables of a duel: rows of text, in milliseconds where seconds are small."""

from statistics import median

from mbgui.analysis.launch_figures import first_call_s, memory_bytes, peak_memory_bytes, traces
from mbgui.analysis.performance_wording import interval_text, seconds_text
from mbgui.analysis.wording import BYTES_PER_MEBIBYTE, MISSING, count_text, milliseconds_text
from mbgui.domain.comparison import Comparison
from mbgui.domain.latency import LatencyComparison, LatencyLaunch, LatencyRun, LatencySummary
from mbgui.domain.request import Side
from mbgui.reports.tables import Align, Column, Table, column_title

_STATISTICS = ("n", "Median, ms", "95 % interval, ms", "Mean, ms", "p90, ms", "p99, ms", "Min, ms", "IQR, ms")
_OF_PROCESSES = ("Launches", "First call, ms", "Memory above import, MiB", "Traces")
_OF_LAUNCH = ("Median, ms", "Import, s", "Build, s", "First call, ms", "Memory above import, MiB", "Traces")


def latency_table(comparison: Comparison, latency: LatencyComparison) -> Table:
    """Statistics of the timed calls of both sides, in milliseconds."""
    rows = (_statistics_row(side_path(comparison, latency, side), latency.summary(side)) for side in Side)
    columns = (Column(title="Side, call path"), *number_columns(*_STATISTICS, "Outliers"))
    return Table(title="Latency in milliseconds", columns=columns, rows=tuple(rows))


def process_table(comparison: Comparison, latency: LatencyComparison) -> Table:
    """What the processes of both sides took beside their timed calls: that of the middle launch."""
    rows = (_process_row(side_path(comparison, latency, side), latency.run(side)) for side in Side)
    columns = (Column(title="Side, call path"), *number_columns(*_OF_PROCESSES))
    return Table(title="Processes", columns=columns, rows=tuple(rows))


def launch_table(comparison: Comparison, latency: LatencyComparison) -> Table:
    """Every process of both sides, those that lived at the same time below each other."""
    medians_s = _medians_s(latency)
    made = [(launch, side) for side in Side for launch in latency.run(side).launches]
    made.sort(key=_index)
    rows = (
        _launch_row(launch, column_title(comparison, side), medians_s.get((side, launch.index)))
        for launch, side in made
    )
    columns = (Column(title="Launch"), Column(title="Side"), *number_columns(*_OF_LAUNCH), Column(title="Warm-up"))
    return Table(title="Launches", columns=columns, rows=tuple(rows))


def side_path(comparison: Comparison, latency: LatencyComparison, side: Side) -> str:
    """`PyTorch · eager`."""
    return f"{column_title(comparison, side)} · {latency.run(side).call_path}"


def number_columns(*titles: str) -> tuple[Column, ...]:
    """Columns of figures, set to the right."""
    return tuple(Column(title=title, align=Align.RIGHT) for title in titles)


def start_cells(launch: LatencyLaunch | None) -> tuple[str, str, str]:
    """Seconds of import and build, and milliseconds of the first call."""
    if launch is None:
        return MISSING, MISSING, MISSING
    return seconds_text(launch.import_s), seconds_text(launch.build_s), milliseconds_text(launch.first_call_s)


def _index(made: tuple[LatencyLaunch, Side]) -> int:
    return made[0].index


def _statistics_row(title: str, summary: LatencySummary) -> tuple[str, ...]:
    times_s = (summary.mean_s, summary.p90_s, summary.p99_s, summary.minimum_s, summary.iqr_s)
    times = (milliseconds_text(time_s) for time_s in times_s)
    middle = (milliseconds_text(summary.median_s), interval_text(summary))
    return title, count_text(summary.count), *middle, *times, count_text(summary.outliers)


def _process_row(title: str, run: LatencyRun) -> tuple[str, ...]:
    first_s = first_call_s(run)
    first = MISSING if first_s is None else milliseconds_text(first_s)
    memory = _mebibytes_cell(peak_memory_bytes(run))
    return title, count_text(len(run.launches)), first, memory, count_text(traces(run))


def _medians_s(latency: LatencyComparison) -> dict[tuple[Side, int], float]:
    """The median of the timed calls of every launch."""
    calls: dict[tuple[Side, int], list[float]] = {}
    for taken in latency.rounds:
        if taken.durations_s and not taken.is_warmup:
            calls.setdefault((taken.side, taken.launch), []).extend(taken.durations_s)
    return {launch: median(durations_s) for launch, durations_s in calls.items()}


def _launch_row(launch: LatencyLaunch, side: str, median_s: float | None) -> tuple[str, ...]:
    return (
        str(launch.index + 1),
        side,
        MISSING if median_s is None else milliseconds_text(median_s),
        *start_cells(launch),
        _mebibytes_cell(memory_bytes(launch)),
        count_text(launch.traces),
        "steady" if launch.is_steady else "not steady when it ended",
    )


def _mebibytes_cell(size_bytes: int | None) -> str:
    """`40.5`, the MiB of a size without the unit, or a dash."""
    return MISSING if size_bytes is None else f"{size_bytes / BYTES_PER_MEBIBYTE:,.1f}"
