"""Networks of a few calls, for tests of differences that lie in the graph."""

from dataclasses import replace

from mbgui.analysis.structure import compare_structure
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.network import AttributeValue, Layer, LayerCall, LayerKind, Network
from tests.support.records import layer, tiny_keras_network, tiny_torch_network

Found = list[tuple[Cause, str | None, str | None]]
CONVOLUTION: dict[str, AttributeValue] = {
    "in_channels": 8,
    "out_channels": 8,
    "kernel_size": (3, 3),
    "strides": (1, 1),
    "padding": (1, 1, 1, 1),
    "dilation": (1, 1),
    "groups": 1,
    "use_bias": True,
}


def node(
    path: str,
    kind: LayerKind,
    *inputs: str,
    shape: tuple[int, ...] = (8, 4, 4),
    type_name: str = "",
    **attributes: AttributeValue,
) -> Layer:
    """A layer that reads others; a convolution has the settings of `CONVOLUTION` where no others are given."""
    own = CONVOLUTION | attributes if kind is LayerKind.CONVOLUTION else attributes
    return layer(path, type_name or kind.value, kind, shape, inputs=inputs, attributes=own)


def activation(path: str, function: str, *inputs: str, **bounds: AttributeValue) -> Layer:
    """An activation layer."""
    attributes: dict[str, AttributeValue] = {"activation": function, **bounds}
    return layer(path, "activation", LayerKind.ACTIVATION, (8, 4, 4), inputs=inputs, attributes=attributes)


def network(*layers: Layer, in_keras: bool = False, calls: tuple[LayerCall, ...] = ()) -> Network:
    """A network of these layers without any weights, channels first on both sides."""
    base = tiny_keras_network() if in_keras else tiny_torch_network()
    return replace(
        base, data_layout="NCHW", layers=layers, tensors=(), framework_parameter_count=0, calls=calls, output_calls=()
    )


def inference_causes(left: Network, right: Network) -> Found:
    """What touches inference, at its first place."""
    return [
        (found.cause, found.places[0].left, found.places[0].right)
        for found in compare_structure(left, right).differences
        if found.effect is Effect.INFERENCE
    ]
