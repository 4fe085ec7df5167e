"""Where two networks are compared while they run."""

from dataclasses import replace

from mbgui.analysis.graph import calls_of
from mbgui.analysis.proof_points import checkpoints_of, segment
from mbgui.analysis.structure import compare_structure
from mbgui.domain.alignment import Alignment, PairCorrection
from mbgui.domain.network import Network
from mbgui.domain.proof_plan import Checkpoint
from tests.support.layer_graphs import rebuilt, renamed, residual_network
from tests.support.records import tiny_keras_network, tiny_torch_network
from tests.support.small_structures import small_pair, small_structure, tiny_pair


def points_of(left: Network, right: Network, *corrections: PairCorrection) -> tuple[Checkpoint, ...]:
    return checkpoints_of(left, right, compare_structure(left, right, corrections).alignment)


def test_every_pair_is_a_checkpoint_in_order_and_starts_from_the_one_before() -> None:
    points = points_of(*small_pair())
    assert [(point.left, point.right) for point in points] == [
        (name, name) for name in ("conv", "norm", "relu", "pool", "head")
    ]
    assert [point.cuts for point in points] == [(), ("conv",), ("norm",), ("relu",), ("pool",)]


def test_where_calls_are_not_known_nothing_is_compared() -> None:
    assert points_of(tiny_torch_network(), tiny_keras_network()) == ()


def test_layers_that_only_move_or_hand_on_values_are_no_checkpoints() -> None:
    points = points_of(*tiny_pair())
    names = {name for point in points for name in (point.left, point.right)}
    assert not names & {"flatten", "classifier.0", "block_1_pad", "input_layer"}
    assert ("classifier.1", "predictions") in {(point.left, point.right) for point in points}


def test_a_padding_layer_lies_inside_what_its_convolution_is_compared_over() -> None:
    points = points_of(*tiny_pair())
    depthwise = next(point for point in points if point.right == "block_1_depthwise")
    assert depthwise.cuts == ("stem_relu",)


def test_in_a_network_with_branches_every_cut_is_an_earlier_checkpoint() -> None:
    left = residual_network(80, seed=4)
    points = points_of(left, rebuilt(left, seed=9))
    assert len(points) == len(left.layers)
    assert {(point.left, point.right) for point in points} == {(one.path, renamed(one.path)) for one in left.layers}
    rights = {point.right for point in points}
    assert all(set(point.cuts) <= rights - {point.right} for point in points)
    assert any(len(point.cuts) == 2 for point in points)


def test_the_outputs_are_compared_last_where_no_pair_gives_them() -> None:
    left, right = small_pair()
    points = points_of(left, right, PairCorrection(left="head", right=None))
    assert points[-1] == Checkpoint(left="head", right="head", cuts=("pool",))
    assert [point.left for point in points].count("head") == 1


def test_an_output_that_a_pair_gives_is_compared_once() -> None:
    points = points_of(*small_pair())
    assert len({(point.left, point.right) for point in points}) == len(points)


def test_without_pairs_and_outputs_there_is_nothing_to_compare() -> None:
    left, right = (replace(network, output_calls=()) for network in small_pair())
    assert checkpoints_of(left, right, Alignment(pairs=())) == ()


def test_a_call_with_two_outputs_is_not_compared() -> None:
    left, right = small_pair()
    twice = tuple(replace(call, outputs=call.outputs * 2) if call.layer == "relu" else call for call in left.calls)
    points = points_of(replace(left, calls=twice), right)
    assert "relu" not in {point.left for point in points}
    assert next(point for point in points if point.left == "pool").cuts == ("norm",)


def test_a_segment_is_a_call_and_those_before_it_down_to_the_cuts() -> None:
    left, _ = small_pair()
    calls = {call.name: call for call in calls_of(left)}
    assert list(segment("pool", calls, frozenset({"conv"}))) == ["pool", "relu", "norm"]
    assert small_structure().alignment.pairs
