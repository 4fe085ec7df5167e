"""Calls that together do the work of one on the other side stand in one pair, whichever side writes them apart."""

from dataclasses import replace

import pytest

from mbgui.analysis.align import align
from mbgui.domain.alignment import LayerPair
from mbgui.domain.network import AttributeValue, LayerKind, Network
from tests.support.layer_graphs import GraphBuilder


def _pairs(left: Network, right: Network) -> list[LayerPair]:
    pairs = list(align(left, right).pairs)
    _every_call_once(left, right, pairs)
    return pairs


def _every_call_once(left: Network, right: Network, pairs: list[LayerPair]) -> None:
    mine = [name for pair in pairs for name in pair.left_members or ((pair.left,) if pair.left else ())]
    other = [name for pair in pairs for name in pair.right_members or ((pair.right,) if pair.right else ())]
    assert sorted(mine) == sorted(call.name for call in left.calls)
    assert sorted(other) == sorted(call.name for call in right.calls)


def _whole(pairs: list[LayerPair]) -> list[tuple[str | None, str | None]]:
    return [(pair.left, pair.right) for pair in pairs]


def _dense(builder: GraphBuilder, inputs: tuple[str, ...], given: int, made: int, **more: AttributeValue) -> str:
    shapes = ((given, made), (made,))
    return builder.add(LayerKind.DENSE, inputs, made, shapes, in_channels=given, out_channels=made, **more)


def _separate(function: str) -> Network:
    builder = GraphBuilder()
    hidden = builder.activation(_dense(builder, (), 12, 8), function)
    _dense(builder, (hidden,), 8, 4)
    return builder.network()


def _fused(function: str) -> Network:
    builder = GraphBuilder()
    _dense(builder, (_dense(builder, (), 12, 8, activation=function),), 8, 4)
    return builder.network()


@pytest.mark.parametrize("function", ["relu", "softmax", "gelu"])
def test_an_activation_of_its_own_belongs_to_the_layer_that_has_it_fused_on_the_other_side(function: str) -> None:
    pairs = _pairs(_separate("relu"), _fused(function))
    assert _whole(pairs) == [("layer0", "layer0"), ("layer2", "layer1")]
    assert (pairs[0].left_members, pairs[0].right_members) == (("layer0", "layer1"), ())
    mirrored = _pairs(_fused(function), _separate("relu"))
    assert _whole(mirrored) == [("layer0", "layer0"), ("layer1", "layer2")]
    assert (mirrored[0].left_members, mirrored[0].right_members) == ((), ("layer0", "layer1"))


def test_a_layer_between_keeps_an_activation_from_belonging_to_a_fused_one() -> None:
    builder = GraphBuilder()
    builder.activation(builder.normalization(_dense(builder, (), 12, 8)), "relu")
    pairs = _pairs(builder.network(), _fused("relu"))
    assert all(not pair.left_members for pair in pairs)


def test_a_separable_convolution_is_a_depthwise_and_a_pointwise_one() -> None:
    builder = GraphBuilder()
    depthwise = builder.convolution(builder.convolution(None, 3, 8), 8, 8, groups=8)
    builder.activation(builder.convolution(depthwise, 8, 16, 1), "relu")
    other = GraphBuilder()
    stem = other.convolution(None, 3, 8)
    shapes = ((3, 3, 8, 1), (1, 1, 8, 16))
    kind = LayerKind.SEPARABLE_CONVOLUTION
    separable = other.add(kind, (stem,), 16, shapes, in_channels=8, out_channels=16, kernel_size=(3, 3))
    other.activation(separable, "relu")
    pairs = _pairs(builder.network(), other.network())
    assert _whole(pairs) == [("layer0", "layer0"), ("layer1", "layer1"), ("layer3", "layer2")]
    assert pairs[1].left_members == ("layer1", "layer2")
    assert "parameter shapes" in pairs[1].evidence


def _padded(kind: LayerKind, *, is_apart: bool) -> Network:
    builder = GraphBuilder()
    at = builder.activation(builder.convolution(None, 3, 8), "relu")
    sides = (1, 1, 1, 1)
    if is_apart:
        at = builder.add(LayerKind.PADDING, (at,), 8, padding=sides)
    own = (0, 0, 0, 0) if is_apart else sides
    if kind is LayerKind.POOLING:
        builder.add(kind, (at,), 8, kernel_size=(3, 3), pooling="max", padding=own)
    else:
        shapes = ((8, 8, 3, 3),)
        builder.add(kind, (at,), 8, shapes, in_channels=8, out_channels=8, kernel_size=(3, 3), groups=1, padding=own)
    return builder.network()


@pytest.mark.parametrize("kind", [LayerKind.CONVOLUTION, LayerKind.POOLING])
def test_a_padding_layer_belongs_to_what_it_pads(kind: LayerKind) -> None:
    pairs = _pairs(_padded(kind, is_apart=False), _padded(kind, is_apart=True))
    assert _whole(pairs)[-1] == ("layer2", "layer3")
    assert pairs[-1].right_members == ("layer2", "layer3")


def _gated(*names: str) -> Network:
    """A convolution behind x · f(x), where f are these functions one behind the other."""
    builder = GraphBuilder()
    source = at = builder.convolution(None, 3, 8)
    for name in names:
        at = _hard_sigmoid(builder, at) if name == "written" else builder.activation(at, name)
    builder.convolution(builder.add(LayerKind.MULTIPLY, (source, at), 8), 8, 4)
    return builder.network()


def _activated(function: str) -> Network:
    """The same with a layer for the whole function."""
    builder = GraphBuilder()
    builder.convolution(builder.activation(builder.convolution(None, 3, 8), function), 8, 4)
    return builder.network()


def _hard_sigmoid(builder: GraphBuilder, at: str) -> str:
    added = builder.add(LayerKind.RESCALE, (at,), builder.channels[at])
    clipped = builder.add(LayerKind.ACTIVATION, (added,), builder.channels[at], activation="relu", max_value=6.0)
    return builder.add(LayerKind.RESCALE, (clipped,), builder.channels[at])


@pytest.mark.parametrize(
    ("written", "function", "count"),
    [
        (("sigmoid",), "silu", 2),
        (("hard_sigmoid",), "hard_silu", 2),
        (("softplus", "tanh"), "mish", 3),
        (("written",), "hard_silu", 4),
    ],
)
def test_a_function_written_as_operations_belongs_together_against_the_layer(
    written: tuple[str, ...], function: str, count: int
) -> None:
    pairs = _pairs(_gated(*written), _activated(function))
    assert [pair.right for pair in pairs] == ["layer0", "layer1", "layer2"]
    assert len(pairs[1].left_members) == count
    assert pairs[1].evidence == ("kind", "output shape", "parameter shapes", "attributes", "neighbours")


def test_operations_of_both_sides_stay_single_pairs() -> None:
    network = _gated("written")
    assert all(not pair.left_members and pair.left == pair.right for pair in _pairs(network, network))


def test_squeeze_and_excite_by_dense_layers_is_paired_with_that_by_convolutions() -> None:
    networks = []
    for is_dense in (True, False):
        builder = GraphBuilder()
        source = builder.convolution(None, 3, 8)
        at = builder.add(LayerKind.GLOBAL_POOLING, (source,), 8, pooling="average")
        for given, made, function in ((8, 2, "relu"), (2, 8, "sigmoid")):
            at = _dense(builder, (at,), given, made) if is_dense else builder.convolution(at, given, made, 1)
            at = builder.activation(at, function)
        at = builder.add(LayerKind.RESHAPE, (at,), 8) if is_dense else at
        builder.add(LayerKind.MULTIPLY, (source, at), 8)
        networks.append(builder.network())
    alone = [pair for pair in _pairs(*networks) if pair.right is None or pair.left is None]
    assert [pair.left for pair in alone] == ["layer6"]


def test_a_dense_layer_is_no_partner_of_a_convolution_that_spans_pixels() -> None:
    left, right = GraphBuilder(), GraphBuilder()
    _dense(left, (), 8, 4)
    right.convolution(None, 8, 4, 3)
    assert all(pair.left is None or pair.right is None for pair in _pairs(left.network(), right.network()))


def test_each_call_of_a_shared_layer_has_a_partner_of_its_own() -> None:
    builder = GraphBuilder()
    first = builder.activation(builder.convolution(None, 3, 8), "relu")
    builder.activation(builder.convolution(first, 8, 8), "relu")
    apart = builder.network()
    shared = _with_one_activation(apart)
    pairs = list(align(shared, apart).pairs)
    assert [(pair.left, pair.left_call, pair.right) for pair in pairs] == [
        ("layer0", 0, "layer0"),
        ("layer1", 0, "layer1"),
        ("layer2", 0, "layer2"),
        ("layer1", 1, "layer3"),
    ]


def _with_one_activation(network: Network) -> Network:
    calls = tuple(replace(call, layer="layer1", index=1) if call.layer == "layer3" else call for call in network.calls)
    layers = tuple(
        replace(found, call_count=2) if found.path == "layer1" else found
        for found in network.layers
        if found.path != "layer3"
    )
    return replace(network, layers=layers, calls=calls, output_calls=("layer1@1",))


def test_a_concatenation_of_all_that_came_before_is_paired_with_a_nested_one() -> None:
    def network(*, is_nested: bool) -> Network:
        builder = GraphBuilder()
        features = [builder.convolution(None, 3, 8)]
        at = features[0]
        for width in (4, 5, 6):
            features.append(builder.convolution(at, builder.channels[at], width))
            inputs = (at, features[-1]) if is_nested else tuple(features)
            at = builder.add(LayerKind.CONCATENATE, inputs, builder.channels[at] + width, axis="channels")
        return builder.network()

    pairs = _pairs(network(is_nested=False), network(is_nested=True))
    assert all(pair.left == pair.right and pair.confidence == 1 for pair in pairs)


def test_what_never_runs_is_no_partner_of_what_does() -> None:
    builder = GraphBuilder()
    builder.convolution(builder.convolution(None, 3, 8), 8, 8)
    whole = builder.network()
    idle = replace(whole, calls=whole.calls[:1], output_calls=("layer0",))
    idle = replace(idle, layers=(idle.layers[0], replace(idle.layers[1], call_count=0)))
    pairs = list(align(idle, whole).pairs)
    assert sorted(map(str, _whole(pairs))) == sorted(
        map(str, [("layer0", "layer0"), ("layer1", None), (None, "layer1")])
    )
