"""Rounds on two levels, well apart, are told; noise, however strong, hardly ever is."""

from collections.abc import Sequence

import numpy as np

from mbgui.analysis.speed_levels import levels_warning
from mbgui.domain.latency import LatencyRound, WarningKind
from mbgui.domain.request import Side

RANDOM = np.random.default_rng(5)


def rounds(side: Side, *launches: Sequence[float]) -> list[LatencyRound]:
    """A round for each median, in seconds."""
    return [
        LatencyRound(
            side=side,
            launch=launch,
            block=index // 2,
            index=index,
            started_s=float(index),
            durations_s=(0.98 * level, level, 1.03 * level),
        )
        for launch, levels in enumerate(launches)
        for index, level in enumerate(levels)
    ]


def noisy(level: float, spread: float, count: int = 20) -> list[float]:
    return list(level * np.exp(spread * RANDOM.standard_normal(count)))


def mixed(low: float, high: float, count: int = 20) -> list[float]:
    return [*noisy(low, 0.03, count // 2), *noisy(high, 0.05, count - count // 2)]


def test_a_side_that_runs_at_two_speeds_is_told_with_how_far_its_speeds_lie_apart() -> None:
    levels = [0.0099, 0.010, 0.0101, 0.0245, 0.025, 0.0255] * 3
    warning = levels_warning(rounds(Side.LEFT, levels) + rounds(Side.RIGHT, noisy(0.01, 0.05)))
    assert warning is not None
    assert warning.kind is WarningKind.TWO_SPEEDS
    assert warning.sentence.startswith("The left side ran at two speeds, 2.5 times apart;")
    assert "right" not in warning.sentence


def test_both_sides_and_the_number_of_launches_are_told() -> None:
    calm = noisy(0.01, 0.02)
    left, right = (
        rounds(Side.LEFT, mixed(0.01, 0.02), calm, calm),
        rounds(Side.RIGHT, mixed(0.01, 0.02), mixed(0.01, 0.02), calm),
    )
    warning = levels_warning(left + right)
    assert warning is not None
    assert "The left side ran at two speeds in 1 of 3 launches" in warning.sentence
    assert "and the right side ran at two speeds in 2 of 3 launches" in warning.sentence


def test_noise_is_hardly_ever_told() -> None:
    for spread in (0.02, 0.1, 0.3):
        told = sum(levels_warning(rounds(Side.LEFT, noisy(0.02, spread))) is not None for _ in range(300))
        assert told <= 3, spread


def test_two_speeds_too_close_to_matter_are_not_told() -> None:
    assert levels_warning(rounds(Side.LEFT, [0.010] * 10 + [0.0115] * 10)) is None


def test_a_few_slow_rounds_are_outliers_and_no_level() -> None:
    assert levels_warning(rounds(Side.LEFT, [0.010] * 18 + [0.030] * 2)) is None


def test_launches_that_differ_are_no_two_speeds_of_one() -> None:
    assert levels_warning(rounds(Side.LEFT, noisy(0.01, 0.03), noisy(0.02, 0.03))) is None


def test_few_rounds_are_not_judged() -> None:
    assert levels_warning(rounds(Side.LEFT, [0.01] * 4 + [0.02] * 4)) is None
    assert levels_warning([]) is None
