"""How a latency and its certainty are said, and which figure stands for several launches."""

from dataclasses import replace

import pytest

from mbgui.analysis.latency_wording import (
    STOP_SENTENCES,
    VERDICT_WORDS,
    difference_percent_text,
    noise_floor_text,
    ratio_text,
    rounds_text,
)
from mbgui.analysis.launch_figures import first_call_s, memory_bytes, peak_memory_bytes, traces
from mbgui.domain.latency import LatencyEstimate, LatencyLaunch, LatencyRun, LatencyVerdict, NoiseFloor, StopReason
from tests.support.records import tiny_latency

RUN = tiny_latency().left


def run_of(*launches: LatencyLaunch) -> LatencyRun:
    return replace(RUN, launches=launches)


def test_a_ratio_is_said_with_its_interval() -> None:
    estimate = LatencyEstimate(elapsed_s=1.0, launches=1, ratio=1.034, ci_low=0.966, ci_high=1.089)
    assert ratio_text(estimate) == "1.03 (0.97–1.09)"


@pytest.mark.parametrize(
    ("rounds", "text"), [(None, ""), (0, "decided"), (1, "about 1 more round"), (1240, "about 1,240 more rounds")]
)
def test_what_is_still_to_be_done_is_said_in_rounds(rounds: int | None, text: str) -> None:
    assert rounds_text(rounds) == text


def test_every_verdict_and_every_end_has_its_words() -> None:
    assert set(VERDICT_WORDS) == set(LatencyVerdict)
    assert set(STOP_SENTENCES) == set(StopReason)


@pytest.mark.parametrize(
    ("difference", "text"), [(0.0312, "3.1 %"), (0.004, "0.4 %"), (0.8, "80 %"), (20.0, "2,000 %")]
)
def test_a_difference_is_said_in_as_many_digits_as_matter(difference: float, text: str) -> None:
    assert difference_percent_text(difference) == text


def test_the_noise_floor_says_since_when_it_is_known() -> None:
    floor = NoiseFloor(smallest_difference=0.031, calibrated_at="2026-11-27T10:00:00+00:00", basis="a model by eager")
    assert noise_floor_text(floor) == (
        "The smallest difference that this machine can tell is 3.1 %, calibrated 2026-11-27 (a model by eager)."
    )
    assert noise_floor_text(replace(floor, calibrated_at="")).startswith("This machine was not calibrated")


def test_the_middle_launch_stands_for_all() -> None:
    first, second = RUN.launches
    run = run_of(
        replace(first, first_call_s=0.1, baseline_bytes=100, peak_bytes=150, traces=1),
        replace(first, first_call_s=0.3, baseline_bytes=100, peak_bytes=190, traces=3),
        replace(second, first_call_s=0.2, baseline_bytes=100, peak_bytes=170, traces=1),
    )
    assert (first_call_s(run), peak_memory_bytes(run), traces(run)) == (0.2, 70, 3)


def test_what_no_launch_tells_is_nothing() -> None:
    silent = replace(RUN.launches[0], baseline_bytes=None, peak_bytes=190, traces=None)
    assert (first_call_s(run_of()), peak_memory_bytes(run_of(silent)), traces(run_of(silent))) == (None, None, None)


def test_memory_that_shrank_is_none_at_all() -> None:
    assert memory_bytes(replace(RUN.launches[0], baseline_bytes=200, peak_bytes=190)) == 0
