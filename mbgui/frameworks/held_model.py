"""The one model an adapter holds, and what it was asked for."""

from dataclasses import dataclass
from typing import Any

from mbgui.domain.network import Network
from mbgui.domain.request import ModelSource, Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """Everything a loaded model depends on: equal requests give equal models, down to the weights."""

    source: ModelSource
    input_size: tuple[int, int]
    batch_size: int
    weights: Weights
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldModel:
    """A built model in its framework's own form, and its record."""

    request: LoadRequest
    model: Any
    network: Network
