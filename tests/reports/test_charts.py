"""The geometry of the drawings stays inside its frame, whatever the samples are."""

from dataclasses import replace
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.domain.latency import LatencyComparison, LatencyRound, LatencySummary
from mbgui.domain.request import Side
from mbgui.reports.charts import MOST_DOTS, WIDTH, ladder_chart, latency_chart, share_chart
from tests.support.records import tiny_comparison, tiny_ladder

DURATIONS = st.lists(st.floats(1e-7, 1e4), min_size=1, max_size=30).map(tuple)
ANY_DURATIONS = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).map(tuple)


def summary_of(durations_s: tuple[float, ...]) -> LatencySummary:
    """What a drawing reads of the statistics: the median."""
    latency = tiny_comparison().latency
    assert latency is not None
    return replace(latency.left_summary, count=len(durations_s), median_s=median(durations_s))


def latency_of(left_s: tuple[float, ...], right_s: tuple[float, ...]) -> LatencyComparison:
    latency = tiny_comparison().latency
    assert latency is not None
    rounds = (
        LatencyRound(side=Side.LEFT, index=0, started_s=0.0, durations_s=left_s),
        LatencyRound(side=Side.RIGHT, index=0, started_s=sum(left_s), durations_s=right_s),
    )
    return replace(latency, rounds=rounds, left_summary=summary_of(left_s), right_summary=summary_of(right_s))


@given(ANY_DURATIONS, ANY_DURATIONS)
def test_everything_is_drawn_inside_the_frame(left_s: tuple[float, ...], right_s: tuple[float, ...]) -> None:
    chart = latency_chart(latency_of(left_s, right_s))
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH + 1e-6
        assert 0 <= bar.y <= chart.axis_y
    for dot in chart.dots:
        assert 0 <= dot.x <= WIDTH + 1e-6
        assert chart.strip_y <= dot.y <= chart.height
    assert all(0 <= mark.x <= WIDTH for mark in (*chart.ticks, *chart.medians))
    assert len(chart.dots) == len(left_s) + len(right_s)


@given(DURATIONS, DURATIONS)
def test_the_axis_has_a_readable_number_of_ticks(left_s: tuple[float, ...], right_s: tuple[float, ...]) -> None:
    ticks = latency_chart(latency_of(left_s, right_s)).ticks
    assert 1 <= len(ticks) <= 8
    assert len({tick.text for tick in ticks}) == len(ticks)


def test_the_tallest_bar_is_the_fullest_bin() -> None:
    chart = latency_chart(latency_of((0.010,) * 9 + (0.020,), (0.015,) * 3))
    tallest = max(chart.bars, key=lambda bar: bar.height)
    assert tallest.side is Side.LEFT
    assert [round(bar.height / tallest.height * 9) for bar in chart.bars if bar.side is Side.RIGHT] == [3]


def test_shares_come_largest_first_with_lengths_in_proportion() -> None:
    bars = share_chart(tiny_comparison()).bars
    assert [row.bar.width for row in bars] == sorted((row.bar.width for row in bars), reverse=True)
    assert {row.bar.side for row in bars} == set(Side)
    shares = [float(row.figure.removesuffix(" %")) for row in bars]
    assert bars[0].bar.width / bars[1].bar.width == pytest.approx(shares[0] / shares[1], rel=1e-3)


def test_a_share_beyond_all_stays_in_the_frame() -> None:
    comparison = tiny_comparison()
    left = comparison.accounting.left
    types = tuple(replace(kind, share=1e9) for kind in left.layer_types)
    books = replace(comparison.accounting, left=replace(left, layer_types=types))
    assert all(row.bar.x + row.bar.width <= WIDTH for row in share_chart(replace(comparison, accounting=books)).bars)


def test_calls_of_the_warm_up_are_marked_and_no_outliers() -> None:
    latency = latency_of((0.010, 0.0101), (0.02,) * 3)
    calls = (0.5, 0.010, 0.0101, 0.0099, 0.0102)
    warm_up = LatencyRound(side=Side.LEFT, index=1, started_s=0.0, durations_s=calls, is_warmup=True)
    dots = latency_chart(replace(latency, rounds=(*latency.rounds, warm_up))).dots
    assert sum(dot.is_warmup for dot in dots) == len(calls)
    assert not any(dot.is_outlier for dot in dots)


def test_outliers_are_looked_for_within_a_launch_over_all_of_its_rounds() -> None:
    latency = latency_of((0.010, 0.0101, 0.0099, 0.0102), (0.02,) * 3)
    slow_round, slow_launch = (
        LatencyRound(side=Side.LEFT, launch=launch, index=1, started_s=1.0, durations_s=(0.030, 0.0301))
        for launch in (0, 1)
    )
    dots = latency_chart(replace(latency, rounds=(*latency.rounds, slow_round, slow_launch))).dots
    left = [dot.is_outlier for dot in dots if dot.side is Side.LEFT]
    assert left == [*[False] * 4, True, True, False, False]


def test_of_very_many_calls_some_are_drawn_and_every_outlier() -> None:
    calls = tuple(0.010 + 0.0001 * (index % 10) for index in range(MOST_DOTS * 3 - 2))
    chart = latency_chart(latency_of((*calls, 1.0, 1.1), calls))
    assert chart.step == 3
    assert 2 * MOST_DOTS - 2 <= len(chart.dots) <= 2 * MOST_DOTS + 2
    assert sum(dot.is_outlier for dot in chart.dots) == 2


def test_call_paths_are_bars_on_one_axis_and_one_that_was_not_run_has_none() -> None:
    bars = ladder_chart(tiny_ladder()).bars
    assert [row.label for row in bars] == ["left eager", "right tf.function"]
    assert bars[1].bar.width == pytest.approx(2 * bars[0].bar.width)
    assert [row.figure for row in bars] == ["10.10 ms", "20.20 ms"]
    assert all(row.bar.x + row.bar.width < WIDTH for row in bars)


def test_call_paths_that_took_no_time_at_all_divide_by_nothing() -> None:
    ladder = tiny_ladder()
    timings = tuple(
        replace(timing, summary=summary_of((0.0,))) if timing.summary is not None else timing
        for timing in ladder.timings
    )
    assert all(row.bar.width > 0 for row in ladder_chart(replace(ladder, timings=timings)).bars)
