"""Summaries and histograms of latency."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.latency import bin_counts, common_edges, compare_latency, describe, summarize
from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD
from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyLaunch, LatencyRound, LatencyRun, WarningKind
from mbgui.domain.request import Side
from tests.support.records import tiny_latency

_DURATIONS = st.lists(st.floats(1e-6, 10), min_size=1, max_size=60)


def test_percentiles_are_interpolated_linearly_over_all_launches() -> None:
    summary = summarize([[0.001, 0.003], [0.002, 0.004]])
    assert summary.iqr_s == pytest.approx(0.0015)
    assert summary.p90_s == pytest.approx(0.0037)
    assert (summary.count, summary.minimum_s) == (4, 0.001)
    assert summary.mean_s == pytest.approx(0.0025)


def test_launches_weigh_equally_in_the_median_however_many_calls_they_have() -> None:
    summary = summarize([[0.012] * 8, [0.0075] * 500])
    assert summary.median_s == pytest.approx((0.012 * 0.0075) ** 0.5)
    assert summary.median_low_s < summary.median_s < summary.median_high_s


def test_the_ratio_is_that_of_the_medians_told() -> None:
    latency = tiny_latency()
    assert latency.ratio == pytest.approx(latency.right_summary.median_s / latency.left_summary.median_s)


def test_outliers_are_looked_for_within_each_launch() -> None:
    quick, slow = [0.010, 0.011, 0.0105, 0.0095, 0.05], [0.050, 0.051, 0.0505, 0.0495]
    assert summarize([quick, slow]).outliers == 1


def test_nothing_cannot_be_summarized() -> None:
    for launches in range(3):
        with pytest.raises(ValueError, match="no timed calls"):
            summarize([()] * launches)


def test_the_median_of_several_launches_is_as_unsure_as_they_differ() -> None:
    alike = summarize([[0.0100, 0.0101]] * 3 + [[0.0101, 0.0102]] * 3)
    apart = summarize([[0.010, 0.0101]] * 3 + [[0.015, 0.0151]] * 3)
    assert apart.median_high_s - apart.median_low_s > 10 * (alike.median_high_s - alike.median_low_s)
    assert alike.median_low_s <= alike.median_s <= alike.median_high_s


def test_the_median_of_one_launch_takes_the_known_spread_where_there_is_one() -> None:
    calls = [list(0.01 * np.exp(0.02 * np.random.default_rng(1).standard_normal(200)))]
    alone, known = summarize(calls), summarize(calls, spread=CAUTIOUS_SPREAD)
    assert alone.median_high_s < 1.01 * alone.median_s
    assert known.median_high_s == pytest.approx(1.8**0.5**0.5 * known.median_s, rel=0.05)


def test_a_description_is_a_summary_without_the_interval() -> None:
    described, summary = describe([[0.01, 0.02]]), summarize([[0.01, 0.02]])
    assert (described.median_low_s, described.median_high_s) == (0.0, 0.0)
    assert (described.median_s, described.p99_s) == (summary.median_s, summary.p99_s)


@given(_DURATIONS, _DURATIONS, st.booleans())
def test_every_sample_is_counted_in_a_common_bin(left: list[float], right: list[float], is_logarithmic: bool) -> None:
    edges = common_edges(left, right, bins=12, is_logarithmic=is_logarithmic)
    assert len(edges) == 13
    assert list(edges) == sorted(edges)
    assert sum(bin_counts(left, edges)) == len(left)
    assert sum(bin_counts(right, edges)) == len(right)


def test_logarithmic_bins_are_each_as_many_times_as_wide_as_the_one_before() -> None:
    edges = np.asarray(common_edges([0.001], [0.1], bins=10, is_logarithmic=True))
    assert edges[1:] / edges[:-1] == pytest.approx(np.full(10, edges[1] / edges[0]))
    assert edges[0] < 0.001
    assert edges[-1] > 0.1


def test_one_straggler_does_not_flatten_the_histogram() -> None:
    edges = common_edges([0.010 + 0.00001 * i for i in range(200)] + [5.0], [0.011])
    assert edges[-1] < 0.1


def test_no_samples_have_no_bins() -> None:
    assert common_edges([], []) == ()
    assert bin_counts([0.1], ()) == ()


def _run(*, is_steady: bool = True, traces: int | None = None) -> LatencyRun:
    launch = LatencyLaunch(index=0, import_s=1.0, build_s=0.1, first_call_s=0.1, is_steady=is_steady, traces=traces)
    return LatencyRun(call_path=CallPath.EAGER, threads=1, batch_size=1, launches=(launch,))


def _round(side: Side, *durations_s: float, launch: int = 0, is_warmup: bool = False) -> LatencyRound:
    return LatencyRound(side=side, launch=launch, index=0, started_s=0, durations_s=durations_s, is_warmup=is_warmup)


def test_with_one_launch_the_ratio_is_that_of_the_medians_of_all_timed_calls() -> None:
    rounds = [
        _round(Side.LEFT, 9.0, is_warmup=True),
        _round(Side.LEFT, 0.01, 0.012, 0.03),
        _round(Side.RIGHT, 0.03, 0.031, 0.02),
    ]
    compared = compare_latency(_run(), _run(), rounds, is_complete=True)
    assert compared.ratio == pytest.approx(0.03 / 0.012)
    assert compared.rounds == tuple(rounds)
    assert compared.ci_low < compared.ratio < compared.ci_high


def test_the_ratio_is_the_geometric_mean_over_the_launches_of_both_sides() -> None:
    rounds = [
        _round(Side.LEFT, 0.01),
        _round(Side.RIGHT, 0.02),
        _round(Side.LEFT, 0.01, launch=1),
        _round(Side.RIGHT, 0.08, launch=1),
        _round(Side.LEFT, 5.0, launch=2),
    ]
    assert compare_latency(_run(), _run(), rounds, is_complete=False).ratio == pytest.approx(4.0)


def test_sides_that_were_never_launched_together_cannot_be_compared() -> None:
    for rounds in ([], [_round(Side.LEFT, 0.01), _round(Side.RIGHT, 0.01, launch=1)]):
        with pytest.raises(ValueError, match="both sides"):
            compare_latency(_run(), _run(), rounds, is_complete=True)


def test_an_unsteady_warm_up_and_a_function_traced_again_are_warned_of() -> None:
    rounds = [_round(Side.LEFT, 0.01), _round(Side.RIGHT, 0.02)]
    compared = compare_latency(_run(is_steady=False, traces=1), _run(traces=3), rounds, is_complete=True)
    kinds = {warning.kind: warning.sentence for warning in compared.warnings}
    assert set(kinds) == {WarningKind.UNSTEADY, WarningKind.RETRACED}
    assert "left side" in kinds[WarningKind.UNSTEADY]
    assert "right side was traced 3 times" in kinds[WarningKind.RETRACED]


def test_drift_of_the_calls_is_warned_of() -> None:
    rounds = [_round(side, 0.01 * (1 + 0.02 * step)) for step in range(12) for side in Side]
    kinds = [warning.kind for warning in compare_latency(_run(), _run(), rounds, is_complete=True).warnings]
    assert kinds == [WarningKind.DRIFT]
