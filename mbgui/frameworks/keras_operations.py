"""What functional operations of Keras (`keras.ops`, operators between tensors) do."""

from collections.abc import Callable
from typing import Any

import keras

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.keras_activations import SAME_FUNCTION
from mbgui.frameworks.keras_calls import GraphCall, operand_shapes
from mbgui.frameworks.layer_traits import LayerTraits, activation, global_pooling, rescaling, traits

Describer = Callable[[GraphCall], LayerTraits]


def describe_operation(call: GraphCall) -> LayerTraits:
    """Kind and attributes of an operation that is no layer."""
    describer = DESCRIBERS.get(type(call.operation).__name__)
    return describer(call) if describer is not None else traits(LayerKind.OTHER, {})


def _arithmetic(kind: LayerKind) -> Describer:
    """Between two tensors it is `kind`, one of which may be the model's own; with a number it only rescales."""

    def describe(call: GraphCall) -> LayerTraits:
        if len(operand_shapes(call)) > 1:
            return traits(kind, {})
        name = type(call.operation).__name__
        return rescaling(_ARITHMETIC.get(name, ""), _number_behind(call))

    return describe


_ARITHMETIC = {"Add": "add", "Subtract": "sub", "Multiply": "mul", "Divide": "div", "TrueDivide": "div"}
_ORDERED = frozenset({"Subtract", "Divide", "TrueDivide"})


def _number_behind(call: GraphCall) -> object:
    """The number that a tensor is combined with; `None` where it is unknown, or stands first and the order matters."""
    values = keras.tree.flatten(call.arguments)
    found = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    is_turned = bool(values) and type(call.operation).__name__ in _ORDERED and isinstance(values[0], int | float)
    return found[0] if len(found) == 1 and not is_turned else None


def _concatenation(call: GraphCall) -> LayerTraits:
    axis, rank = int(getattr(call.operation, "axis", -1)), len(call.outputs[0].shape)
    is_channels = axis % rank == rank - 1 and rank != 3
    return traits(
        LayerKind.CONCATENATE, {names.AXIS: "channels" if is_channels else axis}, {names.AXIS: f"axis={axis}"}
    )


def _transpose(call: GraphCall) -> LayerTraits:
    axes = getattr(call.operation, "axes", None)
    rank = len(call.inputs[0].shape)
    order = tuple(int(axis) % rank for axis in axes) if axes is not None else tuple(reversed(range(rank)))
    return traits(LayerKind.RESHAPE, {names.PERMUTATION: order}, {names.PERMUTATION: f"axes={axes!r}"})


def _plain(kind: LayerKind) -> Describer:
    def describe(_call: GraphCall) -> LayerTraits:
        return traits(kind, {})

    return describe


def _named(name: str) -> Describer:
    def describe(call: GraphCall) -> LayerTraits:
        plain, values = SAME_FUNCTION.get(name, (name, {}))
        return activation(plain, values, {names.ACTIVATION: type(call.operation).__name__})

    return describe


def _sloped(name: str, attribute: str, native: str) -> Describer:
    """A function with one parameter, which the operation holds under the name `native`."""

    def describe(call: GraphCall) -> LayerTraits:
        value = getattr(call.operation, native)
        return activation(name, {attribute: float(value)}, {attribute: f"{native}={value!r}"})

    return describe


def _pad(call: GraphCall) -> LayerTraits:
    """Padding of the spatial dimensions; any other has no counterpart in the vocabulary, and so no attributes."""
    widths = [tuple(int(side) for side in pair) for pair in call.operation.pad_width]
    mode = {"constant": "zeros"}.get(call.operation.mode, call.operation.mode)
    has_value = any(isinstance(value, int | float) and value for value in call.arguments)
    if len(widths) < 3 or any((*widths[0], *widths[-1])) or has_value:
        return traits(LayerKind.PADDING, {})
    sides = tuple(side for pair in widths[1:-1] for side in pair)
    return traits(LayerKind.PADDING, {names.PADDING: sides, names.PADDING_MODE: mode})


def _gelu(call: GraphCall) -> LayerTraits:
    is_approximate = bool(getattr(call.operation, "approximate", True))
    return activation(
        "gelu_tanh" if is_approximate else "gelu", natives={names.ACTIVATION: f"gelu(approximate={is_approximate})"}
    )


def _reduction(pooling: str) -> Describer:
    """A mean or maximum over all dimensions between batch and channels is global pooling."""

    def describe(call: GraphCall) -> LayerTraits:
        rank = len(call.inputs[0].shape)
        axis: Any = getattr(call.operation, "axis", None)
        axes = axis if isinstance(axis, tuple | list) else (axis,)
        native = {names.POOLING: f"{type(call.operation).__name__.lower()}(axis={axis!r})"}
        if axis is not None and rank >= 3 and {int(item) % rank for item in axes} == set(range(1, rank - 1)):
            return global_pooling(pooling, native)
        return traits(LayerKind.OTHER, {names.POOLING: pooling}, native)

    return describe


DESCRIBERS: dict[str, Describer] = {
    "Add": _arithmetic(LayerKind.ADD),
    "Subtract": _arithmetic(LayerKind.OTHER),
    "Multiply": _arithmetic(LayerKind.MULTIPLY),
    "Divide": _arithmetic(LayerKind.OTHER),
    "TrueDivide": _arithmetic(LayerKind.OTHER),
    **dict.fromkeys(("Matmul", "Dot", "Einsum", "Tensordot"), _plain(LayerKind.MATRIX_PRODUCT)),
    "Concatenate": _concatenation,
    **dict.fromkeys(("Reshape", "Squeeze", "ExpandDims", "Swapaxes", "Moveaxis", "Ravel"), _plain(LayerKind.RESHAPE)),
    "Pad": _pad,
    "Resize": _plain(LayerKind.RESIZE),
    "Mean": _reduction("average"),
    "Max": _reduction("max"),
    "Transpose": _transpose,
    "Gelu": _gelu,
    "Relu": _named("relu"),
    "Relu6": _named("relu6"),
    "Sigmoid": _named("sigmoid"),
    "HardSigmoid": _named("hard_sigmoid"),
    "Silu": _named("silu"),
    "HardSilu": _named("hard_silu"),
    "Tanh": _named("tanh"),
    "Softmax": _named("softmax"),
    "LogSoftmax": _named("log_softmax"),
    "Softplus": _named("softplus"),
    "Elu": _sloped("elu", names.ALPHA, "alpha"),
    "Celu": _sloped("celu", names.ALPHA, "alpha"),
    "Selu": _named("selu"),
    "LeakyRelu": _sloped("leaky_relu", names.NEGATIVE_SLOPE, "negative_slope"),
}
"""How to describe operations, by the name of their class."""
