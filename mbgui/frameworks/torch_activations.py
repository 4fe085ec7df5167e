"""Activations of PyTorch, as modules or as parts of an operation."""

from collections.abc import Callable
from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.frameworks.layer_traits import LayerTraits, activation
from mbgui.frameworks.torch_spelling import spelled


def activation_module(name: str, **attributes: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    """An activation; `attributes` map names of the vocabulary to names of the module's own."""

    def describe(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
        values = {key: float(getattr(module, native)) for key, native in attributes.items()}
        native = spelled(module, **attributes) | {names.ACTIVATION: type(module).__name__}
        return activation(name, dict(values), native)

    return describe


def gelu_module(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    """`GELU`, exact or approximate."""
    return activation(gelu_name(module.approximate), natives={names.ACTIVATION: f"GELU({module.approximate!r})"})


def gelu_name(approximate: str) -> str:
    """The exact and the approximate GELU are different functions."""
    return "gelu_tanh" if approximate == "tanh" else "gelu"


def clipped_module(module: Any, _input_shape: tuple[int, ...]) -> LayerTraits:
    """`Hardtanh` and `ReLU6`, which derives from it."""
    return clipped_activation(float(module.min_val), float(module.max_val), type(module).__name__)


def clipped_activation(minimum: float, maximum: float, spelling: str) -> LayerTraits:
    """A clip from zero is a ReLU with a maximum."""
    if minimum == 0:
        return activation(
            "relu", {names.MAX_VALUE: maximum}, {names.ACTIVATION: spelling, names.MAX_VALUE: f"max_val={maximum}"}
        )
    return activation("hard_tanh", {names.MIN_VALUE: minimum, names.MAX_VALUE: maximum}, {names.ACTIVATION: spelling})


def softmax(name: str, axis: int | None, rank: int, spelling: str) -> LayerTraits:
    """A softmax along an axis of a tensor with `rank` dimensions."""
    is_channels = axis in (1, -1) and rank <= 2
    return activation(
        name, {names.AXIS: "channels" if is_channels else axis}, {names.ACTIVATION: spelling, names.AXIS: f"dim={axis}"}
    )


def softmax_module(name: str) -> Callable[[Any, tuple[int, ...]], LayerTraits]:
    """How to describe a softmax along its axis."""

    def describe(module: Any, input_shape: tuple[int, ...]) -> LayerTraits:
        return softmax(name, module.dim, len(input_shape), type(module).__name__)

    return describe
