"""Calls that do the work of one together are compared as one, and victims of a difference are no differences."""

from dataclasses import replace

import pytest

from mbgui.domain.difference import Cause
from mbgui.domain.network import AttributeValue, Layer, LayerCall, LayerKind
from tests.analysis.graph_networks import activation, inference_causes, network, node

_CONV, _LAST = LayerKind.CONVOLUTION, node("last", LayerKind.DENSE, "end", in_channels=8, out_channels=2)


def _last(before: str) -> Layer:
    return replace(_LAST, inputs=(before,))


def _silu_written(inner: str = "sigmoid") -> tuple[Layer, ...]:
    return (
        node("conv", _CONV),
        activation("gate", inner, "conv"),
        node("product", LayerKind.MULTIPLY, "conv", "gate"),
        _last("product"),
    )


def test_a_function_written_as_several_operations_is_the_layer_of_that_name() -> None:
    as_layer = network(node("conv", _CONV), activation("silu", "silu", "conv"), _last("silu"))
    assert inference_causes(network(*_silu_written()), as_layer) == []
    fused = network(node("conv", _CONV, activation="silu"), _last("conv"))
    assert inference_causes(network(*_silu_written()), fused) == []


def test_a_function_that_is_fused_on_one_side_only_is_named_at_its_layer() -> None:
    fused = network(node("conv", _CONV, activation="relu"), _last("conv"))
    assert inference_causes(network(node("conv", _CONV), _last("conv")), fused) == [(Cause.ACTIVATION, "conv", "conv")]
    separate = network(node("conv", _CONV), activation("elu", "elu", "conv"), _last("elu"))
    assert inference_causes(separate, fused) == [(Cause.ACTIVATION, "conv", "conv")]


def test_two_convolutions_are_a_separable_one() -> None:
    depthwise = node("depthwise", _CONV, groups=8, use_bias=False)
    pointwise = node("pointwise", _CONV, "depthwise", kernel_size=(1, 1), padding=(0, 0, 0, 0), out_channels=16)
    separable = node("separable", LayerKind.SEPARABLE_CONVOLUTION, kernel_size=(3, 3), strides=(1, 1), out_channels=16,
                     in_channels=8, padding=(1, 1, 1, 1), dilation=(1, 1), use_bias=True)  # fmt: skip
    left = network(depthwise, pointwise, _last("pointwise"))
    assert inference_causes(left, network(separable, _last("separable"))) == []
    wide = _changed(separable, strides=(2, 2))
    assert [cause for cause, _, _ in inference_causes(left, network(wide, _last("separable")))] == [Cause.STRIDE]


def _changed(found: Layer, **values: AttributeValue) -> Layer:
    attributes = tuple(replace(own, value=values.get(own.name, own.value)) for own in found.attributes)
    return replace(found, attributes=attributes)


def test_more_channels_are_reported_where_they_begin_only() -> None:
    def wide(channels: int) -> tuple[Layer, ...]:
        return (
            node("first", _CONV, out_channels=channels, shape=(channels, 4, 4)),
            node("spatial", _CONV, "first", in_channels=channels, out_channels=channels, groups=channels,
                 shape=(channels, 4, 4)),
            node("last", LayerKind.DENSE, "spatial", in_channels=channels, out_channels=2, shape=(2,)),
        )  # fmt: skip

    assert inference_causes(network(*wide(8)), network(*wide(12))) == [(Cause.CHANNELS, "first", "first")]


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"kernel_size": (5, 5), "padding": (2, 2, 2, 2)}, Cause.KERNEL_SIZE),
        ({"dilation": (2, 2), "padding": (2, 2, 2, 2)}, Cause.DILATION),
    ],
)
def test_padding_that_keeps_the_size_follows_the_kernel(changed: dict[str, AttributeValue], cause: Cause) -> None:
    left = network(node("conv", _CONV), _last("conv"))
    assert [
        found
        for found, _, _ in inference_causes(left, network(_changed(node("conv", _CONV), **changed), _last("conv")))
    ] == [cause]


def test_another_kernel_with_padding_that_does_not_follow_it_differs_in_both() -> None:
    left = network(node("conv", _CONV), _last("conv"))
    right = network(node("conv", _CONV, kernel_size=(5, 5), padding=(0, 0, 0, 0)), _last("conv"))
    assert {cause for cause, _, _ in inference_causes(left, right)} == {Cause.KERNEL_SIZE, Cause.PADDING}


def test_another_kind_of_normalisation_is_named() -> None:
    left = network(
        node("conv", _CONV), node("norm", LayerKind.GROUP_NORMALIZATION, "conv", epsilon=1e-5), _last("norm")
    )
    right = network(
        node("conv", _CONV), node("norm", LayerKind.LAYER_NORMALIZATION, "conv", epsilon=1e-5), _last("norm")
    )
    assert inference_causes(left, right) == [(Cause.NORMALIZATION, "norm", "norm")]


def test_a_layer_in_another_number_format_is_named_where_it_begins() -> None:
    left = network(node("conv", _CONV), activation("relu", "relu", "conv"), _last("relu"))
    half = [
        replace(found, outputs=(replace(found.outputs[0], dtype="bfloat16"),))
        if found.path in {"conv", "relu"}
        else found
        for found in left.layers
    ]
    assert (Cause.DTYPE, "conv", "conv") in inference_causes(left, replace(left, layers=tuple(half)))
    assert (Cause.DTYPE, "relu", "relu") not in inference_causes(left, replace(left, layers=tuple(half)))


def test_each_call_of_a_shared_layer_is_compared_and_its_place_listed_once() -> None:
    conv, shared = node("conv", _CONV), replace(activation("act", "relu", "conv"), call_count=2)
    second = node("second", _CONV, "act", kernel_size=(5, 5), padding=(2, 2, 2, 2))
    end = replace(_last("act"), inputs=("act",))
    output = conv.outputs
    calls = (
        LayerCall(layer="conv", inputs=(), outputs=output),
        LayerCall(layer="act", inputs=("conv",), outputs=output),
        LayerCall(layer="second", inputs=("act",), outputs=output),
        LayerCall(layer="act", index=1, inputs=("second",), outputs=output),
        LayerCall(layer="last", inputs=("act@1",), outputs=end.outputs),
    )
    left = network(conv, shared, second, end, calls=calls)
    separate = (conv, activation("one", "tanh", "conv"), replace(second, inputs=("one",)))
    right = network(*separate, activation("two", "tanh", "second"), _last("two"))
    assert inference_causes(left, right) == [(Cause.ACTIVATION, "act", "one")]
    same = network(*separate[:1], activation("one", "relu", "conv"), separate[2], _last("second"))
    assert inference_causes(left, same) == [(Cause.MISSING_LAYER, "act", None)]
