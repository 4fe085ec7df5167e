"""What is measured beside the duel: every call path, sweeps over a setting, and the time of single layers."""

from dataclasses import dataclass

from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyLaunch, LatencySummary
from mbgui.domain.request import Side, SweepAxis


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPathTiming:
    """One call path of one side, in a process of its own.

    `launch` has the seconds of import, build and first call; `durations_s` are the calls in steady state, `summary`
    their statistics. Where the path could not be run, all three are empty and `reason` says why.
    """

    side: Side
    call_path: CallPath
    launch: LatencyLaunch | None = None
    summary: LatencySummary | None = None
    durations_s: tuple[float, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Every call path of both sides, left first, the recommended one first, with the same threads and batch size."""

    timings: tuple[CallPathTiming, ...]
    threads: int
    batch_size: int
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """One side at one value of the axis. `summary` is `None` where it could not be measured, and `reason` says why.

    `throughput_per_s` is inputs per second at the median: the batch size over the median latency.
    """

    side: Side
    value: int
    summary: LatencySummary | None
    throughput_per_s: float = 0.0
    durations_s: tuple[float, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Both sides over the values of one axis: batch sizes, threads, or image sides in pixels; all else is kept.

    Points come in the order in which they were measured; a sweep that ran out of time or was stopped has fewer.
    """

    axis: SweepAxis
    left_path: CallPath
    right_path: CallPath
    threads: int
    batch_size: int
    points: tuple[SweepPoint, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTime:
    """The time of one layer call of a network.

    `layer` is its path and `call` which run of it (0 the first). `duration_s` is the median over several passes of the
    time spent in it alone, what runs inside children excluded.
    """

    layer: str
    call: int
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTiming:
    """Where the time of one side goes. `method` says how it was found.

    `total_s` is the median of a whole pass while layers were timed, `plain_s` of one without; their ratio is what
    timing the layers cost.
    """

    method: str
    passes: int
    total_s: float
    plain_s: float
    layers: tuple[LayerTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTimings:
    """Where the time of both sides goes; `None` where a side could not be timed, and its reason says why."""

    left: LayerTiming | None
    right: LayerTiming | None
    left_reason: str = ""
    right_reason: str = ""

    def timing(self, side: Side) -> LayerTiming | None:
        """The timing of one side."""
        return self.left if side is Side.LEFT else self.right
