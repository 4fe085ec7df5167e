"""What a user asks for: two models, an input, and how to measure."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.framework import CallPath, Framework


class Side(StrEnum):
    """One of the two models of a comparison."""

    LEFT = "left"
    RIGHT = "right"


class SourceKind(StrEnum):
    """Where a model comes from; the word before the colon of a reference."""

    TORCHVISION = "torchvision"
    KERAS = "keras"


class Weights(StrEnum):
    """Which weights a model starts with."""

    NONE = "none"
    IMAGENET = "imagenet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """A model by name: `torchvision:mobilenet_v2`, `keras:MobileNetV2`."""

    kind: SourceKind
    name: str

    @property
    def reference(self) -> str:
        """The reference a user types to name this model."""
        return f"{self.kind}:{self.name}"

    @property
    def framework(self) -> Framework:
        """The framework that runs this model."""
        return Framework.PYTORCH if self.kind is SourceKind.TORCHVISION else Framework.KERAS


DEFAULT_LEFT = ModelSource(kind=SourceKind.TORCHVISION, name="mobilenet_v2")
DEFAULT_RIGHT = ModelSource(kind=SourceKind.KERAS, name="MobileNetV2")
DEFAULT_INPUT_SIZE = (224, 224)
"""What is chosen at first, in the window, in the terminal and by children that warm up: (height, width) in pixels."""


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
class CompareRequest:
    """Two models, the input they get, and what is to be measured.

    `input_size` is (height, width) in pixels. `threads` is the number of intra-operation threads of each side, for
    reading as well as measuring. `latency` is `None` where nothing is to be measured.
    """

    left: ModelSource
    right: ModelSource
    input_size: tuple[int, int] = DEFAULT_INPUT_SIZE
    batch_size: int = 1
    weights: Weights = Weights.NONE
    seed: int = 0
    threads: int
    latency: LatencyRequest | None
