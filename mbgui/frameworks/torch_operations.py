"""What functional operations of PyTorch do, in the same words as the modules of the same meaning."""

from collections.abc import Callable, Sequence
from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.layer_traits import LayerTraits, activation, rescaling, same_paddings, traits
from mbgui.frameworks.torch_activations import clipped_activation, gelu_name, softmax
from mbgui.frameworks.torch_arrangements import maximum, mean, permutation, resize
from mbgui.frameworks.torch_graph import Operation
from mbgui.frameworks.torch_pooling import (
    adaptive_pooling,
    both_sides,
    constant_padding,
    removed_sides,
    tupled,
)

Describer = Callable[[Operation], LayerTraits]


def describe_operation(operation: Operation) -> LayerTraits:
    """Kind and attributes of a functional operation."""
    describer = DESCRIBERS.get(operation.name)
    return describer(operation) if describer is not None else traits(LayerKind.OTHER, {})


def as_it_ran(described: LayerTraits, operations: Sequence[Operation]) -> LayerTraits:
    """A module's own description, corrected where a subclass runs BatchNorm in training mode whatever the mode is."""
    if described.kind is not LayerKind.BATCH_NORMALIZATION:
        return described
    if not any(operation.name == "batch_norm" and operation.arguments.get("training") for operation in operations):
        return described
    values = {attribute.name: attribute.value for attribute in described.attributes} | {names.BATCH_STATISTICS: True}
    natives = {attribute.name: attribute.native for attribute in described.attributes}
    return traits(described.kind, values, natives | {names.BATCH_STATISTICS: "batch_norm(training=True)"})


def _convolution(operation: Operation) -> LayerTraits:
    weight = operation.shape_of("weight")
    rank = len(weight) - 2
    given = operation.arguments
    groups = int(given["groups"])
    is_transposed = _is_transposed(operation)
    values: dict[str, Any] = {
        names.IN_CHANNELS: weight[0] if is_transposed else weight[1] * groups,
        names.OUT_CHANNELS: weight[1] * groups if is_transposed else weight[0],
        names.KERNEL_SIZE: weight[2:],
        names.STRIDES: tupled(given["stride"], rank),
    }
    values |= {
        names.PADDING: _convolution_padding(operation, rank),
        names.PADDING_MODE: "zeros",
        names.DILATION: tupled(given["dilation"], rank),
        names.GROUPS: groups,
        names.USE_BIAS: given["bias"] is not None,
    }
    return traits(LayerKind.TRANSPOSED_CONVOLUTION if is_transposed else LayerKind.CONVOLUTION, values)


def _is_transposed(operation: Operation) -> bool:
    return "transpose" in operation.operator or bool(operation.arguments.get("transposed"))


def _convolution_padding(operation: Operation, rank: int) -> tuple[int, ...]:
    given = operation.arguments
    if given["padding"] == "valid":
        return (0,) * (2 * rank)
    strides, dilation = tupled(given["stride"], rank), tupled(given["dilation"], rank)
    if given["padding"] == "same":
        return same_paddings(operation.input_shape[-rank:], operation.shape_of("weight")[2:], strides, dilation)
    padding = tupled(given["padding"], rank)
    if _is_transposed(operation):
        return removed_sides(padding, tupled(given["output_padding"], rank))
    return both_sides(padding)


def _dense(operation: Operation) -> LayerTraits:
    weight = operation.shape_of("weight")
    values = {
        names.IN_CHANNELS: weight[-1],
        names.OUT_CHANNELS: weight[0],
        names.USE_BIAS: operation.arguments["bias"] is not None,
    }
    return traits(LayerKind.DENSE, values)


def _plain(kind: LayerKind) -> Describer:
    def describe(_operation: Operation) -> LayerTraits:
        return traits(kind, {})

    return describe


def _named(name: str, **attributes: str) -> Describer:
    def describe(operation: Operation) -> LayerTraits:
        values = {key: float(operation.arguments[native]) for key, native in attributes.items()}
        native = {key: f"{native}={operation.arguments[native]!r}" for key, native in attributes.items()}
        return activation(name, dict(values), native | {names.ACTIVATION: operation.operator})

    return describe


def _clipped(operation: Operation) -> LayerTraits:
    given = operation.arguments
    minimum, maximum = given.get("min_val", given.get("min")), given.get("max_val", given.get("max"))
    if isinstance(minimum, int | float) and isinstance(maximum, int | float):
        return clipped_activation(float(minimum), float(maximum), operation.operator)
    if minimum == 0 and maximum is None:
        return activation("relu", natives={names.ACTIVATION: f"{operation.operator}(min=0)"})
    return traits(LayerKind.OTHER, {})


def _relu6(operation: Operation) -> LayerTraits:
    return clipped_activation(0.0, 6.0, operation.operator)


def _gelu(operation: Operation) -> LayerTraits:
    approximate = str(operation.arguments["approximate"])
    return activation(gelu_name(approximate), natives={names.ACTIVATION: f"gelu(approximate={approximate!r})"})


def _softmax(name: str) -> Describer:
    def describe(operation: Operation) -> LayerTraits:
        return softmax(name, int(operation.arguments["dim"]), len(operation.input_shape), operation.operator)

    return describe


def _adaptive_pooling(pooling: str) -> Describer:
    def describe(operation: Operation) -> LayerTraits:
        size = operation.arguments["output_size"]
        return adaptive_pooling(pooling, size, operation.input_shape, operation.operator)

    return describe


def _pooling(pooling: str) -> Describer:
    def describe(operation: Operation) -> LayerTraits:
        given, rank = operation.arguments, len(operation.input_shape) - 2
        kernel = tupled(given["kernel_size"], rank)
        padding = both_sides(tupled(given["padding"], rank))
        values: dict[str, Any] = {
            names.POOLING: pooling,
            names.KERNEL_SIZE: kernel,
            names.STRIDES: tupled(given["stride"], rank) if given["stride"] else kernel,
            names.PADDING: padding,
            names.CEIL_MODE: bool(given["ceil_mode"]),
        }
        if pooling == "average" and any(padding):
            values[names.COUNT_INCLUDE_PAD] = bool(given["count_include_pad"])
        return traits(LayerKind.POOLING, values)

    return describe


def _concatenation(operation: Operation) -> LayerTraits:
    axis, rank = int(operation.arguments["dim"]), len(operation.output_shape)
    is_channels = axis % rank == 1 and rank != 3
    return traits(LayerKind.CONCATENATE, {names.AXIS: "channels" if is_channels else axis}, {names.AXIS: f"dim={axis}"})


def _dropout(operation: Operation) -> LayerTraits:
    rate, shape = float(operation.arguments["p"]), "channel" if operation.name == "feature_dropout" else "value"
    return traits(LayerKind.DROPOUT, {names.RATE: rate, names.NOISE_SHAPE: shape}, {names.RATE: f"p={rate}"})


def _pad(operation: Operation) -> LayerTraits:
    mode = {"constant": "zeros"}.get(str(operation.arguments.get("mode")), str(operation.arguments.get("mode")))
    return constant_padding(tuple(operation.arguments["pad"]), mode)


def _arithmetic(kind: LayerKind) -> Describer:
    """Between two computed tensors it is `kind`; with a number it only rescales."""

    def describe(operation: Operation) -> LayerTraits:
        if len(tuple(operation.tensors())) > 1:
            return traits(kind, {})
        return rescaling(operation.name, operation.arguments.get("other"), operation.arguments.get("alpha", 1))

    return describe


def _batch_normalization(operation: Operation) -> LayerTraits:
    given = operation.arguments
    return traits(
        LayerKind.BATCH_NORMALIZATION,
        {
            names.AXIS: "channels",
            names.EPSILON: float(given["eps"]),
            names.MOMENTUM: round(1 - float(given["momentum"]), 12),
            names.VARIANCE_ESTIMATE: "unbiased",
            names.SCALE: given["weight"] is not None,
            names.CENTER: given["bias"] is not None,
            names.BATCH_STATISTICS: bool(given["training"]),
        },
        {names.EPSILON: f"eps={given['eps']}", names.MOMENTUM: f"momentum={given['momentum']}"},
    )


def _layer_normalization(operation: Operation) -> LayerTraits:
    given = operation.arguments
    shape = tuple(given["normalized_shape"])
    return traits(
        LayerKind.LAYER_NORMALIZATION,
        {
            names.AXIS: "channels" if len(shape) == 1 else shape,
            names.EPSILON: float(given["eps"]),
            names.SCALE: given["weight"] is not None,
            names.CENTER: given["bias"] is not None,
        },
        {names.AXIS: f"normalized_shape={shape!r}", names.EPSILON: f"eps={given['eps']}"},
    )


DESCRIBERS: dict[str, Describer] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "convolution"), _convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _convolution),
    "linear": _dense,
    **dict.fromkeys(("matmul", "mm", "bmm", "addmm", "baddbmm", "einsum"), _plain(LayerKind.MATRIX_PRODUCT)),
    "scaled_dot_product_attention": _plain(LayerKind.ATTENTION),
    "embedding": _plain(LayerKind.EMBEDDING),
    "batch_norm": _batch_normalization,
    "layer_norm": _layer_normalization,
    "relu": _named("relu"),
    "relu6": _relu6,
    "hardtanh": _clipped,
    "clamp": _clipped,
    "leaky_relu": _named("leaky_relu", negative_slope="negative_slope"),
    "elu": _named("elu", alpha="alpha"),
    "selu": _named("selu"),
    "gelu": _gelu,
    "silu": _named("silu"),
    "mish": _named("mish"),
    "sigmoid": _named("sigmoid"),
    "hardsigmoid": _named("hard_sigmoid"),
    "hardswish": _named("hard_silu"),
    "tanh": _named("tanh"),
    "softplus": _named("softplus"),
    "softmax": _softmax("softmax"),
    "log_softmax": _softmax("log_softmax"),
    **{f"max_pool{rank}d": _pooling("max") for rank in (1, 2, 3)},
    **{f"avg_pool{rank}d": _pooling("average") for rank in (1, 2, 3)},
    **{f"adaptive_avg_pool{rank}d": _adaptive_pooling("average") for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": _adaptive_pooling("max") for rank in (1, 2, 3)},
    "mean": mean,
    "amax": maximum,
    "max": maximum,
    "pad": _pad,
    "add": _arithmetic(LayerKind.ADD),
    "sub": _arithmetic(LayerKind.OTHER),
    "mul": _arithmetic(LayerKind.MULTIPLY),
    "div": _arithmetic(LayerKind.OTHER),
    "cat": _concatenation,
    "concat": _concatenation,
    **dict.fromkeys(("dropout", "feature_dropout"), _dropout),
    "flatten": _plain(LayerKind.FLATTEN),
    **dict.fromkeys(
        (
            "view",
            "reshape",
            "unflatten",
            "squeeze",
            "unsqueeze",
            "expand",
            "numpy_T",
            "t",
            "channel_shuffle",
            "pixel_shuffle",
        ),
        _plain(LayerKind.RESHAPE),
    ),
    **dict.fromkeys(("permute", "transpose", "swapaxes"), permutation),
    "_upsample_nearest_exact2d": resize,
    **{f"upsample_{mode}": resize for mode in ("nearest2d", "bilinear2d", "bicubic2d", "nearest1d", "linear1d")},
}
"""How to describe operations, by the operator's name in `torch.ops.aten`."""
