"""From a framework's own layout to channels last and back."""

import numpy as np
import pytest

from mbgui.frameworks.channel_axis import PLAIN, Layout, channels_first, permuted, reshaped
from mbgui.frameworks.stepwise import Array

MAP = (2, 3, 4, 5)
"""A batch of two, three channels, four rows of five."""


def numbered(shape: tuple[int, ...]) -> Array:
    return np.arange(np.prod(shape), dtype=np.float64).reshape(shape)


@pytest.mark.parametrize(
    ("layout", "shape"),
    [
        (PLAIN, (2, 7)),
        (PLAIN, (2, 5, 7)),
        (channels_first(3), (2, 3, 7)),
        (channels_first(4), MAP),
        (channels_first(5), (2, 3, 4, 5, 6)),
        (Layout(axis=2), (2, 4, 3, 5)),
        (Layout(axis=1, flattened=(3, 4, 5)), (2, 60)),
        (Layout(axis=2, flattened=(4, 3, 5)), (2, 60)),
    ],
)
def test_what_leaves_and_enters_again_is_as_it_was(layout: Layout, shape: tuple[int, ...]) -> None:
    array = numbered(shape)
    assert np.array_equal(layout.from_channels_last(layout.to_channels_last(array), shape), array)


def test_a_map_with_channels_first_leaves_with_its_channels_last() -> None:
    array = numbered(MAP)
    found = channels_first(4).to_channels_last(array)
    assert found.shape == (2, 4, 5, 3) == channels_first(4).shape_channels_last(MAP)
    assert found[1, 3, 2, 0] == array[1, 0, 3, 2]


def test_a_flattened_map_leaves_in_the_order_of_a_flattened_map_with_channels_last() -> None:
    array = numbered(MAP)
    layout = reshaped(channels_first(4), MAP, (2, 60))
    assert layout == Layout(axis=1, flattened=(3, 4, 5))
    assert np.array_equal(layout.to_channels_last(array.reshape(2, 60)), np.moveaxis(array, 1, -1).reshape(2, 60))
    assert layout.shape_channels_last((2, 60)) == (2, 60)


def test_a_map_with_channels_last_is_flattened_as_it_is() -> None:
    assert reshaped(PLAIN, (2, 4, 5, 3), (2, 60)) == PLAIN


def test_a_vector_made_into_the_map_it_was_has_the_channels_of_that_map() -> None:
    flat = reshaped(channels_first(4), MAP, (2, 60))
    assert reshaped(flat, (2, 60), MAP) == channels_first(4)


def test_a_permutation_takes_the_channels_along() -> None:
    layout = permuted(channels_first(4), (0, 2, 3, 1))
    assert layout == PLAIN
    assert permuted(layout, (0, 3, 1, 2)) == channels_first(4)
    assert permuted(channels_first(4), (0, 2, 1, 3)) == Layout(axis=2)


def test_a_permuted_map_leaves_as_the_map_does() -> None:
    array = numbered(MAP)
    layout = permuted(channels_first(4), (0, 2, 3, 1))
    assert np.array_equal(
        layout.to_channels_last(array.transpose(0, 2, 3, 1)), channels_first(4).to_channels_last(array)
    )


def test_tokens_of_a_map_have_their_channels_where_the_map_has_them() -> None:
    tokens = reshaped(channels_first(4), MAP, (2, 3, 20))
    assert tokens == Layout(axis=1)
    array = numbered(MAP)
    found = tokens.to_channels_last(array.reshape(2, 3, 20))
    assert np.array_equal(found, np.moveaxis(array, 1, -1).reshape(2, 20, 3))
    assert permuted(tokens, (0, 2, 1)) == PLAIN


def test_a_vector_with_two_sides_of_one_is_a_map_of_its_channels() -> None:
    assert reshaped(PLAIN, (2, 7), (2, 7, 1, 1)) == channels_first(4)


def test_a_vector_of_another_number_of_values_leaves_as_it_is() -> None:
    array = numbered((2, 7))
    assert np.array_equal(Layout(axis=1, flattened=(3, 4, 5)).to_channels_last(array), array)


def test_another_number_of_values_does_not_enter() -> None:
    for layout in (PLAIN, channels_first(4)):
        with pytest.raises(ValueError, match="reshape"):
            layout.from_channels_last(numbered((2, 4, 5, 4)), MAP)


def test_another_batch_does_not_mix_its_examples() -> None:
    layout = reshaped(channels_first(4), MAP, (2, 60))
    array = numbered((1, 3, 4, 5))
    assert np.array_equal(layout.to_channels_last(array.reshape(1, 60)), np.moveaxis(array, 1, -1).reshape(1, 60))
