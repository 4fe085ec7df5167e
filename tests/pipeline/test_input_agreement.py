"""Which side is read again, at what size, where the user named no input."""

from dataclasses import replace

import pytest

from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import Network, TensorSpec
from mbgui.domain.request import Side
from mbgui.pipeline.input_agreement import sizes_to_read_again
from tests.support.records import tiny_keras_network, tiny_torch_network

FIXED, STATED, ASSUMED = InputOrigin.FIXED, InputOrigin.STATED, InputOrigin.ASSUMED


def torch_at(size: int, origin: InputOrigin) -> Network:
    spec = TensorSpec(shape=(1, 3, size, size + 1), dtype="float32")
    return replace(tiny_torch_network(), inputs=(spec,), input_origin=origin)


def keras_at(size: int, origin: InputOrigin) -> Network:
    spec = TensorSpec(shape=(1, size, size + 1, 3), dtype="float32")
    return replace(tiny_keras_network(), inputs=(spec,), input_origin=origin)


@pytest.mark.parametrize(
    ("left", "right", "again"),
    [
        (torch_at(32, STATED), keras_at(32, ASSUMED), {}),
        (torch_at(32, STATED), keras_at(64, ASSUMED), {Side.RIGHT: (32, 33)}),
        (torch_at(32, ASSUMED), keras_at(64, STATED), {Side.LEFT: (64, 65)}),
        (torch_at(32, STATED), keras_at(64, FIXED), {Side.LEFT: (64, 65)}),
        (torch_at(32, STATED), keras_at(64, STATED), {Side.RIGHT: (32, 33)}),
        (keras_at(32, ASSUMED), keras_at(64, ASSUMED), {Side.RIGHT: (32, 33)}),
        (torch_at(32, FIXED), keras_at(64, FIXED), {}),
    ],
)
def test_the_size_with_less_of_a_say_gives_way(
    left: Network, right: Network, again: dict[Side, tuple[int, int]]
) -> None:
    assert sizes_to_read_again(left, right) == again


def test_what_is_no_image_stays_as_it_is() -> None:
    vector = replace(tiny_torch_network(), inputs=(TensorSpec(shape=(1, 128), dtype="float32"),))
    two = replace(tiny_torch_network(), inputs=torch_at(8, FIXED).inputs * 2)
    for other in (vector, two):
        assert sizes_to_read_again(other, keras_at(64, ASSUMED)) == {}
        assert sizes_to_read_again(keras_at(64, ASSUMED), other) == {}
