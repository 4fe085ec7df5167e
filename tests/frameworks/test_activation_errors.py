"""How far two activations are from each other."""

from math import nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.equivalence import ErrorFigures
from mbgui.frameworks.activation_errors import UNLIKE, compare, distance, worst_errors

INFINITE = float("inf")


def test_the_three_figures_are_those_of_their_formulas() -> None:
    found = compare(np.array([3.0, 4.0]), np.array([3.0, 5.0]))
    assert found.relative_l2 == pytest.approx(1 / 5)
    assert found.max_absolute == 1
    assert found.cosine == pytest.approx(1 - 29 / (5 * sqrt(34)))
    assert found.non_finite == 0


def test_the_error_is_relative_to_the_left_side() -> None:
    small, large = np.array([1.0, 0.0]), np.array([10.0, 0.0])
    assert compare(small, large).relative_l2 == pytest.approx(9)
    assert compare(large, small).relative_l2 == pytest.approx(0.9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_equal_values_have_no_error_at_all(values: list[float]) -> None:
    assert compare(np.array(values), np.array(values)) == ErrorFigures(relative_l2=0, max_absolute=0, cosine=0)


def test_a_gap_of_one_rounding_is_seen() -> None:
    found = compare(np.array([1.0, 1.0]), np.array([1.0, np.nextafter(1.0, 2.0)]))
    assert found.relative_l2 == pytest.approx(2.2e-16 / sqrt(2), rel=0.01)


def test_float32_is_compared_in_float64() -> None:
    left = np.full(1000, 1e30, dtype=np.float32)
    assert compare(left, left * np.float32(2)).relative_l2 == pytest.approx(1)


def test_values_beside_zero_are_relative_to_the_right_side() -> None:
    assert compare(np.zeros(2), np.array([3.0, 4.0])) == ErrorFigures(relative_l2=1, max_absolute=4, cosine=1)
    assert compare(np.zeros(2), np.zeros(2)).relative_l2 == 0


def test_opposite_values_have_the_largest_cosine_error() -> None:
    assert compare(np.array([1.0, 2.0]), np.array([-1.0, -2.0])).cosine == pytest.approx(2)


@pytest.mark.parametrize("value", [nan, INFINITE, -INFINITE])
def test_a_value_that_is_not_finite_on_both_sides_alike_counts_as_equal(value: float) -> None:
    assert compare(np.array([value, 1.0]), np.array([value, 1.0])) == ErrorFigures(
        relative_l2=0, max_absolute=0, cosine=0
    )
    assert compare(np.array([value, 1.0]), np.array([value, 2.0])).relative_l2 == 1


@pytest.mark.parametrize(("mine", "other"), [(nan, 0.0), (0.0, nan), (INFINITE, -INFINITE), (nan, INFINITE)])
def test_a_value_that_is_not_finite_on_one_side_is_counted_and_leaves_no_figure(mine: float, other: float) -> None:
    found = compare(np.array([mine, 1.0, mine]), np.array([other, 1.0, other]))
    assert found.non_finite == 2
    assert (found.relative_l2, found.max_absolute) == (None, None)


def test_numbers_too_large_to_square_give_no_warning_and_do_not_pass_for_equal() -> None:
    found = compare(np.array([1e300, 1.0]), np.array([-1e300, 1.0]))
    assert found.relative_l2 is None
    assert found.non_finite == 0


def test_another_number_of_values_cannot_be_compared() -> None:
    assert compare(np.zeros(3), np.zeros(4)) == UNLIKE


def test_the_probe_that_is_farthest_off_counts() -> None:
    left = [np.array([1.0]), np.array([1.0]), np.array([1.0])]
    right = [np.array([1.0]), np.array([1.5]), np.array([1.25])]
    assert worst_errors(left, right).relative_l2 == 0.5
    assert worst_errors(left, [*right[:2], np.array([nan])]).non_finite == 1


def test_a_distance_is_the_relative_error_alone() -> None:
    assert distance(np.array([2.0]), np.array([3.0])) == 0.5
    assert distance(np.array([nan]), np.array([3.0])) is None
