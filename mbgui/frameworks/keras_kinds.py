"""What Keras layers do: kind and attributes by class."""

from collections.abc import Callable
from typing import Any

from keras import layers

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.keras_activations import (
    activation_layer,
    activation_values,
    elu,
    leaky_relu,
    named_activation,
    rectifier,
    softmax,
)
from mbgui.frameworks.keras_arrangements import permute, rescale, reshape, resize
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.keras_convolutions import (
    convolution,
    depthwise_convolution,
    effective_padding,
    separable_convolution,
    transposed_convolution,
)
from mbgui.frameworks.keras_operations import describe_operation
from mbgui.frameworks.keras_training import trains_in_evaluation
from mbgui.frameworks.layer_traits import LayerTraits, global_pooling, traits

Describer = Callable[[Any, GraphCall], LayerTraits]


def describe_call(call: GraphCall) -> LayerTraits:
    """Kind and attributes of a layer, or of an operation that is no layer."""
    for base in type(call.operation).__mro__:
        if base in DESCRIBERS:
            return DESCRIBERS[base](call.operation, call)
    if isinstance(call.operation, layers.Layer):
        return traits(PRIVATE_LAYERS.get(type(call.operation).__name__, LayerKind.OTHER), {})
    return describe_operation(call)


def _dense(layer: Any, call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.DENSE,
        {
            names.IN_CHANNELS: call.inputs[0].shape[-1],
            names.OUT_CHANNELS: layer.units,
            names.USE_BIAS: layer.use_bias,
            **activation_values(layer.activation),
        },
        {names.OUT_CHANNELS: f"units={layer.units}"},
    )


def _einsum_dense(layer: Any, call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.DENSE,
        {
            names.IN_CHANNELS: call.inputs[0].shape[-1],
            names.OUT_CHANNELS: call.outputs[0].shape[-1],
            names.USE_BIAS: layer.bias is not None,
            **activation_values(layer.activation),
        },
        {names.OUT_CHANNELS: f"equation={layer.equation!r}"},
    )


def _embedding(layer: Any, _call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.EMBEDDING,
        {names.IN_CHANNELS: layer.input_dim, names.OUT_CHANNELS: layer.output_dim},
        {names.IN_CHANNELS: f"input_dim={layer.input_dim}", names.OUT_CHANNELS: f"output_dim={layer.output_dim}"},
    )


def _attention(layer: Any, call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.ATTENTION,
        {
            names.HEADS: layer.num_heads,
            names.OUT_CHANNELS: call.outputs[0].shape[-1],
            names.USE_BIAS: bool(layer.use_bias),
            names.RATE: float(layer.dropout),
        },
        {names.HEADS: f"num_heads={layer.num_heads}", names.RATE: f"dropout={layer.dropout}"},
    )


def _recurrent(layer: Any, call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.RECURRENT,
        {names.IN_CHANNELS: call.inputs[0].shape[-1], names.OUT_CHANNELS: getattr(layer, "units", 0)},
    )


def _axis(axis: Any, rank: int) -> Any:
    """The word for the last dimension, the framework's own numbers for any other."""
    axes = tuple(axis) if isinstance(axis, list | tuple) else (axis,)
    if len(axes) == 1:
        return "channels" if axes[0] in (-1, rank - 1) else int(axes[0])
    return tuple(int(item) for item in axes)


def _batch_normalization(layer: Any, call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.BATCH_NORMALIZATION,
        {
            names.AXIS: _axis(layer.axis, len(call.inputs[0].shape)),
            names.EPSILON: float(layer.epsilon),
            names.MOMENTUM: float(layer.momentum),
            names.VARIANCE_ESTIMATE: "biased",
            names.SCALE: layer.scale,
            names.CENTER: layer.center,
            names.BATCH_STATISTICS: call.is_training or trains_in_evaluation(layer, call.inputs[0]),
        },
        {names.AXIS: f"axis={layer.axis!r}", names.VARIANCE_ESTIMATE: "moving_variance takes the biased variance (n)"},
    )


def _layer_normalization(layer: Any, call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.LAYER_NORMALIZATION,
        {
            names.AXIS: _axis(layer.axis, len(call.inputs[0].shape)),
            names.EPSILON: float(layer.epsilon),
            names.SCALE: bool(layer.scale),
            names.CENTER: bool(layer.center),
        },
        {names.AXIS: f"axis={layer.axis!r}"},
    )


def _group_normalization(layer: Any, _call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.GROUP_NORMALIZATION,
        {
            names.GROUPS: layer.groups,
            names.EPSILON: float(layer.epsilon),
            names.SCALE: layer.scale,
            names.CENTER: layer.center,
        },
    )


def _pooling(pooling: str) -> Describer:
    def describe(layer: Any, call: GraphCall) -> LayerTraits:
        kernel = tuple(layer.pool_size)
        padding = effective_padding(layer, call, kernel, (1,) * len(kernel))
        values: dict[str, Any] = {
            names.POOLING: pooling,
            names.KERNEL_SIZE: kernel,
            names.STRIDES: tuple(layer.strides),
            names.PADDING: padding,
            names.CEIL_MODE: False,
        }
        if pooling == "average" and any(padding):
            values[names.COUNT_INCLUDE_PAD] = False
        spelled = {
            names.POOLING: type(layer).__name__,
            names.KERNEL_SIZE: f"pool_size={layer.pool_size!r}",
            names.PADDING: f"padding={layer.padding!r}",
            names.CEIL_MODE: "always rounds down behind the padding",
            names.COUNT_INCLUDE_PAD: "never counts the padding",
        }
        return traits(LayerKind.POOLING, values, spelled)

    return describe


def _global_pooling(pooling: str) -> Describer:
    def describe(layer: Any, _call: GraphCall) -> LayerTraits:
        return global_pooling(pooling, {names.POOLING: f"{type(layer).__name__}(keepdims={layer.keepdims})"})

    return describe


def _zero_padding(layer: Any, _call: GraphCall) -> LayerTraits:
    pairs = layer.padding if isinstance(layer.padding[0], tuple | list) else (layer.padding,)
    return traits(
        LayerKind.PADDING,
        {names.PADDING: tuple(int(side) for pair in pairs for side in pair), names.PADDING_MODE: "zeros"},
        {names.PADDING: f"padding={layer.padding!r}", names.PADDING_MODE: type(layer).__name__},
    )


def _dropout(layer: Any, _call: GraphCall) -> LayerTraits:
    shape = getattr(layer, "noise_shape", None)
    noise = "value" if not shape else "sample" if all(size == 1 for size in shape[1:]) else "channel"
    return traits(
        LayerKind.DROPOUT,
        {names.RATE: float(layer.rate), names.NOISE_SHAPE: noise},
        {names.NOISE_SHAPE: f"noise_shape={shape!r}"},
    )


def _spatial_dropout(layer: Any, _call: GraphCall) -> LayerTraits:
    return traits(
        LayerKind.DROPOUT,
        {names.RATE: float(layer.rate), names.NOISE_SHAPE: "channel"},
        {names.NOISE_SHAPE: type(layer).__name__},
    )


def _concatenation(layer: Any, call: GraphCall) -> LayerTraits:
    rank = len(call.outputs[0].shape)
    axis = _axis(layer.axis, rank) if rank != 3 else int(layer.axis)
    return traits(LayerKind.CONCATENATE, {names.AXIS: axis}, {names.AXIS: f"axis={layer.axis}"})


def _plain(kind: LayerKind) -> Describer:
    def describe(_layer: Any, _call: GraphCall) -> LayerTraits:
        return traits(kind, {})

    return describe


PRIVATE_LAYERS = {"LayerScale": LayerKind.MULTIPLY, "CustomScaleLayer": LayerKind.ADD}
"""Layers that `keras.applications` defines for itself and does not export."""

DESCRIBERS: dict[type, Describer] = {
    layers.InputLayer: _plain(LayerKind.INPUT),
    layers.Conv1D: convolution,
    layers.Conv2D: convolution,
    layers.Conv3D: convolution,
    layers.DepthwiseConv1D: depthwise_convolution,
    layers.DepthwiseConv2D: depthwise_convolution,
    layers.SeparableConv1D: separable_convolution,
    layers.SeparableConv2D: separable_convolution,
    layers.Conv1DTranspose: transposed_convolution,
    layers.Conv2DTranspose: transposed_convolution,
    layers.Conv3DTranspose: transposed_convolution,
    layers.Dense: _dense,
    layers.EinsumDense: _einsum_dense,
    layers.Embedding: _embedding,
    layers.MultiHeadAttention: _attention,
    layers.RNN: _recurrent,
    layers.BatchNormalization: _batch_normalization,
    layers.LayerNormalization: _layer_normalization,
    layers.GroupNormalization: _group_normalization,
    layers.UnitNormalization: _plain(LayerKind.NORMALIZATION),
    layers.Normalization: _plain(LayerKind.RESCALE),
    layers.Rescaling: rescale,
    layers.MaxPooling1D: _pooling("max"),
    layers.MaxPooling2D: _pooling("max"),
    layers.MaxPooling3D: _pooling("max"),
    layers.AveragePooling1D: _pooling("average"),
    layers.AveragePooling2D: _pooling("average"),
    layers.AveragePooling3D: _pooling("average"),
    layers.GlobalAveragePooling1D: _global_pooling("average"),
    layers.GlobalAveragePooling2D: _global_pooling("average"),
    layers.GlobalAveragePooling3D: _global_pooling("average"),
    layers.GlobalMaxPooling1D: _global_pooling("max"),
    layers.GlobalMaxPooling2D: _global_pooling("max"),
    layers.GlobalMaxPooling3D: _global_pooling("max"),
    layers.ZeroPadding1D: _zero_padding,
    layers.ZeroPadding2D: _zero_padding,
    layers.ZeroPadding3D: _zero_padding,
    layers.Dropout: _dropout,
    layers.SpatialDropout1D: _spatial_dropout,
    layers.SpatialDropout2D: _spatial_dropout,
    layers.SpatialDropout3D: _spatial_dropout,
    layers.Activation: activation_layer,
    layers.ReLU: rectifier,
    layers.LeakyReLU: leaky_relu,
    layers.PReLU: named_activation("prelu"),
    layers.ELU: elu,
    layers.Softmax: softmax,
    layers.Add: _plain(LayerKind.ADD),
    layers.Multiply: _plain(LayerKind.MULTIPLY),
    layers.Concatenate: _concatenation,
    layers.Dot: _plain(LayerKind.MATRIX_PRODUCT),
    layers.Flatten: _plain(LayerKind.FLATTEN),
    layers.Reshape: reshape,
    layers.Permute: permute,
    layers.Resizing: resize,
    layers.UpSampling2D: resize,
    layers.Identity: _plain(LayerKind.IDENTITY),
}
"""How to describe layers, by class; the nearest class in the order of inheritance counts."""
