"""Latencies of the third version, one process a side: what was measured stays, and no more is claimed than then."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from mbgui.analysis.outliers import outlier_mask
from mbgui.domain.latency import LatencyComparison, LatencyLaunch, LatencyVerdict, StopReason
from mbgui.domain.request import BenchMode, LatencyRequest, Side
from mbgui.snapshots.codec import decode, encode
from tests.support.hostile_snapshots import hostile_snapshots, is_read_or_refused
from tests.support.records import tiny_comparison

OLD = (Path(__file__).parents[1] / "data" / "snapshots" / "version_3.mbsnap").read_bytes()
"""Written by the code of the third version: four rounds a side, 10 ms against 20 ms."""


def opened(**changes: Any) -> LatencyComparison:
    """The latency of that file, with fields of the old record replaced."""
    document = json.loads(OLD)
    document["comparison"]["latency"] |= changes
    latency = decode(json.dumps(document).encode()).latency
    assert latency is not None
    return latency


def old_latency() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(OLD)["comparison"]["latency"]
    return found


def test_an_old_comparison_opens_and_can_be_written_again() -> None:
    found = decode(OLD)
    assert replace(found, latency=None, request=tiny_comparison().request) == replace(tiny_comparison(), latency=None)
    assert found.request.latency == LatencyRequest(runs=20, warmup=2, round_size=5)
    assert decode(encode(found)) == found


def test_every_timed_call_is_kept_in_its_order() -> None:
    old = old_latency()
    for side in Side:
        durations_s = [value for taken in old["rounds"] if taken["side"] == side for value in taken["durations_s"]]
        assert opened().durations_s(side) == tuple(durations_s)


def test_a_side_becomes_one_launch_with_its_first_call() -> None:
    latency = opened()
    assert latency.left.launches == (LatencyLaunch(index=0, import_s=0.0, build_s=0.05, first_call_s=0.09),)
    assert latency.right.launches[0].first_call_s == 0.9
    assert {taken.launch for taken in latency.rounds} == {0}
    assert latency.mode is BenchMode.QUICK


def test_calls_of_the_warm_up_become_a_round_in_front_and_the_rest_begins_later() -> None:
    old, latency = old_latency(), opened()
    first, second, *timed = latency.rounds
    assert (first.side, first.durations_s, first.is_warmup) == (Side.LEFT, tuple(old["left"]["warmup_s"]), True)
    assert (second.side, second.durations_s, second.is_warmup) == (Side.RIGHT, tuple(old["right"]["warmup_s"]), True)
    later_s = sum((*first.durations_s, *second.durations_s))
    assert [taken.started_s for taken in timed] == pytest.approx(
        [taken["started_s"] + later_s for taken in old["rounds"]]
    )
    assert not any(taken.is_warmup for taken in timed)
    assert [(taken.block, taken.index) for taken in timed if taken.side is Side.LEFT] == [
        (0, 1),
        (0, 2),
        (1, 3),
        (1, 4),
    ]


def test_a_side_without_warm_up_gets_no_such_round() -> None:
    old = old_latency()
    latency = opened(left={**old["left"], "warmup_s": []}, right={**old["right"], "warmup_s": []})
    assert [taken.index for taken in latency.rounds if taken.side is Side.LEFT] == [0, 1, 2, 3]
    assert not any(taken.is_warmup for taken in latency.rounds)


def test_the_interval_is_the_factor_that_was_allowed_for_and_the_sentence_stays() -> None:
    old, latency = old_latency(), opened()
    assert latency.ratio == old["ratio"]
    assert (latency.ci_low, latency.ci_high) == pytest.approx((old["ratio"] / 1.8, old["ratio"] * 1.8))
    assert latency.verdict is LatencyVerdict.LEFT_FASTER
    assert latency.sentence == old["sentence"]
    summary = latency.left_summary
    assert summary.median_low_s * summary.median_high_s == pytest.approx(summary.median_s**2)
    assert (summary.median_high_s / summary.median_s) ** 2**0.5 == pytest.approx(1.8)
    assert latency.noise_floor is None


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (1.79, LatencyVerdict.NO_MEASURABLE_DIFFERENCE),
        (1.81, LatencyVerdict.LEFT_FASTER),
        (1 / 1.79, LatencyVerdict.NO_MEASURABLE_DIFFERENCE),
        (1 / 1.81, LatencyVerdict.RIGHT_FASTER),
    ],
)
def test_the_verdict_follows_from_that_interval(ratio: float, verdict: LatencyVerdict) -> None:
    assert opened(ratio=ratio).verdict is verdict


def test_no_side_is_called_faster_where_the_sentence_called_none() -> None:
    sentence = "No clear difference: a factor of 1.95, but the calls of both sides overlap."
    assert opened(sentence=sentence).verdict is LatencyVerdict.NO_MEASURABLE_DIFFERENCE


def test_outliers_are_counted_as_they_are_marked_today() -> None:
    rounds = old_latency()["rounds"]
    rounds[0]["durations_s"][0], rounds[2]["durations_s"][1] = 0.5, 0.4  # both of the left side
    latency = opened(rounds=rounds)
    assert (latency.left_summary.outliers, latency.right_summary.outliers) == (2, 0)
    assert outlier_mask(latency.durations_s(Side.LEFT)).sum() == 2


@pytest.mark.parametrize(("is_complete", "reason"), [(True, StopReason.DONE), (False, StopReason.FAILED)])
def test_a_run_that_was_cut_short_had_failed(is_complete: bool, reason: StopReason) -> None:
    latency = opened(is_complete=is_complete)
    assert (latency.is_complete, latency.stop_reason) == (is_complete, reason)


@given(hostile_snapshots("latency", sound=OLD))
@settings(max_examples=500)
def test_any_value_in_an_old_latency_gives_an_error_with_a_sentence_or_a_sound_comparison(data: bytes) -> None:
    assert is_read_or_refused(data)
