"""What happens during a comparison, in the order in which it happens.

Every run ends in exactly one of `Completed`, `Failed` and `Cancelled`; one that calibrates ends in
`CalibrationCompleted` in place of the first.
"""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.calibration import Calibration
from mbgui.domain.comparison import Comparison
from mbgui.domain.environment import Version
from mbgui.domain.equivalence import PairEvidence
from mbgui.domain.errors import Problem
from mbgui.domain.latency import LatencyEstimate, LatencyRound
from mbgui.domain.network import Network
from mbgui.domain.performance import CallPathTiming, LayerTimings, SweepPoint
from mbgui.domain.request import Side, SweepRequest


class Stage(StrEnum):
    """The stages of a comparison, in order."""

    START = "start"
    READ = "read"
    COMPARE = "compare"
    VERIFY = "verify"
    MEASURE = "measure"
    CALL_PATHS = "call paths"
    SWEEP = "sweep"
    LAYER_TIMES = "layer times"
    CALIBRATE = "calibrate"
    SAVE = "save"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarted:
    """A stage began."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFinished:
    """A stage ended after so many seconds."""

    stage: Stage
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """A stage is so far: a fraction from 0 to 1, and a few words."""

    stage: Stage
    fraction: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkReady:
    """The framework of one side is imported; `import_s` is 0 where a warm child was there."""

    side: Side
    versions: tuple[Version, ...]
    import_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRead:
    """One side is read; the other may still be under way, or fail."""

    side: Side
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureCompared:
    """Everything but the latency is known; `comparison.latency` is still `None`."""

    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class PairVerified:
    """One pair was run on the probes of the first input size; they come in execution order of the left side."""

    evidence: PairEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceProven:
    """The proof is done; `comparison.equivalence` holds it, `comparison.latency` is still `None`."""

    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySampled:
    """A round of calls of one side is in, of the warm-up too."""

    latency_round: LatencyRound


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyEstimated:
    """The ratio of medians is known better than before."""

    estimate: LatencyEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPathTimed:
    """One more call path of one side is timed, or cannot be."""

    timing: CallPathTiming


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPointTimed:
    """One more point of a sweep is timed, or cannot be."""

    sweep: SweepRequest
    point: SweepPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class LayersTimed:
    """It is known where the time of both sides goes."""

    timings: LayerTimings


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """A model was timed against itself; the calibration is kept."""

    calibration: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationCompleted:
    """All calibrations asked for are done and kept."""

    calibrations: tuple[Calibration, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something could not be done, and the comparison goes on without it."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The comparison is done. `snapshot_path` is where it was kept, "" where it was not."""

    comparison: Comparison
    snapshot_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The comparison could not be finished."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The user stopped the comparison."""


Event = (
    StageStarted
    | StageFinished
    | Progressed
    | FrameworkReady
    | NetworkRead
    | StructureCompared
    | PairVerified
    | EquivalenceProven
    | LatencySampled
    | LatencyEstimated
    | CallPathTimed
    | SweepPointTimed
    | LayersTimed
    | Calibrated
    | CalibrationCompleted
    | Warned
    | Completed
    | Failed
    | Cancelled
)
