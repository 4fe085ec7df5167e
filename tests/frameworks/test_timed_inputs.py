"""The numbers that models are timed on."""

import numpy as np
import pytest

from mbgui.domain.network import TensorSpec
from mbgui.frameworks.timed_inputs import Array, drawn_inputs


def draw(
    *shapes: tuple[int, ...], dtype: str = "float32", seed: int = 0, is_channels_first: bool = False
) -> list[Array]:
    specs = [TensorSpec(shape=shape, dtype=dtype) for shape in shapes]
    return drawn_inputs(specs, batch_size=2, seed=seed, is_channels_first=is_channels_first)


def test_an_image_has_the_same_numbers_in_either_layout() -> None:
    (last,) = draw((1, 4, 5, 3))
    (first,) = draw((1, 3, 4, 5), is_channels_first=True)
    assert (last.shape, first.shape) == ((2, 4, 5, 3), (2, 3, 4, 5))
    assert np.array_equal(first.transpose(0, 2, 3, 1), last)
    assert first.flags.c_contiguous
    assert last.dtype == np.float32


@pytest.mark.parametrize("shape", [(1, 7), (1, 6, 5), (1, 3, 4, 5, 6)])
def test_other_ranks_have_the_same_numbers_in_the_shape_given(shape: tuple[int, ...]) -> None:
    (one,), (other,) = draw(shape), draw(shape, is_channels_first=True)
    assert one.shape == (2, *shape[1:])
    assert np.array_equal(one, other)


def test_a_seed_gives_its_own_numbers_each_input_others() -> None:
    first, second = draw((1, 50), (1, 50))
    assert np.array_equal(draw((1, 50))[0], first)
    assert not np.array_equal(first, second)
    assert not np.array_equal(draw((1, 50), seed=1)[0], first)
    assert abs(float(draw((1, 10_000))[0].std()) - 1) < 0.05


@pytest.mark.parametrize(("dtype", "drawn"), [("int64", "int64"), ("bool", "bool"), ("string", "int32")])
def test_whole_numbers_are_zeros(dtype: str, drawn: str) -> None:
    (values,) = draw((1, 3), dtype=dtype)
    assert values.dtype.name == drawn
    assert not values.any()


def test_an_input_without_sizes_keeps_none() -> None:
    assert draw(())[0].shape == ()
