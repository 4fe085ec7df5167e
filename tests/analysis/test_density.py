"""The kernel density over a histogram: a density, at the right places, for any grid."""

from math import pi, sqrt

import numpy as np
import pytest

from mbgui.analysis.density import density

RANDOM = np.random.default_rng(3)


def test_it_is_the_density_of_what_the_calls_were_drawn_from() -> None:
    grid = np.linspace(0.01, 0.03, 41)
    found = density(RANDOM.normal(0.02, 0.002, 50_000), grid)
    expected = np.exp(-0.5 * ((grid - 0.02) / 0.002) ** 2) / (0.002 * sqrt(2 * pi))
    assert np.abs(found - expected).max() < 0.05 * expected.max()


def test_it_adds_up_to_one() -> None:
    grid = np.linspace(0.0, 0.1, 2001)
    calls = np.concatenate([RANDOM.normal(0.02, 0.001, 500), RANDOM.normal(0.05, 0.004, 500)])
    assert float(np.trapezoid(density(calls, grid), grid)) == pytest.approx(1.0, abs=0.02)


def test_two_humps_stay_two() -> None:
    calls = np.concatenate([RANDOM.normal(0.02, 0.0005, 400), RANDOM.normal(0.03, 0.0005, 400)])
    at = density(calls, (0.02, 0.025, 0.03))
    assert at[1] < 0.2 * min(at[0], at[2])


def test_the_grid_may_be_logarithmic() -> None:
    calls = RANDOM.normal(0.02, 0.002, 1_000)
    even, uneven = np.linspace(0.015, 0.025, 11), np.geomspace(0.015, 0.025, 7)
    assert density(calls, uneven)[0] == pytest.approx(density(calls, even)[0])
    assert density(calls, uneven)[-1] == pytest.approx(density(calls, even)[-1])


def test_a_call_a_thousand_times_as_slow_leaves_the_rest_as_it_was() -> None:
    calls = RANDOM.normal(0.02, 0.002, 1_000)
    grid = np.linspace(0.015, 0.025, 21)
    without, with_it = density(calls, grid), density(np.append(calls, 20.0), grid)
    assert np.abs(without - with_it).max() < 0.02 * without.max()


def test_calls_that_are_all_equal_are_a_narrow_peak() -> None:
    at = density([0.02] * 50, (0.019, 0.02, 0.021))
    assert at[1] > 1_000
    assert at[0] == at[2] == 0


def test_without_calls_or_a_grid_there_is_nothing() -> None:
    assert density([], (0.01, 0.02)).tolist() == [0.0, 0.0]
    assert density([0.1], ()).size == 0
