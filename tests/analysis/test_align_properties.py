"""Pairs follow structure: neither names nor orders change them, and one missing layer costs only its own pair."""

import random
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mbgui.analysis.align import align
from mbgui.domain.network import Layer, LayerKind, Network
from tests.support.layer_graphs import (
    GraphBuilder,
    edited,
    network_of,
    rebuilt,
    renamed,
    residual_network,
    without,
    without_stretch,
)

_SEEDS = st.integers(0, 2**32 - 1)


def _branching_network(seed: int) -> Network:
    """Blocks of two to four branches of unlike length and width, some with a residual, some gated; no two alike."""
    choice = random.Random(seed)  # noqa: S311  a network, no secret
    widths = iter(range(8, 4_000))
    builder = GraphBuilder()
    at = builder.convolution(None, 3, next(widths))
    for _ in range(choice.randint(2, 6)):
        at = choice.choice((_branches, _residual, _gate, _chain))(builder, at, widths, choice)
    head = builder.add(LayerKind.GLOBAL_POOLING, (at,), builder.channels[at], pooling="average")
    builder.add(
        LayerKind.DENSE,
        (builder.add(LayerKind.FLATTEN, (head,), builder.channels[head]),),
        10,
        ((10, builder.channels[head]), (10,)),
        in_channels=builder.channels[head],
        out_channels=10,
    )
    return builder.network()


def _chain(builder: GraphBuilder, at: str, widths: Iterator[int], choice: random.Random) -> str:
    for _ in range(choice.randint(1, 3)):
        at = builder.convolution(at, builder.channels[at], next(widths), choice.choice((1, 3, 5)))
        at = builder.normalization(at) if choice.random() < 0.7 else at
        at = builder.activation(at, choice.choice(("relu", "silu"))) if choice.random() < 0.7 else at
    return at


def _branches(builder: GraphBuilder, at: str, widths: Iterator[int], choice: random.Random) -> str:
    ends = [_chain(builder, at, widths, choice) for _ in range(choice.randint(2, 4))]
    return builder.add(LayerKind.CONCATENATE, tuple(ends), sum(builder.channels[end] for end in ends), axis="channels")


def _residual(builder: GraphBuilder, at: str, widths: Iterator[int], choice: random.Random) -> str:
    end = _chain(builder, at, widths, choice)
    end = builder.convolution(end, builder.channels[end], builder.channels[at], 1)
    return builder.add(LayerKind.ADD, (end, at), builder.channels[at])


def _gate(builder: GraphBuilder, at: str, widths: Iterator[int], choice: random.Random) -> str:
    squeezed = builder.add(LayerKind.GLOBAL_POOLING, (at,), builder.channels[at], pooling="average")
    narrow = builder.activation(builder.convolution(squeezed, builder.channels[at], next(widths), 1), "relu")
    wide = builder.convolution(narrow, builder.channels[narrow], builder.channels[at], 1)
    return builder.add(LayerKind.MULTIPLY, (at, builder.activation(wide, "sigmoid")), builder.channels[at])


def _partners(left: Network, right: Network) -> dict[str, str | None]:
    return {pair.left: pair.right for pair in align(left, right).pairs if pair.left is not None}


@given(_SEEDS, _SEEDS)
@settings(max_examples=60, deadline=None)
def test_names_order_of_execution_and_order_of_branches_change_no_pair(seed: int, other_seed: int) -> None:
    left = _branching_network(seed)
    assert _partners(left, rebuilt(left, other_seed)) == {found.path: renamed(found.path) for found in left.layers}


@given(_SEEDS, _SEEDS, st.data())
@settings(max_examples=100, deadline=None)
def test_a_layer_missing_on_one_side_costs_no_other_pair(seed: int, other_seed: int, data: st.DataObject) -> None:
    left = _branching_network(seed)
    gone = data.draw(st.sampled_from([found for found in left.layers if len(found.inputs) == 1]))
    right = rebuilt(without(left, gone.path), other_seed)
    expected = {found.path: renamed(found.path) for found in left.layers if found is not gone}
    found = _partners(left, right)
    assert {path: partner for path, partner in found.items() if path != gone.path} == expected
    assert found[gone.path] is None


@given(_SEEDS, _SEEDS)
@settings(max_examples=30, deadline=None)
def test_every_call_stands_once_however_unlike_the_networks(seed: int, other_seed: int) -> None:
    left = edited(residual_network(80, seed), every=7, seed=other_seed)
    right = edited(_branching_network(other_seed), every=5, seed=seed)
    pairs = align(left, right).pairs
    for network, mine in (
        (left, [pair.left_members or (pair.left,) for pair in pairs if pair.left is not None]),
        (right, [pair.right_members or (pair.right,) for pair in pairs if pair.right is not None]),
    ):
        names = [name for names in mine for name in names]
        assert sorted(map(str, names)) == sorted(found.name for found in network.calls)


def test_equal_branches_are_paired_one_to_one_and_not_across() -> None:
    builder = GraphBuilder()
    stem = builder.convolution(None, 3, 8)
    ends = [builder.activation(builder.normalization(builder.convolution(stem, 8, 8)), "relu") for _ in range(3)]
    builder.add(LayerKind.CONCATENATE, tuple(ends), 24, axis="channels")
    left = builder.network()
    partners = _partners(left, rebuilt(left, 5))
    back = {renamed(found.path): found for found in left.layers}
    for found in left.layers:
        partner = back[partners[found.path] or ""]
        assert {partners[read] for read in found.inputs} == {renamed(read) for read in partner.inputs}


def test_a_shape_that_changes_everything_behind_it_changes_no_pair() -> None:
    left = _branching_network(11)
    halved = tuple(_with_a_small_map(found) if index > 2 else found for index, found in enumerate(left.layers))
    right = rebuilt(network_of(halved, left.tensors, left.output_calls), 3)
    assert _partners(left, right) == {found.path: renamed(found.path) for found in left.layers}


def _with_a_small_map(found: Layer) -> Layer:
    shape = found.outputs[0].shape
    return replace(found, outputs=(replace(found.outputs[0], shape=(*shape[:2], 2, 2)),))


def test_a_long_stretch_missing_on_one_side_costs_no_other_pair() -> None:
    left = residual_network(1_200, seed=1)
    gone = frozenset(found.path for found in left.layers[300:600])
    right = rebuilt(without_stretch(left, gone), 3)
    expected = {found.path: None if found.path in gone else renamed(found.path) for found in left.layers}
    assert _partners(left, right) == expected
