"""Latency as measured: raw samples by round, and the summaries that follow from them."""

from dataclasses import dataclass

from mbgui.domain.framework import CallPath
from mbgui.domain.request import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRound:
    """Consecutive timed calls of one side. `started_s` is seconds since the measuring began."""

    side: Side
    index: int
    started_s: float
    durations_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRun:
    """How one side was called, and what its calls before the timed ones took (first call and warm-up, seconds)."""

    call_path: CallPath
    threads: int
    batch_size: int
    first_call_s: float
    warmup_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySummary:
    """Statistics of timed calls, in seconds; percentiles by linear interpolation."""

    count: int
    mean_s: float
    median_s: float
    p90_s: float
    p99_s: float
    minimum_s: float
    iqr_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyComparison:
    """Both sides' calls. `rounds` are in the order in which they ran.

    `ratio` is the right median over the left one; `sentence` says which side was faster and how sure that is.
    """

    left: LatencyRun
    right: LatencyRun
    rounds: tuple[LatencyRound, ...]
    left_summary: LatencySummary
    right_summary: LatencySummary
    ratio: float
    sentence: str
    is_complete: bool

    def durations_s(self, side: Side) -> tuple[float, ...]:
        """Every timed call of one side, in the order in which they ran."""
        return tuple(duration for taken in self.rounds if taken.side is side for duration in taken.durations_s)
