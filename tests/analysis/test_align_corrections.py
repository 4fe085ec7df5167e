"""What the user says of a layer holds, and the rest is paired around it."""

from mbgui.analysis.align import align
from mbgui.domain.alignment import LayerPair, PairCorrection
from mbgui.domain.network import AttributeValue, LayerKind
from tests.support.layer_graphs import GraphBuilder
from tests.support.records import tiny_keras_network, tiny_torch_network

_LEFT, _RIGHT = tiny_torch_network(), tiny_keras_network()


def _aligned(*corrections: tuple[str | None, str | None]) -> dict[str | None, LayerPair]:
    given = tuple(PairCorrection(left=left, right=right) for left, right in corrections)
    pairs = align(_LEFT, _RIGHT, given).pairs
    mine = [name for pair in pairs for name in pair.left_members or ((pair.left,) if pair.left else ())]
    assert sorted(mine) == sorted(found.path for found in _LEFT.layers if found.call_count)
    return {pair.left if pair.left is not None else pair.right: pair for pair in pairs}


def test_a_pair_set_by_hand_holds_and_says_so() -> None:
    pair = _aligned(("features.0.0", "block_1_depthwise"))["features.0.0"]
    assert (pair.right, pair.confidence, pair.evidence) == ("block_1_depthwise", 1.0, ("set by hand",))
    assert pair.is_by_hand


def test_the_rest_is_paired_around_a_pair_set_by_hand() -> None:
    pairs = _aligned(("features.0.0", "block_1_depthwise"))
    assert pairs["features.0.1"].right == "stem_bn"
    assert pairs["classifier.1"].right == "predictions"
    assert not pairs["features.0.1"].is_by_hand


def test_a_layer_parted_by_hand_has_no_partner_nor_belongs_to_one() -> None:
    pairs = _aligned(("features.0.1", None), (None, "block_1_pad"))
    assert pairs["features.0.1"].right is None
    assert pairs["features.0.1"].evidence == ("set by hand",)
    assert pairs["block_1_pad"].left is None
    assert pairs["block_1_pad"].is_by_hand
    assert not pairs["features.1.0"].right_members


def test_the_later_of_two_corrections_of_a_layer_holds() -> None:
    pairs = _aligned(("features.0.0", "block_1_depthwise"), ("features.0.0", "stem_conv"))
    assert pairs["features.0.0"].right == "stem_conv"
    assert pairs["features.1.0"].right == "block_1_depthwise"


def test_a_correction_of_an_unknown_layer_is_passed_over() -> None:
    assert _aligned(("features.0.0", "gone"), ("gone", None)) == _aligned()


def test_no_corrections_mean_no_pair_set_by_hand() -> None:
    assert not any(pair.is_by_hand for pair in _aligned().values())


def test_an_activation_set_apart_by_hand_does_not_belong_to_a_fused_layer() -> None:
    left, right = GraphBuilder(), GraphBuilder()
    left.activation(left.convolution(None, 3, 8), "relu")
    fused: dict[str, AttributeValue] = {
        "in_channels": 3,
        "out_channels": 8,
        "kernel_size": (3, 3),
        "activation": "relu",
    }
    right.add(LayerKind.CONVOLUTION, (), 8, ((8, 3, 3, 3),), groups=1, **fused)
    (joined,) = align(left.network(), right.network()).pairs
    assert joined.left_members == ("layer0", "layer1")
    apart = align(left.network(), right.network(), (PairCorrection(left="layer1", right=None),)).pairs
    assert [(pair.left, pair.right, pair.left_members) for pair in apart] == [
        ("layer0", "layer0", ()),
        ("layer1", None, ()),
    ]
