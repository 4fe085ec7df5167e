"""What a layer means that only one side has, by its kind and its place."""

from dataclasses import replace

import pytest

from mbgui.analysis.structure import compare_structure
from mbgui.domain.difference import Cause
from mbgui.domain.network import AttributeValue, Layer, LayerKind, Network
from tests.analysis.graph_networks import activation, inference_causes, network, node

_CONV = LayerKind.CONVOLUTION


def _chain(*layers: Layer) -> Network:
    return network(
        *(replace(found, inputs=(layers[index - 1].path,) if index else ()) for index, found in enumerate(layers))
    )


_FIRST, _SECOND = node("first", _CONV), node("second", _CONV, kernel_size=(5, 5))
_SCALE = node("scale", LayerKind.RESCALE, type_name="Rescaling", factor=0.5, offset=-1.0)


def test_rescaling_the_input_is_preprocessing_and_says_by_how_much() -> None:
    (found,) = compare_structure(_chain(_FIRST, _SECOND), _chain(_SCALE, _FIRST, _SECOND)).differences
    assert (found.cause, found.right_value) == (Cause.PREPROCESSING, "Rescaling (factor 0.5, offset -1)")


def test_rescaling_within_the_network_is_a_layer_of_its_own() -> None:
    found = inference_causes(_chain(_FIRST, _SECOND), _chain(_FIRST, _SCALE, _SECOND))
    assert found == [(Cause.EXTRA_LAYER, None, "scale")]


def test_rescaling_by_one_does_nothing() -> None:
    idle = node("scale", LayerKind.RESCALE, factor=1.0, offset=0.0)
    assert inference_causes(_chain(_FIRST, _SECOND), _chain(idle, _FIRST, _SECOND)) == []


@pytest.mark.parametrize(
    ("function", "bounds", "causes"),
    [
        ("relu", {}, []),
        ("relu", {"max_value": 6.0}, [Cause.EXTRA_LAYER]),
        ("tanh", {}, [Cause.EXTRA_LAYER]),
    ],
)
def test_a_clip_behind_a_relu_matters_only_where_it_cuts(
    function: str, bounds: dict[str, AttributeValue], causes: list[Cause]
) -> None:
    relu, again = activation("relu", "relu"), activation("again", function, **bounds)
    found = inference_causes(_chain(_FIRST, relu, _SECOND), _chain(_FIRST, relu, again, _SECOND))
    assert [cause for cause, _, _ in found] == causes


def test_a_leaky_relu_twice_is_another_function() -> None:
    leaky = activation("leaky", "leaky_relu", negative_slope=0.1)
    twice = _chain(_FIRST, leaky, replace(leaky, path="again"), _SECOND)
    found = inference_causes(_chain(_FIRST, leaky, _SECOND), twice)
    assert [cause for cause, _, _ in found] == [Cause.EXTRA_LAYER]


def test_a_second_softmax_at_the_end_is_found() -> None:
    softmax = activation("softmax", "softmax")
    twice = _chain(_FIRST, softmax, replace(softmax, path="again"))
    found = inference_causes(_chain(_FIRST, softmax), twice)
    assert [cause for cause, _, _ in found] == [Cause.EXTRA_LAYER]
    fused = _chain(node("first", _CONV, activation="softmax"))
    assert inference_causes(_chain(_FIRST, softmax), fused) == []


def _permuted(*axes: int) -> Layer:
    return node("permute", LayerKind.RESHAPE, permutation=axes)


def test_a_permutation_matters_where_it_swaps_height_and_width_and_not_where_it_only_changes_the_layout() -> None:
    plain = _chain(_FIRST, _SECOND)
    assert inference_causes(plain, _chain(_FIRST, _permuted(0, 1, 3, 2), _SECOND)) == [
        (Cause.EXTRA_LAYER, None, "permute")
    ]
    there, back = _permuted(0, 2, 3, 1), replace(_permuted(0, 3, 1, 2), path="back")
    assert inference_causes(plain, _chain(_FIRST, there, back, _SECOND)) == []
    turned = replace(_permuted(0, 3, 2, 1), path="back")
    assert inference_causes(plain, _chain(_FIRST, there, turned, _SECOND)) == [(Cause.EXTRA_LAYER, None, "back")]
