"""What an adapter is asked to load."""

from dataclasses import dataclass, field

from mbgui.domain.input_shape import InputShape
from mbgui.domain.request import ReadingLimits, Weights
from mbgui.domain.source import ModelSource


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """Everything a loaded model of a zoo depends on: equal requests give equal models, down to the weights.

    Files and code can change between two equal requests. `inputs` is empty where the model is to say what it takes.
    `file_memory_bytes` is what a file may unpack to; it is no part of what the model is.
    """

    source: ModelSource
    inputs: tuple[InputShape, ...]
    batch_size: int
    weights: Weights
    seed: int
    file_memory_bytes: int = field(default=ReadingLimits().memory_bytes, compare=False)
