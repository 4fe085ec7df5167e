"""Convolutions of Keras, and the padding that convolutions and pooling share."""

from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.keras_activations import activation_values
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.layer_traits import LayerTraits, same_padding, same_paddings, traits


def spatial_shape(layer: Any, call: GraphCall) -> tuple[int, ...]:
    """Height and width (or whatever is between batch and channels) of the input."""
    shape = call.inputs[0].shape
    return shape[2:] if layer.data_format == "channels_first" else shape[1:-1]


def channel_count(layer: Any, shape: tuple[int, ...]) -> int:
    """Size of the channel dimension of a shape in the layer's layout."""
    return shape[1] if layer.data_format == "channels_first" else shape[-1]


def effective_padding(layer: Any, call: GraphCall, kernel: tuple[int, ...], dilation: tuple[int, ...]) -> Any:
    """Padding (before, after) of each spatial dimension at the size of this call's input."""
    if layer.padding == "valid":
        return (0,) * (2 * len(kernel))
    if layer.padding == "same":
        return same_paddings(spatial_shape(layer, call), kernel, tuple(layer.strides), dilation)
    return (dilation[0] * (kernel[0] - 1), 0)  # causal: everything in front


def convolution(layer: Any, call: GraphCall) -> LayerTraits:
    """`Conv1D` to `Conv3D`."""
    inputs = channel_count(layer, call.inputs[0].shape)
    return _described(layer, call, LayerKind.CONVOLUTION, inputs, layer.filters, layer.groups)


def depthwise_convolution(layer: Any, call: GraphCall) -> LayerTraits:
    """`DepthwiseConv2D`: a convolution with one group for each input channel."""
    inputs = channel_count(layer, call.inputs[0].shape)
    outputs = inputs * layer.depth_multiplier
    return _described(layer, call, LayerKind.CONVOLUTION, inputs, outputs, inputs)


def separable_convolution(layer: Any, call: GraphCall) -> LayerTraits:
    """`SeparableConv2D`: a depthwise and a pointwise convolution in one layer."""
    inputs = channel_count(layer, call.inputs[0].shape)
    return _described(layer, call, LayerKind.SEPARABLE_CONVOLUTION, inputs, layer.filters, inputs)


def transposed_convolution(layer: Any, call: GraphCall) -> LayerTraits:
    """`Conv2DTranspose`."""
    inputs = channel_count(layer, call.inputs[0].shape)
    values: dict[str, Any] = {
        names.IN_CHANNELS: inputs,
        names.OUT_CHANNELS: layer.filters,
        names.KERNEL_SIZE: tuple(layer.kernel_size),
        names.STRIDES: tuple(layer.strides),
        names.PADDING: _removed_sides(layer, call),
        names.DILATION: tuple(layer.dilation_rate),
        names.GROUPS: 1,
        names.USE_BIAS: layer.use_bias,
        **activation_values(layer.activation),
    }
    return traits(LayerKind.TRANSPOSED_CONVOLUTION, values, _spelling(layer))


def _removed_sides(layer: Any, call: GraphCall) -> tuple[int, ...]:
    """What a transposed convolution leaves out of its full result, (before, after) of each spatial dimension.

    TensorFlow defines it as the gradient of a convolution from the output's size to the input's, and so leaves out what
    that convolution would pad; the rest comes off the end (a negative amount adds zeros there).
    """
    outputs = call.outputs[0].shape
    sizes = outputs[2:] if layer.data_format == "channels_first" else outputs[1:-1]
    sides: list[int] = []
    for given, size, kernel, stride, dilation in zip(
        spatial_shape(layer, call), sizes, layer.kernel_size, layer.strides, layer.dilation_rate, strict=True
    ):
        full = (given - 1) * stride + dilation * (kernel - 1) + 1
        before = same_padding(size, kernel, stride, dilation)[0] if layer.padding == "same" else 0
        sides += [before, full - size - before]
    return tuple(sides)


def _described(  # noqa: PLR0913, PLR0917 - a convolution has this many properties
    layer: Any, call: GraphCall, kind: LayerKind, inputs: int, outputs: int, groups: int
) -> LayerTraits:
    kernel, dilation = tuple(layer.kernel_size), tuple(layer.dilation_rate)
    values: dict[str, Any] = {
        names.IN_CHANNELS: inputs,
        names.OUT_CHANNELS: outputs,
        names.KERNEL_SIZE: kernel,
        names.STRIDES: tuple(layer.strides),
        names.PADDING: effective_padding(layer, call, kernel, dilation),
        names.PADDING_MODE: "zeros",
        names.DILATION: dilation,
        names.GROUPS: groups,
        names.USE_BIAS: layer.use_bias,
        **activation_values(layer.activation),
    }
    return traits(kind, values, _spelling(layer))


def _spelling(layer: Any) -> dict[str, str]:
    spelled = {
        names.PADDING: f"padding={layer.padding!r}",
        names.PADDING_MODE: "zeros, the only mode",
        names.DILATION: f"dilation_rate={layer.dilation_rate!r}",
    }
    if hasattr(layer, "depth_multiplier"):
        spelled[names.GROUPS] = f"{type(layer).__name__}(depth_multiplier={layer.depth_multiplier})"
    if getattr(layer, "filters", None):
        spelled[names.OUT_CHANNELS] = f"filters={layer.filters}"
    return spelled
