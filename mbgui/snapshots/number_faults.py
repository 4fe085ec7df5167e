"""Which numbers and moments of a snapshot can be meant, so that no view or report meets one that cannot be drawn."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from mbgui.domain.latency import LatencyLaunch, LatencySummary

LONGEST_CALL_S = 1e6
"""Eleven days."""
LARGEST_RATIO = 1e15
"""Of the longest call over a nanosecond, which is about what the clocks of today tell apart."""
_FIRST_YEAR, _LAST_YEAR = 1970, 9000  # every time zone's local time of them is a date, too


def find_time_faults(moment: str, field: str) -> Iterator[str]:
    """What keeps a text from being a moment with a time zone."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        yield f"{field} is no ISO 8601 time: {moment!r}"
        return
    if found.tzinfo is None:
        yield f"{field} has no time zone: {moment!r}"
    elif not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        yield f"{field} is out of range: {moment!r}"


def find_range_faults(
    value: float | None, field: str, lowest: float = 0.0, highest: float = float("inf")
) -> Iterator[str]:
    """A number below the lowest, or beyond the highest that can be meant; one that is not finite is beyond both."""
    if value is None:
        return
    if not lowest <= value:
        yield f"{field} is {value}, less than {lowest:g}"
    elif value > highest or value == float("inf"):
        yield f"{field} is {value}, more than can be meant"


def find_duration_faults(durations_s: Iterable[float], field: str, what: str = "a call") -> Iterator[str]:
    """Times of calls that are less than nothing or longer than anybody waits."""
    if not all(0 <= duration_s <= LONGEST_CALL_S for duration_s in durations_s):
        yield f"{field} has {what} that took less than nothing or more than eleven days"


def find_launch_faults(launch: LatencyLaunch, field: str) -> Iterator[str]:
    """What cannot be meant of one process."""
    yield from find_range_faults(launch.index, f"{field}.index")
    yield from find_duration_faults((launch.import_s, launch.build_s, launch.first_call_s), field, "a step")
    for name in ("baseline_bytes", "peak_bytes", "traces"):
        yield from find_range_faults(getattr(launch, name), f"{field}.{name}")


def find_summary_faults(summary: LatencySummary, durations_s: tuple[float, ...], field: str) -> Iterator[str]:
    """What cannot be meant of the statistics of these calls."""
    times_s = (
        summary.mean_s,
        summary.median_s,
        summary.p90_s,
        summary.p99_s,
        summary.minimum_s,
        summary.iqr_s,
        summary.median_low_s,
        summary.median_high_s,
    )
    yield from find_duration_faults(times_s, field, "a figure")
    if summary.count != len(durations_s):
        yield f"{field} is of {summary.count} calls, but there are {len(durations_s)}"
    if not 0 <= summary.outliers <= summary.count:
        yield f"{field} marks {summary.outliers} of {summary.count} calls"
