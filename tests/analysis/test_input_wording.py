"""The sentence on inputs names sizes and reasons, and sees through layouts."""

from dataclasses import replace

from mbgui.analysis.input_wording import are_inputs_alike, input_sentence
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import TensorSpec
from tests.support.records import tiny_keras_network, tiny_torch_network

LEFT, RIGHT = tiny_torch_network(), tiny_keras_network()


def test_equal_sizes_are_named_once() -> None:
    assert are_inputs_alike(LEFT, RIGHT)
    assert input_sentence(LEFT, RIGHT) == "Both were read at 32×32."


def test_the_reason_is_told_where_nobody_named_the_size() -> None:
    left = replace(LEFT, input_origin=InputOrigin.STATED)
    right = replace(RIGHT, input_origin=InputOrigin.ASSUMED)
    expected = "Both were read at 32×32 (left: the size it states; right: assumed, since it states none)."
    assert input_sentence(left, right) == expected


def test_one_reason_for_both_is_told_once() -> None:
    left, right = (replace(network, input_origin=InputOrigin.STATED) for network in (LEFT, RIGHT))
    assert input_sentence(left, right) == "Both were read at 32×32 (the size both state)."


def test_different_sizes_are_told_apart() -> None:
    right = replace(RIGHT, inputs=(TensorSpec(shape=(1, 48, 48, 3), dtype="float32"),), input_origin=InputOrigin.FIXED)
    assert not are_inputs_alike(LEFT, right)
    assert input_sentence(LEFT, right) == "Left was read at 32×32, right at 48×48 (the only size it takes)."


def test_one_channel_in_either_layout_is_the_same_input() -> None:
    left = replace(LEFT, inputs=(TensorSpec(shape=(1, 1, 28, 28), dtype="float32"),))
    right = replace(RIGHT, inputs=(TensorSpec(shape=(1, 28, 28, 1), dtype="float32"),))
    assert are_inputs_alike(left, right)
