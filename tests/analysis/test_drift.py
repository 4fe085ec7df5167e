"""A trend that the launches of a side share is told; noise, and one launch's mood, are not."""

import numpy as np

from mbgui.analysis.drift import drift_warning
from mbgui.domain.latency import LatencyRound, WarningKind
from mbgui.domain.request import Side

RANDOM = np.random.default_rng(11)


def rounds(side: Side, change: float, launches: int = 3, per_launch: int = 12) -> list[LatencyRound]:
    """Rounds of 20 ms calls whose level changes by so much over each launch, with 1 % of noise."""
    return [
        LatencyRound(
            side=side,
            launch=launch,
            block=index // 2,
            index=index,
            started_s=float(index),
            durations_s=tuple(
                0.02 * (1 + change * index / (per_launch - 1)) * np.exp(0.01 * RANDOM.standard_normal(5))
            ),
        )
        for launch in range(launches)
        for index in range(per_launch)
    ]


def test_a_steady_rise_is_told_with_its_size_and_side() -> None:
    warning = drift_warning(rounds(Side.LEFT, 0.10) + rounds(Side.RIGHT, 0.0))
    assert warning is not None
    assert warning.kind is WarningKind.DRIFT
    assert "slower" in warning.sentence
    assert "left side's by 10 %" in warning.sentence or "left side's by 9 %" in warning.sentence
    assert "right" not in warning.sentence


def test_a_fall_of_both_sides_is_told_of_both() -> None:
    warning = drift_warning(rounds(Side.LEFT, -0.2) + rounds(Side.RIGHT, -0.1))
    assert warning is not None
    assert "faster" in warning.sentence
    assert "left side's" in warning.sentence
    assert "right side's" in warning.sentence


def test_noise_is_hardly_ever_told() -> None:
    told = sum(drift_warning(rounds(Side.LEFT, 0.0) + rounds(Side.RIGHT, 0.0)) is not None for _ in range(100))
    assert told <= 1


def test_a_trend_too_small_to_matter_is_not_told() -> None:
    assert drift_warning(rounds(Side.LEFT, 0.015, per_launch=40)) is None


def test_few_rounds_and_the_warm_up_are_not_judged() -> None:
    assert drift_warning(rounds(Side.LEFT, 0.5, launches=1, per_launch=3)) is None
    assert drift_warning([]) is None
