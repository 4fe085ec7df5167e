"""Multiply-accumulates of Keras layers, by the formulas of `mac_count`."""

from collections.abc import Callable
from math import prod
from typing import Any

from keras import layers

from mbgui.frameworks import mac_count
from mbgui.frameworks.keras_calls import GraphCall, operand_shapes

Counter = Callable[[GraphCall], int]


def call_macs(call: GraphCall) -> int:
    """Multiply-accumulates of one call; 0 where the convention counts nothing."""
    if not call.inputs or not call.outputs:
        return 0
    for base in type(call.operation).__mro__:
        if base in LAYER_COUNTERS:
            return LAYER_COUNTERS[base](call)
    if isinstance(call.operation, layers.Layer):
        return 0
    counter = OPERATION_COUNTERS.get(type(call.operation).__name__)
    return counter(call) if counter is not None else 0


def _convolution(call: GraphCall) -> int:
    layer: Any = call.operation
    channels = _channels(call) // layer.groups
    return mac_count.convolution(layer.kernel_size, channels, call.outputs[0].shape)


def _channels(call: GraphCall) -> int:
    shape = call.inputs[0].shape
    return shape[1] if call.operation.data_format == "channels_first" else shape[-1]


def _depthwise(call: GraphCall) -> int:
    return mac_count.convolution(call.operation.kernel_size, 1, call.outputs[0].shape)


def _separable(call: GraphCall) -> int:
    """A depthwise convolution, then a pointwise one."""
    layer: Any = call.operation
    middle = _channels(call) * layer.depth_multiplier
    output = call.outputs[0].shape
    positions = prod(output) // layer.filters
    return mac_count.convolution(layer.kernel_size, 1, (positions, middle)) + mac_count.dense(middle, output)


def _transposed(call: GraphCall) -> int:
    return mac_count.transposed_convolution(call.operation.kernel_size, call.operation.filters, call.inputs[0].shape)


def _dense(call: GraphCall) -> int:
    return mac_count.dense(call.inputs[0].shape[-1], call.outputs[0].shape)


def _einsum_dense(call: GraphCall) -> int:
    return mac_count.einsum(call.operation.equation, (call.inputs[0].shape, tuple(call.operation.kernel.shape)))


def _attention(call: GraphCall) -> int:
    layer: Any = call.operation
    query, value = call.inputs[0].shape, call.inputs[1].shape
    key = call.inputs[2].shape if len(call.inputs) > 2 else value
    value_width = layer.value_dim or layer.key_dim
    return mac_count.projected_attention(
        query,
        key,
        value,
        key_width=layer.num_heads * layer.key_dim,
        value_width=layer.num_heads * value_width,
        output_shape=call.outputs[0].shape,
    )


def _product(call: GraphCall) -> int:
    return mac_count.matrix_product(operand_shapes(call)[0], call.outputs[0].shape)


def _einsum(call: GraphCall) -> int:
    return mac_count.einsum(call.operation.subscripts, operand_shapes(call))


LAYER_COUNTERS: dict[type, Counter] = {
    layers.Conv1D: _convolution,
    layers.Conv2D: _convolution,
    layers.Conv3D: _convolution,
    layers.DepthwiseConv1D: _depthwise,
    layers.DepthwiseConv2D: _depthwise,
    layers.SeparableConv1D: _separable,
    layers.SeparableConv2D: _separable,
    layers.Conv1DTranspose: _transposed,
    layers.Conv2DTranspose: _transposed,
    layers.Conv3DTranspose: _transposed,
    layers.Dense: _dense,
    layers.EinsumDense: _einsum_dense,
    layers.MultiHeadAttention: _attention,
}

OPERATION_COUNTERS: dict[str, Counter] = {"Matmul": _product, "Dot": _product, "Einsum": _einsum}
