"""What an adapter is asked to load."""

from dataclasses import dataclass

from mbgui.domain.input_shape import InputShape
from mbgui.domain.request import Weights
from mbgui.domain.source import ModelSource


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """Everything a loaded model of a zoo depends on: equal requests give equal models, down to the weights.

    Files and code can change between two equal requests. `inputs` is empty where the model is to say what it takes.
    """

    source: ModelSource
    inputs: tuple[InputShape, ...]
    batch_size: int
    weights: Weights
    seed: int
    code_folders: tuple[str, ...] = ()
