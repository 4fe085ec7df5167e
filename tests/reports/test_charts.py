"""The geometry of the drawings stays inside its frame, whatever the samples are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.analysis.latency import summarize
from mbgui.domain.latency import LatencyComparison, LatencyRound
from mbgui.domain.request import Side
from mbgui.reports.charts import WIDTH, latency_chart, share_chart
from tests.support.records import tiny_comparison

DURATIONS = st.lists(st.floats(1e-7, 1e4), min_size=1, max_size=30).map(tuple)
ANY_DURATIONS = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).map(tuple)


def latency_of(left_s: tuple[float, ...], right_s: tuple[float, ...]) -> LatencyComparison:
    latency = tiny_comparison().latency
    assert latency is not None
    rounds = (
        LatencyRound(side=Side.LEFT, index=0, started_s=0.0, durations_s=left_s),
        LatencyRound(side=Side.RIGHT, index=0, started_s=sum(left_s), durations_s=right_s),
    )
    return replace(latency, rounds=rounds, left_summary=summarize(left_s), right_summary=summarize(right_s))


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
