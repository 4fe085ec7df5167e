"""Latency as measured: raw samples by launch, block and round, and what follows from them."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.framework import CallPath
from mbgui.domain.request import BenchMode, Side


class LatencyVerdict(StrEnum):
    """Which side is faster, as far as it can be told."""

    LEFT_FASTER = "left_faster"
    RIGHT_FASTER = "right_faster"
    NO_MEASURABLE_DIFFERENCE = "no_measurable_difference"


class StopReason(StrEnum):
    """Why measuring ended."""

    DECIDED = "decided"  # the evidence was overwhelming before everything planned was done
    PRECISE = "precise"  # the interval is as narrow as anybody asks for
    DONE = "done"  # every launch that was planned
    BUDGET = "budget"  # the time was spent
    FAILED = "failed"  # a side failed on the way
    STOPPED = "stopped"  # the user stopped it


class WarningKind(StrEnum):
    """What can make a latency doubtful."""

    DRIFT = "drift"
    TWO_SPEEDS = "two_speeds"
    THROTTLING = "throttling"
    BUSY_MACHINE = "busy_machine"
    GOVERNOR = "governor"
    SWAP = "swap"
    BATTERY = "battery"
    UNSTEADY = "unsteady"  # the warm-up reached its bound before the level was steady
    RETRACED = "retraced"  # a tf.function was traced more than once


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyWarning:
    """Something to know beside a result, as a sentence."""

    kind: WarningKind
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRound:
    """Consecutive calls of one side in one process.

    `launch` counts the processes of a side and `block` the ABBA blocks (left, right, right, left; the next one
    mirrored) of a launch, both from 0; `index` is the place of the round among all of its launch and side.
    `started_s` is seconds since the measuring began. Calls of the warm-up are marked and in no statistic; their block
    is 0.
    """

    side: Side
    launch: int = 0
    block: int = 0
    index: int
    started_s: float
    durations_s: tuple[float, ...]
    is_warmup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyLaunch:
    """One process of one side: what it took before its calls were timed (seconds), and its memory.

    `first_call_s` includes tracing and compiling. `is_steady` tells whether the warm-up ended because its level was
    steady. `baseline_bytes` is the resident size once the framework was imported, `peak_bytes` the largest resident
    size from then on; `None` where the system does not tell. `traces` counts how often a tf.function was traced, `None`
    on other call paths.
    """

    index: int
    import_s: float
    build_s: float
    first_call_s: float
    is_steady: bool = True
    baseline_bytes: int | None = None
    peak_bytes: int | None = None
    traces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRun:
    """How one side was called, by which processes, and how finely its clock tells (seconds).

    `timer_resolution_s` is the smallest step of the clock, `call_overhead_s` what timing a call that does nothing
    takes.
    """

    call_path: CallPath
    threads: int
    batch_size: int
    launches: tuple[LatencyLaunch, ...] = ()
    timer_resolution_s: float = 0.0
    call_overhead_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySummary:
    """Statistics of all timed calls of one side, in seconds; percentiles by linear interpolation.

    `median_s` is the geometric mean of the medians of the launches: with one launch, the median of all calls.
    `median_low_s` and `median_high_s` bound the median with 95 % confidence, the spread between launches included
    where more than one was made. `outliers` counts calls that were marked and kept.
    """

    count: int
    mean_s: float
    median_s: float
    p90_s: float
    p99_s: float
    minimum_s: float
    iqr_s: float
    outliers: int = 0
    median_low_s: float = 0.0
    median_high_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyEstimate:
    """The ratio of medians (right over left) with its 95 % interval, as known after so many seconds.

    `rounds_to_decide` is about how many more rounds of each side it would take; 0 where it is decided, `None` where
    that cannot be told.
    """

    elapsed_s: float
    launches: int
    ratio: float
    ci_low: float
    ci_high: float
    rounds_to_decide: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseFloor:
    """The smallest difference that can be told here, as a fraction of the latency (0.04 is 4 %).

    `calibrated_at` is ISO 8601 in UTC, "" where this machine was not calibrated and a cautious value stands in.
    `basis` says in a few words what it rests on.
    """

    smallest_difference: float
    calibrated_at: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyComparison:
    """Both sides' calls. `rounds` are in the order in which they ran, warm-up included.

    `ratio` is the right median over the left one, and so the geometric mean over the launches, which were made in
    pairs. `ci_low` and `ci_high` bound it with 95 % confidence.
    `sentence` says which side was faster and how sure that is. `estimates` tell how the interval narrowed.
    """

    left: LatencyRun
    right: LatencyRun
    rounds: tuple[LatencyRound, ...]
    left_summary: LatencySummary
    right_summary: LatencySummary
    ratio: float
    ci_low: float
    ci_high: float
    verdict: LatencyVerdict
    sentence: str
    is_complete: bool
    mode: BenchMode = BenchMode.QUICK
    stop_reason: StopReason = StopReason.DONE
    noise_floor: NoiseFloor | None = None
    estimates: tuple[LatencyEstimate, ...] = ()
    warnings: tuple[LatencyWarning, ...] = ()

    def durations_s(self, side: Side) -> tuple[float, ...]:
        """Every timed call of one side, in the order in which they ran; none of the warm-up."""
        return tuple(
            duration
            for taken in self.rounds
            if taken.side is side and not taken.is_warmup
            for duration in taken.durations_s
        )

    def run(self, side: Side) -> LatencyRun:
        """How one side was called."""
        return self.left if side is Side.LEFT else self.right

    def summary(self, side: Side) -> LatencySummary:
        """The statistics of one side."""
        return self.left_summary if side is Side.LEFT else self.right_summary
