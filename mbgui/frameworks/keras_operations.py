"""What functional operations of Keras (`keras.ops`, operators between tensors) do."""

from collections.abc import Callable
from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.keras_activations import SAME_FUNCTION
from mbgui.frameworks.keras_calls import GraphCall, operand_shapes
from mbgui.frameworks.layer_traits import LayerTraits, activation, global_pooling, traits

Describer = Callable[[GraphCall], LayerTraits]


def describe_operation(call: GraphCall) -> LayerTraits:
    """Kind and attributes of an operation that is no layer."""
    describer = DESCRIBERS.get(type(call.operation).__name__)
    return describer(call) if describer is not None else traits(LayerKind.OTHER, {})


def _arithmetic(kind: LayerKind) -> Describer:
    """Between two tensors it is `kind`, one of which may be the model's own; with a number it only rescales."""

    def describe(call: GraphCall) -> LayerTraits:
        return traits(kind if len(operand_shapes(call)) > 1 else LayerKind.RESCALE, {})

    return describe


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


def _mean(call: GraphCall) -> LayerTraits:
    """A mean over all dimensions between batch and channels is global pooling."""
    rank = len(call.inputs[0].shape)
    axis: Any = getattr(call.operation, "axis", None)
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    if axis is not None and rank >= 3 and {int(item) % rank for item in axes} == set(range(1, rank - 1)):
        return global_pooling("average", {names.POOLING: f"mean(axis={axis!r})"})
    return traits(LayerKind.OTHER, {})


DESCRIBERS: dict[str, Describer] = {
    "Add": _arithmetic(LayerKind.ADD),
    "Subtract": _arithmetic(LayerKind.OTHER),
    "Multiply": _arithmetic(LayerKind.MULTIPLY),
    "Divide": _arithmetic(LayerKind.OTHER),
    "TrueDivide": _arithmetic(LayerKind.OTHER),
    **dict.fromkeys(("Matmul", "Dot", "Einsum", "Tensordot"), _plain(LayerKind.MATRIX_PRODUCT)),
    "Concatenate": _plain(LayerKind.CONCATENATE),
    **dict.fromkeys(
        ("Reshape", "Transpose", "Squeeze", "ExpandDims", "Swapaxes", "Moveaxis", "Ravel"), _plain(LayerKind.RESHAPE)
    ),
    "Pad": _pad,
    "Resize": _plain(LayerKind.RESIZE),
    "Mean": _mean,
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
