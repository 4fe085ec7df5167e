"""Summaries and histograms of latency, and what is said of two medians."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.latency import LAUNCH_SPREAD, bin_counts, common_edges, compare_latency, summarize
from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyComparison, LatencyRound, LatencyRun
from mbgui.domain.request import Side

_DURATIONS = st.lists(st.floats(1e-6, 10), min_size=1, max_size=60)


def _comparison(left_s: list[float], right_s: list[float]) -> LatencyComparison:
    run = LatencyRun(call_path=CallPath.EAGER, threads=1, batch_size=1, first_call_s=0.1, warmup_s=())
    rounds = [
        LatencyRound(side=side, index=0, started_s=0, durations_s=tuple(taken))
        for side, taken in ((Side.LEFT, left_s), (Side.RIGHT, right_s))
    ]
    return compare_latency(run, run, rounds, is_complete=True)


def test_percentiles_are_interpolated_linearly() -> None:
    summary = summarize([0.001, 0.002, 0.003, 0.004])
    assert summary.median_s == pytest.approx(0.0025)
    assert summary.iqr_s == pytest.approx(0.0015)
    assert summary.p90_s == pytest.approx(0.0037)
    assert (summary.count, summary.minimum_s) == (4, 0.001)
    assert summary.mean_s == pytest.approx(0.0025)


def test_nothing_cannot_be_summarized() -> None:
    with pytest.raises(ValueError, match="no timed calls"):
        summarize([])


@given(_DURATIONS, _DURATIONS)
def test_every_sample_is_counted_in_a_common_bin(left: list[float], right: list[float]) -> None:
    edges = common_edges(left, right, bins=12)
    assert len(edges) == 13
    assert list(edges) == sorted(edges)
    assert sum(bin_counts(left, edges)) == len(left)
    assert sum(bin_counts(right, edges)) == len(right)


def test_one_straggler_does_not_flatten_the_histogram() -> None:
    edges = common_edges([0.010 + 0.00001 * i for i in range(200)] + [5.0], [0.011])
    assert edges[-1] < 0.1


def test_no_samples_have_no_bins() -> None:
    assert common_edges([], []) == ()
    assert bin_counts([0.1], ()) == ()


def test_a_clear_factor_names_the_faster_side() -> None:
    assert "left side is 2.0 times as fast" in _comparison([0.01], [0.02]).sentence
    assert "right side is 3.0 times as fast" in _comparison([0.03], [0.01]).sentence


@given(st.floats(1 / LAUNCH_SPREAD + 1e-6, LAUNCH_SPREAD - 1e-6))
def test_within_the_spread_of_launches_no_side_is_called_faster(ratio: float) -> None:
    comparison = _comparison([0.01], [0.01 * ratio])
    assert comparison.sentence.startswith("No clear difference")
    assert comparison.ratio == pytest.approx(ratio)


def test_medians_far_apart_say_nothing_where_the_calls_overlap() -> None:
    scattered = [0.012] * 4 + [0.024] * 6
    sentence = _comparison(scattered, [0.0125] * 4 + [0.010] * 6).sentence
    assert sentence.startswith("No clear difference")
    assert "overlap" in sentence
    assert "right side is 2.4 times as fast" in _comparison([0.024] * 10, [0.010] * 9 + [0.1]).sentence
