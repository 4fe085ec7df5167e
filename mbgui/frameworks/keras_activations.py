"""Activations of Keras, fused into a layer or standing alone."""

from collections.abc import Callable
from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.domain.network import AttributeValue, LayerKind
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.layer_traits import LayerTraits, activation, traits

SAME_FUNCTION: dict[str, tuple[str, dict[str, AttributeValue]]] = {
    "relu6": ("relu", {names.MAX_VALUE: 6.0}),
    "swish": ("silu", {}),
    "hard_swish": ("hard_silu", {}),
    "hard_tanh": ("hard_tanh", {names.MIN_VALUE: -1.0, names.MAX_VALUE: 1.0}),
    "leaky_relu": ("leaky_relu", {names.NEGATIVE_SLOPE: 0.2}),
    "elu": ("elu", {names.ALPHA: 1.0}),
    "celu": ("celu", {names.ALPHA: 1.0}),
}
"""Functions by their name in Keras: the shared name, with the bounds and slopes they have in `keras.activations`."""


def activation_values(function: Any) -> dict[str, AttributeValue]:
    """The attributes that say which function is applied: `linear` for none."""
    name = "linear" if function is None else getattr(function, "__name__", type(function).__name__)
    name, values = SAME_FUNCTION.get(name, (name, {}))
    return {names.ACTIVATION: name, **values}


def activation_layer(layer: Any, _call: GraphCall) -> LayerTraits:
    """`Activation(function)`; the linear one hands its input on."""
    values = activation_values(layer.activation)
    if values[names.ACTIVATION] == "linear":
        return traits(LayerKind.IDENTITY, {})
    if values[names.ACTIVATION] == "softmax":
        values[names.AXIS] = "channels"
    spelled = getattr(layer.activation, "__name__", type(layer.activation).__name__)
    return traits(LayerKind.ACTIVATION, values, {names.ACTIVATION: f"activation={spelled!r}"})


def rectifier(layer: Any, _call: GraphCall) -> LayerTraits:
    """`ReLU` with its bounds; a slope makes it a leaky one."""
    values: dict[str, AttributeValue] = {}
    if layer.max_value is not None:
        values[names.MAX_VALUE] = float(layer.max_value)
    if layer.negative_slope:
        values[names.NEGATIVE_SLOPE] = float(layer.negative_slope)
    if layer.threshold:
        values[names.MIN_VALUE] = float(layer.threshold)
    name = "leaky_relu" if layer.negative_slope else "relu"
    return activation(name, values, {names.ACTIVATION: type(layer).__name__})


def leaky_relu(layer: Any, _call: GraphCall) -> LayerTraits:
    """`LeakyReLU`."""
    return activation("leaky_relu", {names.NEGATIVE_SLOPE: float(layer.negative_slope)})


def elu(layer: Any, _call: GraphCall) -> LayerTraits:
    """`ELU`."""
    return activation("elu", {names.ALPHA: float(layer.alpha)})


def softmax(layer: Any, call: GraphCall) -> LayerTraits:
    """`Softmax` along its axis."""
    rank = len(call.inputs[0].shape)
    is_channels = layer.axis in (-1, rank - 1) and rank <= 2
    axis = "channels" if is_channels else layer.axis
    return activation("softmax", {names.AXIS: axis}, {names.AXIS: f"axis={layer.axis!r}"})


def named_activation(name: str) -> Callable[[Any, GraphCall], LayerTraits]:
    """A function without properties that matter."""

    def describe(_layer: Any, _call: GraphCall) -> LayerTraits:
        return activation(name)

    return describe
