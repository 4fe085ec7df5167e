"""Axes are labelled at round values, and never so densely that labels collide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.axis_ticks import logarithmic_ticks, spaced


def test_a_short_span_is_labelled_at_every_leading_digit() -> None:
    assert logarithmic_ticks(18.0, 61.0, 8) == pytest.approx([20, 30, 40, 50, 60])


def test_a_longer_span_is_labelled_at_one_two_and_five() -> None:
    assert logarithmic_ticks(0.9, 110.0, 8) == pytest.approx([1, 2, 5, 10, 20, 50, 100])


def test_a_very_long_span_leaves_out_decades() -> None:
    ticks = logarithmic_ticks(1e-6, 1e6, 5)
    assert ticks == pytest.approx([1e-6, 1e-3, 1.0, 1e3, 1e6])


@given(st.floats(1e-6, 1e6), st.floats(1.0, 1e6), st.integers(2, 12))
def test_labels_are_few_ascending_and_inside(low: float, factor: float, most: int) -> None:
    ticks = logarithmic_ticks(low, low * factor, most)
    assert len(ticks) <= most
    assert ticks == sorted(ticks)
    assert all(low <= tick <= low * factor for tick in ticks)


def test_labels_that_would_collide_are_left_out() -> None:
    assert spaced([0, 1, 2, 3, 10, 11], 2) == [0, 2, 4]
    assert spaced([], 2) == []
