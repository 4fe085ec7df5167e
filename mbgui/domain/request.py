"""What a user asks for: two models, an input, and how to measure."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.alignment import PairCorrection
from mbgui.domain.equivalence import Precision, WeightTransfer
from mbgui.domain.framework import CallPath
from mbgui.domain.input_shape import InputShape
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRequest:
    """How to measure latency: `runs` timed calls a side after `warmup` untimed ones.

    Rounds of `round_size` calls alternate between the sides. A call path of `None` takes the side's recommended one.
    """

    runs: int = 50
    warmup: int = 5
    round_size: int = 5
    left_path: CallPath | None = None
    right_path: CallPath | None = None


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
