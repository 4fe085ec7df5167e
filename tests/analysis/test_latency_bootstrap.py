"""The interval of the ratio: the same each time, wider where launches, blocks or calls differ more."""

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbgui.analysis.latency_bootstrap import LogEstimate, estimate_median, estimate_ratio
from mbgui.analysis.latency_launches import LaunchPair
from mbgui.analysis.latency_resampling import resample_launch
from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD, LaunchSpread
from mbgui.analysis.student_t import t_quantile
from tests.support.latency_experiments import NoiseMix, simulated_pair

CALM = NoiseMix(launch=0.01, block=0.005, call=0.05)


def duel(mix: NoiseMix, launches: int, log_ratio: float = 0.3, spread: LaunchSpread = CAUTIOUS_SPREAD) -> LogEstimate:
    generator = np.random.default_rng(5)
    return estimate_ratio([simulated_pair(generator, mix, log_ratio, index) for index in range(launches)], spread)


def test_the_estimate_is_the_mean_over_launches_and_the_same_each_time() -> None:
    generator = np.random.default_rng(5)
    pairs = [simulated_pair(generator, CALM, 0.3, index) for index in range(6)]
    found = estimate_ratio(pairs, CAUTIOUS_SPREAD)
    assert found.value == pytest.approx(np.mean([pair.log_ratio() for pair in pairs]))
    assert found == estimate_ratio(pairs, CAUTIOUS_SPREAD)
    assert found.low < found.value < found.high
    assert (found.launches, found.degrees_of_freedom) == (6, 5)


def test_no_launch_has_no_estimate() -> None:
    with pytest.raises(ValueError, match="no launch"):
        estimate_ratio([], CAUTIOUS_SPREAD)
    with pytest.raises(ValueError, match="no launch"):
        estimate_median([], None)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1, 1), st.integers(1, 7), st.floats(0, 0.2), st.floats(0, 0.2), st.floats(0.001, 0.3))
def test_swapping_the_sides_mirrors_the_estimate(
    log_ratio: float, launches: int, launch: float, block: float, call: float
) -> None:
    generator = np.random.default_rng(5)
    mix = NoiseMix(launch=launch, block=block, call=call, blocks=3, calls=4)
    pairs = [simulated_pair(generator, mix, log_ratio, index) for index in range(launches)]
    swapped = [LaunchPair(index=pair.index, left=pair.right, right=pair.left) for pair in pairs]
    one, other = (estimate_ratio(given, CAUTIOUS_SPREAD) for given in (pairs, swapped))
    assert other.value == pytest.approx(-one.value)
    assert other.high - other.low == pytest.approx(one.high - one.low, rel=0.15)


def test_launches_that_differ_more_make_the_interval_wider() -> None:
    narrow, wide = duel(CALM, 8), duel(replace(CALM, launch=0.1), 8)
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_one_launch_is_as_unsure_as_launches_are_known_to_differ() -> None:
    found = duel(CALM, 1)
    assert (found.high - found.low) / 2 == pytest.approx(t_quantile(0.975, 1e9) * CAUTIOUS_SPREAD.log_sd, rel=0.06)
    calibrated = replace(CAUTIOUS_SPREAD, log_sd=0.03, degrees_of_freedom=10.0, calibrated_at="2026")
    assert (duel(CALM, 1, spread=calibrated).high - found.value) < (found.high - found.value) / 3


def test_calls_widen_the_interval_of_one_launch_whose_machine_is_steady() -> None:
    steady = replace(CAUTIOUS_SPREAD, log_sd=1e-6, degrees_of_freedom=10.0, calibrated_at="2026")
    calm, restless = duel(CALM, 1, spread=steady), duel(replace(CALM, call=0.5), 1, spread=steady)
    assert restless.standard_error > 5 * calm.standard_error > 0


def test_launches_that_are_all_equal_leave_no_doubt() -> None:
    blocks = (np.full(5, 0.01), np.full(5, 0.01))
    pairs = [LaunchPair(index=index, left=blocks, right=tuple(2 * block for block in blocks)) for index in range(5)]
    found = estimate_ratio(pairs, CAUTIOUS_SPREAD)
    assert (found.low, found.value, found.high) == pytest.approx((log(2), log(2), log(2)))


def test_more_certainty_takes_a_wider_interval() -> None:
    found = duel(CALM, 6)
    low, high = found.interval(0.999)
    assert high - found.value == pytest.approx(t_quantile(0.9995, 5) * found.standard_error)
    assert low < found.low
    assert high > found.high


def test_the_variance_within_a_launch_is_that_of_its_medians() -> None:
    generator = np.random.default_rng(8)
    for mix in (NoiseMix(launch=0, block=0.05, call=0.05), NoiseMix(launch=0, block=0.0, call=0.2)):
        pairs = [simulated_pair(generator, mix, 0.0) for _ in range(300)]
        true = np.var([pair.log_ratio() for pair in pairs])
        found = [resample_launch(pair.right, pair.left, replicates=300, generator=generator).variance for pair in pairs]
        assert 0.8 * true < np.mean(found) < 1.4 * true


def test_a_median_of_calls_spreads_as_resampling_them_one_by_one_says() -> None:
    generator = np.random.default_rng(9)
    calls = 0.01 * np.exp(0.2 * generator.standard_normal(101))
    one_by_one = np.log(np.median(generator.choice(calls, (4000, 101)), axis=1))
    found = resample_launch((calls,), replicates=4000, generator=generator)
    assert sqrt(found.variance) == pytest.approx(one_by_one.std(), rel=0.1)
    assert found.deviations.std() == pytest.approx(sqrt(found.variance))
