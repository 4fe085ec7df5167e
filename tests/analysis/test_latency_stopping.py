"""When a duel stops, and how much is said to be missing."""

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest

from mbgui.analysis.latency_stopping import Look, look
from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD, LaunchSpread
from mbgui.analysis.student_t import t_quantile
from mbgui.domain.latency import LatencyRound, StopReason
from mbgui.domain.request import BenchMode, Side

CALIBRATED = replace(CAUTIOUS_SPREAD, log_sd=0.1, degrees_of_freedom=10.0, calibrated_at="2026-01-01T00:00:00+00:00")
ROUNDS = 4


def rounds(log_ratios: list[float]) -> list[LatencyRound]:
    """Launches with exactly these log ratios: a warm-up round and four timed ones a side."""
    return [
        LatencyRound(
            side=side,
            launch=launch,
            block=max(index - 1, 0) // 2,
            index=index,
            started_s=0,
            durations_s=(0.01 * (exp(log_ratio) if side is Side.RIGHT else 1.0),) * 2,
            is_warmup=index == 0,
        )
        for launch, log_ratio in enumerate(log_ratios)
        for index in range(ROUNDS + 1)
        for side in Side
    ]


def ratios(mean: float, spread: float, launches: int) -> list[float]:
    """Log ratios with exactly this mean and standard deviation."""
    values = np.linspace(-1.0, 1.0, launches)
    return [float(value) for value in mean + spread * values / values.std(ddof=1)]


def seen(log_ratios: list[float], spread: LaunchSpread = CAUTIOUS_SPREAD, mode: BenchMode = BenchMode.RIGOROUS) -> Look:
    return look(rounds(log_ratios), spread, mode, 12.0)


def test_a_look_tells_the_ratio_its_interval_and_when_it_was_taken() -> None:
    estimate = seen(ratios(0.1, 0.02, 6)).estimate
    assert (estimate.elapsed_s, estimate.launches) == (12.0, 6)
    assert estimate.ratio == pytest.approx(exp(0.1))
    assert estimate.ci_low < estimate.ratio < estimate.ci_high


def test_overwhelming_evidence_ends_a_rigorous_duel_from_five_launches_on() -> None:
    assert seen(ratios(0.5, 0.02, 5)).stop is StopReason.DECIDED
    assert seen(ratios(0.5, 0.02, 5)).estimate.rounds_to_decide == 0
    assert seen(ratios(0.5, 0.02, 4)).stop is None


def test_evidence_at_95_percent_does_not_end_it() -> None:
    deviation = 0.1
    for certainty, stop in ((0.9990, None), (0.9996, StopReason.DECIDED)):
        mean = t_quantile(certainty, 7) * deviation / sqrt(8)  # 0.9995 is the quantile of two-sided 99.9 %
        assert seen(ratios(mean, deviation, 8)).stop is stop
    assert seen(ratios(mean, deviation, 8)).estimate.ci_low > 1


def test_a_difference_below_the_floor_is_never_decided() -> None:
    small = ratios(0.06, 0.02, 6)
    assert seen(small).stop is StopReason.DECIDED
    assert seen(small, CALIBRATED).stop is None


@pytest.mark.parametrize("mean", [0.0, 0.004, -0.004])
def test_an_interval_of_one_percent_either_way_ends_it_whichever_side_is_ahead(mean: float) -> None:
    assert seen(ratios(mean, 0.007, 6)).stop is StopReason.PRECISE
    assert seen(ratios(mean, 0.02, 6)).stop is None


def test_a_quick_duel_never_ends_because_of_what_it_shows() -> None:
    assert seen([0.9], mode=BenchMode.QUICK).stop is None
    assert seen(ratios(0.9, 0.01, 6), mode=BenchMode.QUICK).stop is None


def test_the_rounds_missing_are_those_of_the_launches_it_would_take() -> None:
    deviation, mean = 0.1, 0.06
    enough = next(n for n in range(6, 100) if t_quantile(0.975, n - 1) * deviation / sqrt(n) < mean)
    assert seen(ratios(mean, deviation, 6)).estimate.rounds_to_decide == (enough - 6) * ROUNDS


def test_a_larger_floor_takes_more_rounds() -> None:
    small = ratios(0.05, 0.03, 6)
    missing = seen(small, CALIBRATED).estimate.rounds_to_decide
    enough = next(n for n in range(6, 100) if t_quantile(0.975, 10) * 0.1 / sqrt(n) < 0.05)
    assert missing == (enough - 6) * ROUNDS


def test_what_would_take_a_thousand_launches_is_not_told() -> None:
    assert seen(ratios(0.0001, 0.5, 6)).estimate.rounds_to_decide is None
    assert seen([0.1]).estimate.rounds_to_decide is None


def test_an_unfinished_launch_counts_once_both_sides_have_calls() -> None:
    begun = [*rounds(ratios(0.1, 0.02, 5)), *rounds([0.1] * 6)[-2 * ROUNDS - 2 : -2 * ROUNDS + 2]]
    assert look(begun, CAUTIOUS_SPREAD, BenchMode.RIGOROUS, 1.0).estimate.launches == 6
    assert look(begun[:-1], CAUTIOUS_SPREAD, BenchMode.RIGOROUS, 1.0).estimate.launches == 5


def test_without_a_launch_of_both_sides_there_is_nothing_to_see() -> None:
    for missing in ([], [taken for taken in rounds([0.1]) if taken.side is Side.LEFT]):
        with pytest.raises(ValueError, match="both sides"):
            look(missing, CAUTIOUS_SPREAD, BenchMode.QUICK, 1.0)
