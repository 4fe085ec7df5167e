"""The 95 % interval holds the true ratio in 93 to 97 % of 1,000 simulated duels, whatever the noise comes from."""

import numpy as np
import pytest

from mbgui.analysis.latency_bootstrap import estimate_ratio
from tests.support.latency_experiments import MIXES, TWO_HUMPED, coverage, simulated_calibration, simulated_pair


@pytest.mark.parametrize("launches", [5, 8])
@pytest.mark.parametrize("name", MIXES)
def test_the_interval_of_several_launches_holds_the_truth_as_often_as_it_says(name: str, launches: int) -> None:
    assert 0.93 <= coverage(MIXES[name], launches) <= 0.97


@pytest.mark.parametrize("name", MIXES)
def test_the_interval_of_one_launch_does_so_with_the_spread_a_calibration_saw(name: str) -> None:
    assert 0.93 <= coverage(MIXES[name], 1) <= 0.97


def test_a_rare_hump_that_a_calibration_saw_is_within_the_interval_of_one_launch() -> None:
    generator = np.random.default_rng(4)
    spread = simulated_calibration(generator, TWO_HUMPED, launches=20)
    assert max(spread.deviations) > np.log(1.5)
    found = estimate_ratio([simulated_pair(generator, TWO_HUMPED, 0.0)], spread)
    assert found.high - found.value > np.log(1.6)
    assert found.value - found.low > np.log(1.6)


def test_two_humps_are_covered_though_a_calibration_may_have_missed_one() -> None:
    assert coverage(TWO_HUMPED, 1) >= 0.93
