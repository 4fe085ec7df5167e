"""Layers that read other layers than their partners do are found, and what stands between is looked through."""

from dataclasses import replace

from mbgui.domain.difference import Cause
from mbgui.domain.network import Layer, LayerKind
from tests.analysis.graph_networks import activation, inference_causes, network, node

_CONV, _ADD, _CAT = LayerKind.CONVOLUTION, LayerKind.ADD, LayerKind.CONCATENATE


def _trunk(*end: Layer) -> tuple[Layer, ...]:
    """Three convolutions of different kernels in a chain, a function behind each, and what stands behind them."""
    return (
        node("a", _CONV, kernel_size=(1, 1), padding=(0, 0, 0, 0)),
        activation("fa", "relu", "a"),
        node("b", _CONV, "fa", kernel_size=(3, 3)),
        activation("fb", "tanh", "b"),
        node("c", _CONV, "fb", kernel_size=(5, 5), padding=(2, 2, 2, 2)),
        activation("fc", "sigmoid", "c"),
        *end,
    )


def _ended(kind: LayerKind, *inputs: str) -> tuple[Layer, ...]:
    return _trunk(node("join", kind, *inputs), node("last", _CONV, "join", kernel_size=(7, 7), padding=(3, 3, 3, 3)))


def test_a_residual_from_elsewhere_is_a_connection() -> None:
    found = inference_causes(network(*_ended(_ADD, "fb", "fc")), network(*_ended(_ADD, "fa", "fc")))
    assert found == [(Cause.CONNECTION, "join", "join")]


def test_the_order_matters_in_a_concatenation_and_not_in_a_sum() -> None:
    assert inference_causes(network(*_ended(_ADD, "fb", "fc")), network(*_ended(_ADD, "fc", "fb"))) == []
    found = inference_causes(network(*_ended(_CAT, "fb", "fc")), network(*_ended(_CAT, "fc", "fb")))
    assert found == [(Cause.CONNECTION, "join", "join")]


def test_what_reads_a_sum_that_one_side_lacks_is_not_reported_besides() -> None:
    dropped = _trunk(node("last", _CONV, "fc", kernel_size=(7, 7), padding=(3, 3, 3, 3)))
    assert inference_causes(network(*_ended(_ADD, "fb", "fc")), network(*dropped)) == [
        (Cause.MISSING_LAYER, "join", None)
    ]


def test_dropouts_and_reshapes_between_two_layers_are_looked_through() -> None:
    right = _trunk(
        node("drop", LayerKind.DROPOUT, "fc", rate=0.1),
        node("join", _ADD, "fb", "drop"),
        node("flat", LayerKind.FLATTEN, "join"),
        node("last", _CONV, "flat", kernel_size=(7, 7), padding=(3, 3, 3, 3)),
    )
    assert inference_causes(network(*_ended(_ADD, "fb", "fc")), network(*right)) == []


def test_a_network_without_a_layer_for_its_input_reads_the_same() -> None:
    image = node("image", LayerKind.INPUT)
    first = node("a", _CONV, "image", kernel_size=(1, 1), padding=(0, 0, 0, 0))
    left = node("a", _CONV, kernel_size=(1, 1), padding=(0, 0, 0, 0))
    assert inference_causes(network(left), network(image, first)) == []


def test_joining_three_at_once_is_the_same_as_one_after_the_other() -> None:
    at_once = _ended(_CAT, "fa", "fb", "fc")
    nested = _trunk(
        node("inner", _CAT, "fa", "fb"),
        node("join", _CAT, "inner", "fc"),
        node("last", _CONV, "join", kernel_size=(7, 7), padding=(3, 3, 3, 3)),
    )
    assert inference_causes(network(*at_once), network(*nested)) == []
    other_order = (*nested[:-3], node("inner", _CAT, "fb", "fa"), *nested[-2:])
    assert inference_causes(network(*at_once), network(*other_order)) != []


def test_a_sum_behind_a_dropped_sum_is_not_reported_besides() -> None:
    second = node("second", _CONV, "join", kernel_size=(9, 9), padding=(4, 4, 4, 4))
    left = _trunk(node("join", _ADD, "fb", "fc"), second, node("sum", _ADD, "join", "second"))
    dropped = _trunk(replace(second, inputs=("fc",)), node("sum", _ADD, "fc", "second"))
    assert inference_causes(network(*left), network(*dropped)) == [(Cause.MISSING_LAYER, "join", None)]


def test_two_layers_that_changed_places_are_named_and_not_what_reads_them() -> None:
    norm, end = LayerKind.BATCH_NORMALIZATION, node("last", _CONV, kernel_size=(7, 7), padding=(3, 3, 3, 3))
    left = _trunk(node("norm", norm, "fc"), activation("elu", "elu", "norm"), replace(end, inputs=("elu",)))
    right = _trunk(activation("elu", "elu", "fc"), node("norm", norm, "elu"), replace(end, inputs=("norm",)))
    found = inference_causes(network(*left), network(*right))
    assert found
    assert "last" not in {path for _, mine, other in found for path in (mine, other)}
