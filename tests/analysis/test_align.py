"""Layers are paired in execution order, each exactly once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.align import align
from mbgui.domain.network import LayerKind, Network
from tests.support.records import large_network, layer, tiny_keras_network, tiny_torch_network

_KINDS = st.sampled_from([LayerKind.CONVOLUTION, LayerKind.ACTIVATION, LayerKind.ADD])


def _network(kinds: list[tuple[LayerKind, int]]) -> Network:
    layers = tuple(layer(f"l{i}", str(kind), kind, (width, 4, 4)) for i, (kind, width) in enumerate(kinds))
    return replace(tiny_torch_network(), layers=layers, tensors=())


_NETWORKS = st.lists(st.tuples(_KINDS, st.integers(1, 3)), max_size=70).map(_network)


@given(_NETWORKS, _NETWORKS)
def test_every_layer_stands_once_and_those_of_the_left_in_order(left: Network, right: Network) -> None:
    pairs = align(left, right).pairs
    assert [pair.left for pair in pairs if pair.left] == [found.path for found in left.layers]
    assert sorted(pair.right for pair in pairs if pair.right) == sorted(found.path for found in right.layers)


@given(_NETWORKS)
def test_a_network_is_paired_with_itself_layer_by_layer(network: Network) -> None:
    assert all(pair.left == pair.right and pair.confidence == 1 for pair in align(network, network).pairs)


@given(_NETWORKS, _NETWORKS)
def test_partners_are_of_one_kind(left: Network, right: Network) -> None:
    kinds = {found.path: found.kind for found in left.layers}
    others = {found.path: found.kind for found in right.layers}
    for pair in align(left, right).pairs:
        if pair.left and pair.right:
            assert kinds[pair.left] is others[pair.right]


def test_input_and_dropout_stand_alone_and_padding_belongs_to_what_it_pads() -> None:
    pairs = align(tiny_torch_network(), tiny_keras_network()).pairs
    partners = {pair.left: pair.right for pair in pairs if pair.left}
    assert partners["features.1.0"] == "block_1_depthwise"
    assert partners["classifier.1"] == "predictions"
    assert partners["classifier.0"] is None
    assert [pair.right for pair in pairs if pair.left is None] == ["input_layer"]
    padded = next(pair for pair in pairs if pair.right == "block_1_depthwise")
    assert (padded.left_members, padded.right_members) == ((), ("block_1_pad", "block_1_depthwise"))


def test_a_layer_of_another_width_is_still_paired_and_says_what_agrees() -> None:
    left, right = large_network(30), large_network(30)
    changed = replace(right.layers[6], outputs=(replace(right.layers[6].outputs[0], shape=(1, 99, 16, 16)),))
    right = replace(right, layers=(*right.layers[:6], changed, *right.layers[7:]))
    pair = next(pair for pair in align(left, right).pairs if pair.left == changed.path)
    assert pair.right == changed.path
    assert pair.evidence == ("kind", "parameter shapes", "attributes", "neighbours")
    assert pair.confidence < 1
