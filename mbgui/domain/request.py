"""What a user asks for: two models, an input, and how to measure."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.framework import CallPath
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.source import ModelSource, SourceKind


class Side(StrEnum):
    """One of the two models of a comparison."""

    LEFT = "left"
    RIGHT = "right"


class Weights(StrEnum):
    """Which weights a model starts with."""

    NONE = "none"
    IMAGENET = "imagenet"


DEFAULT_LEFT = ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2")
DEFAULT_RIGHT = ModelSource(kind=SourceKind.KERAS, name="MobileNetV2")
DEFAULT_INPUT_SIZE = (224, 224)
"""(height, width) in pixels where no model states a size; what children warm up with."""


class BenchMode(StrEnum):
    """How sure a measurement is to be."""

    QUICK = "quick"  # one launch a side
    RIGOROUS = "rigorous"  # five launches a side and more


class SweepAxis(StrEnum):
    """What a sweep changes."""

    BATCH = "batch"
    THREADS = "threads"
    INPUT = "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRequest:
    """A sweep over these values: batch sizes, threads of each side, or the sides of a square image in pixels."""

    axis: SweepAxis
    values: tuple[int, ...]


DEFAULT_BUDGETS_S: dict[BenchMode, float] = {BenchMode.QUICK: 30.0, BenchMode.RIGOROUS: 150.0}
DEFAULT_FURTHER_BUDGET_S = 240.0
FEWEST_LAUNCHES: dict[BenchMode, int] = {BenchMode.QUICK: 1, BenchMode.RIGOROUS: 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRequest:
    """What to measure of latency, and how.

    `runs` is the number of timed calls of a side in each launch, 0 for as many as make it worth the launch; rounds of
    `round_size` calls (0: chosen by their duration) alternate between the sides. At least `warmup` calls go before, and
    as many more as it takes until the level is steady. `budget_s` is the time after which no further launch, call path
    or point of a sweep is begun, for each kind of measurement; 0 takes a default. A call path of `None` takes
    the side's recommended one.
    """

    mode: BenchMode = BenchMode.QUICK
    runs: int = 0
    warmup: int = 5
    round_size: int = 0
    budget_s: float = 0.0
    left_path: CallPath | None = None
    right_path: CallPath | None = None
    is_duel: bool = True
    is_ladder: bool = False
    sweeps: tuple[SweepRequest, ...] = ()
    is_by_layer: bool = False

    @property
    def duel_budget_s(self) -> float:
        """Seconds for the duel."""
        return self.budget_s or DEFAULT_BUDGETS_S[self.mode]

    @property
    def further_budget_s(self) -> float:
        """Seconds for the ladder, and for each sweep."""
        return self.budget_s or DEFAULT_FURTHER_BUDGET_S

    def call_path(self, side: Side) -> CallPath | None:
        """The call path chosen for a side, `None` for the recommended one."""
        return self.left_path if side is Side.LEFT else self.right_path


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest:
    """How to prove equivalence: whose weights, in which number format, and at which further input sizes.

    `further_inputs` are verified after the inputs of the comparison; where there are none, and the user named no input,
    one odd size is added where both networks take it. `export` names a file that gets the moved weights, "" for none.
    """

    transfer: WeightTransfer = WeightTransfer.AS_IS
    precision: Precision = Precision.FLOAT64
    further_inputs: tuple[tuple[InputShape, ...], ...] = ()
    export: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """What a file may cost the process that reads it, beyond what the framework itself takes; 0 lifts a limit."""

    memory_bytes: int = 8 * 2**30
    duration_s: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """Two models, the input they get, and what is to be measured.

    `inputs` are the shapes the user named; where there are none, the size that a model states is taken. `threads` is
    the number of intra-operation threads of each side, for reading as well as measuring. `latency` is `None` where
    nothing is to be measured. `code_folders` are where modules of the user's own are looked for, before the installed
    packages. `limits` hold for sides that are read from a file. `verification` is `None` where outputs are not
    compared. `corrections` are pairs that the user set by hand.
    """

    left: ModelSource
    right: ModelSource
    inputs: tuple[InputShape, ...] = ()
    batch_size: int = 1
    weights: Weights = Weights.NONE
    seed: int = 0
    threads: int
    latency: LatencyRequest | None
    code_folders: tuple[str, ...] = ()
    limits: ReadingLimits = ReadingLimits()
    verification: VerifyRequest | None = None
    corrections: tuple[PairCorrection, ...] = ()
