"""Changes of layout: exact both ways, whatever the sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.weight_layout import LayoutChange, apply, layout_between, unchanged

SIZES = st.lists(st.integers(min_value=1, max_value=5), min_size=0, max_size=5)


@given(data=st.data(), sizes=SIZES)
def test_a_change_and_its_inverse_give_back_every_value(data: st.DataObject, sizes: list[int]) -> None:
    axes = tuple((f"axis {place}", size) for place, size in enumerate(sizes))
    after = tuple(data.draw(st.permutations(axes)))
    count = int(np.prod(sizes))
    flat = data.draw(st.booleans())
    before_shape, after_shape = (count,) if flat else tuple(sizes), tuple(size for _, size in after)
    change = layout_between(axes, before_shape, after, after_shape)
    assert change is not None
    values = np.arange(count).reshape(before_shape)
    moved = apply(change, values)
    assert moved.shape == after_shape
    assert np.array_equal(apply(change.inverted(), moved), values)
    assert change.inverted().inverted() == change


@given(data=st.data(), sizes=SIZES.filter(bool))
def test_every_value_keeps_its_place_on_every_axis(data: st.DataObject, sizes: list[int]) -> None:
    axes = tuple((f"axis {place}", size) for place, size in enumerate(sizes))
    after = tuple(data.draw(st.permutations(axes)))
    change = layout_between(axes, tuple(sizes), after, tuple(size for _, size in after))
    assert change is not None
    values = np.arange(int(np.prod(sizes))).reshape(sizes)
    index = tuple(data.draw(st.integers(0, size - 1)) for size in sizes)
    there = tuple(index[axes.index(axis)] for axis in after)
    assert apply(change, values)[there] == values[index]


def test_different_axes_have_no_change_between_them() -> None:
    assert layout_between((("in", 3), ("out", 4)), (3, 4), (("in", 4), ("out", 3)), (4, 3)) is None
    assert layout_between((("in", 4),), (4,), (("height", 2), ("width", 2)), (2, 2)) is None


def test_axes_of_one_do_not_matter() -> None:
    change = layout_between((("out", 4), ("in", 1)), (4, 1), (("height", 1), ("out", 4)), (1, 4))
    assert change is not None
    assert apply(change, np.arange(4).reshape(4, 1)).tolist() == [[0, 1, 2, 3]]


def test_a_tensor_of_another_shape_than_planned_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 6\) where \(3, 4\) was planned"):
        apply(unchanged((3, 4)), np.zeros((2, 6)))


def test_only_a_change_that_moves_nothing_is_the_identity() -> None:
    assert unchanged((2, 3)).is_identity
    assert not LayoutChange(shape_before=(6,), split=(2, 3), axes=(1, 0), shape_after=(6,)).is_identity
