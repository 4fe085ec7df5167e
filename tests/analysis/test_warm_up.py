"""A warm-up ends when the level of its calls is steady, or at its bound."""

import numpy as np
import pytest

from mbgui.analysis.warm_up import (
    MOST_CALLS,
    WarmUpState,
    change_probability,
    falling_probability,
    is_steady,
    warm_up_is_over,
)

RANDOM = np.random.default_rng(7)


def noise(count: int, level_s: float = 0.02, spread: float = 0.05) -> list[float]:
    return [float(value) for value in level_s * np.exp(spread * RANDOM.standard_normal(count))]


@pytest.mark.parametrize("level_s", [0.005, 5.0])
def test_calls_that_spread_around_one_level_are_steady_in_most_cases(level_s: float) -> None:
    steady = sum(is_steady(noise(20, level_s)) for _ in range(200))
    assert steady > 180  # 5 % of series without a change look like one


def test_calls_that_become_faster_are_not_steady_until_they_level_off() -> None:
    falling = [0.02 * (1 + 2 * 0.9**index) for index in range(30)]
    assert not is_steady(falling)
    assert is_steady(falling + noise(60))


def test_ten_calls_that_become_faster_one_by_one_are_not_steady() -> None:
    assert not is_steady([5.0 - 0.1 * index for index in range(10)])
    assert falling_probability(np.arange(10.0, 0.0, -1.0)) == pytest.approx(0.0061, abs=1e-4)  # U = 0, z = 12 / 4.79
    assert falling_probability(np.arange(10.0)) > 0.99


def test_a_jump_in_the_later_half_is_a_change() -> None:
    assert not is_steady(noise(25) + noise(10, level_s=0.03))


def test_a_single_slow_call_is_none() -> None:
    calls = noise(20)
    calls[15] = 1.0
    assert is_steady(calls)


def test_equal_calls_are_steady_and_too_few_are_not() -> None:
    assert is_steady([0.1] * 10)
    assert not is_steady([0.1] * 9)


def test_the_probability_of_a_change_is_that_of_pettitt() -> None:
    # n = 10, all of the first five below the others: K = 25, p = 2·exp(−6·625/1100)
    assert change_probability(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])) == pytest.approx(0.0661, abs=1e-4)


def test_a_warm_up_goes_on_for_the_calls_asked_for_and_a_third_of_a_second() -> None:
    assert warm_up_is_over([0.1] * 10, fewest=11, elapsed_s=1.0) is WarmUpState.GOES_ON
    assert warm_up_is_over([0.01] * 20, fewest=5, elapsed_s=0.2) is WarmUpState.GOES_ON
    assert warm_up_is_over([0.1] * 11, fewest=11, elapsed_s=1.1) is WarmUpState.STEADY


def test_a_level_that_never_settles_ends_at_the_bound() -> None:
    falling = [1.0 / (index + 1) for index in range(40)]
    assert warm_up_is_over(falling, fewest=5, elapsed_s=4.3) is WarmUpState.GOES_ON
    assert warm_up_is_over(falling, fewest=5, elapsed_s=10.0) is WarmUpState.BOUND
    assert warm_up_is_over(falling, fewest=50, elapsed_s=10.0) is WarmUpState.GOES_ON
    assert warm_up_is_over([1e-5] * MOST_CALLS, fewest=5, elapsed_s=0.1) is WarmUpState.BOUND
