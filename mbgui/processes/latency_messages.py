"""What the app and a child say to each other when latency is measured.

A launch is a fresh child that is told `BuildModel`, `PrepareLatency`, any number of `MeasureRound`, and `ReadUsage`.
"""

from dataclasses import dataclass

from mbgui.domain.environment import Version
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.performance import LayerTime
from mbgui.domain.request import ReadingLimits, Weights
from mbgui.domain.source import ModelSource


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildModel:
    """Build a model without reading its layers, and answer with `ModelBuilt`. The fields are those of `LoadModel`."""

    source: ModelSource
    inputs: tuple[InputShape, ...]
    batch_size: int
    weights: Weights
    seed: int
    code_folders: tuple[str, ...]
    limits: ReadingLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareLatency:
    """Make the model ready to be timed, call it once and then `warmup` times, and answer with `LatencyPrepared`."""

    call_path: str
    batch_size: int
    warmup: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRound:
    """Make `untimed` calls, then time `runs` and answer with `RoundMeasured`.

    The untimed ones fill caches again that the other side emptied while this one was suspended.
    """

    runs: int
    untimed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadUsage:
    """Answer with `UsageRead`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLayers:
    """Time every layer over so many passes of the prepared model and answer with `LayerTimesRead`."""

    passes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBuilt:
    """Answer to `BuildModel`. Times are in seconds.

    `import_s` is what importing the framework took, with or without this command. `baseline_bytes` is the resident size
    before the model was built, `None` where the system does not tell, or the process held other models before.
    `timer_resolution_s` is the smallest step of the clock that calls are timed by, `call_overhead_s` the time measured
    for a call that does nothing.
    """

    framework: Framework
    versions: tuple[Version, ...]
    import_s: float
    build_s: float
    baseline_bytes: int | None
    timer_resolution_s: float
    call_overhead_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyPrepared:
    """Answer to `PrepareLatency`, in seconds. The first call includes tracing and compiling."""

    first_call_s: float
    warmup_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMeasured:
    """Answer to `MeasureRound`, in seconds."""

    durations_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRead:
    """Answer to `ReadUsage`.

    `peak_bytes` is the largest resident size since the framework was imported, `None` as in `ModelBuilt`;
    `traces` how often the function of the call path was traced, `None` where there is none.
    """

    peak_bytes: int | None
    traces: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTimesRead:
    """Answer to `TimeLayers`; the fields are those of `mbgui.domain.performance.LayerTiming`."""

    method: str
    total_s: float
    plain_s: float
    layers: tuple[LayerTime, ...]


LatencyCommand = BuildModel | PrepareLatency | MeasureRound | ReadUsage | TimeLayers
LatencyReply = ModelBuilt | LatencyPrepared | RoundMeasured | UsageRead | LayerTimesRead
LATENCY_COMMANDS: tuple[type[LatencyCommand], ...] = (BuildModel, PrepareLatency, MeasureRound, ReadUsage, TimeLayers)
LATENCY_REPLIES: tuple[type[LatencyReply], ...] = (
    ModelBuilt,
    LatencyPrepared,
    RoundMeasured,
    UsageRead,
    LayerTimesRead,
)
