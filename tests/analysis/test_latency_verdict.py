"""Which side is called faster, and what is said of it."""

from dataclasses import replace
from math import log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.latency import compare_latency
from mbgui.analysis.latency_bootstrap import LogEstimate
from mbgui.analysis.latency_verdict import verdict_of
from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD, LaunchSpread
from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyComparison, LatencyRound, LatencyRun, LatencyVerdict, NoiseFloor
from mbgui.domain.request import BenchMode, Side

LEFT, RIGHT, NEITHER = LatencyVerdict.LEFT_FASTER, LatencyVerdict.RIGHT_FASTER, LatencyVerdict.NO_MEASURABLE_DIFFERENCE
CALIBRATED = replace(
    CAUTIOUS_SPREAD, log_sd=0.03, degrees_of_freedom=10.0, calibrated_at="2026-11-27T10:00:00+00:00", basis="a model"
)


def estimate(low: float, value: float, high: float) -> LogEstimate:
    return LogEstimate(value=value, low=low, high=high, standard_error=0.01, degrees_of_freedom=5.0, launches=6)


def floor(smallest_difference: float, calibrated_at: str = "2026-11-27T10:00:00+00:00") -> NoiseFloor:
    return NoiseFloor(smallest_difference=smallest_difference, calibrated_at=calibrated_at, basis="")


def duel(
    ratio: float, spread: LaunchSpread, launches: int = 8, mode: BenchMode = BenchMode.RIGOROUS
) -> LatencyComparison:
    """Launches of 21 ms on the left, which differ by up to 1 %."""
    runs = [LatencyRun(call_path=path, threads=1, batch_size=1) for path in (CallPath.EAGER, CallPath.TF_FUNCTION)]
    rounds = [
        LatencyRound(side=side, launch=launch, index=0, started_s=0, durations_s=(level * (1 + 0.001 * call),))
        for launch in range(launches)
        for call in range(3)
        for side, level in ((Side.LEFT, 0.021), (Side.RIGHT, 0.021 * ratio * (1 + 0.01 * (launch % 2))))
    ]
    return compare_latency(runs[0], runs[1], rounds, is_complete=True, mode=mode, spread=spread)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (estimate(0.1, 0.2, 0.3), LEFT),
        (estimate(-0.3, -0.2, -0.1), RIGHT),
        (estimate(-0.01, 0.2, 0.3), NEITHER),
        (estimate(-0.3, -0.2, 0.01), NEITHER),
    ],
)
def test_the_side_is_faster_that_an_interval_without_one_names(found: LogEstimate, expected: LatencyVerdict) -> None:
    assert verdict_of(found, floor(0.05)) is expected


@given(st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_on_a_calibrated_machine_the_difference_has_to_be_above_its_floor(size: float, smallest: float) -> None:
    found = estimate(size / 2, size, 2 * size)
    assert (verdict_of(found, floor(smallest)) is LEFT) == (size > log1p(smallest))
    assert verdict_of(found, floor(smallest, calibrated_at="")) is LEFT


def test_the_sentence_of_a_faster_side_has_every_figure_and_both_call_paths() -> None:
    compared = duel(1.18, CALIBRATED)
    assert compared.verdict is LEFT
    assert compared.sentence == (
        "The left side is faster: eager 21.02 ms against tf.function 24.93 ms; the ratio of medians is "
        f"1.19 (95 % interval {compared.ci_low:.2f}–{compared.ci_high:.2f}, 8 launches a side). "
        "The difference is 18.6 %; this machine can tell 2.4 % (calibrated on 27 Nov 2026)."
    )
    assert duel(0.8, CALIBRATED).sentence.startswith("The right side is faster: eager")


def test_a_certain_difference_below_the_floor_is_said_to_be_just_that() -> None:
    compared = duel(1.01, CALIBRATED)
    assert compared.ci_low > 1
    assert compared.verdict is NEITHER
    assert compared.sentence.startswith("No measurable difference: eager")
    assert "leaves out 1, but the difference is below what this machine can tell, 2.4 %" in compared.sentence


def test_without_a_calibration_the_sentence_says_so_and_the_interval_decides() -> None:
    compared = duel(1.01, CAUTIOUS_SPREAD)
    assert compared.verdict is LEFT
    assert compared.sentence.endswith("This machine was not calibrated.")


@given(st.floats(1 / 1.78, 1.78))
def test_one_launch_without_a_calibration_says_nothing_of_a_factor_that_launches_alone_make(ratio: float) -> None:
    compared = duel(ratio, CAUTIOUS_SPREAD, launches=1, mode=BenchMode.QUICK)
    assert compared.verdict is NEITHER
    assert "1 launch a side" in compared.sentence


def test_one_launch_of_a_calibrated_machine_tells_a_large_factor() -> None:
    assert duel(1.5, CALIBRATED, launches=1, mode=BenchMode.QUICK).verdict is LEFT
    assert duel(1.09, CALIBRATED, launches=1, mode=BenchMode.QUICK).verdict is NEITHER  # below 99 % of equal duels
