"""The latency charts: marks that can be read, and a bounded number of points."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mbgui.analysis.latency import summarize
from mbgui.domain.latency import LatencyEstimate, LatencyRound
from mbgui.domain.request import Side
from mbgui.gui.theme import DARK, Theme, ThemeChoice
from mbgui.gui.widgets.duration_axis import DurationAxis, logarithmic_ticks
from mbgui.gui.widgets.latency_charts import HistogramChart
from mbgui.gui.widgets.latency_marks import MedianMark
from mbgui.gui.widgets.latency_picture import LatencyPicture
from mbgui.gui.widgets.latency_ratio import RatioChart
from mbgui.gui.widgets.latency_samples import Samples
from mbgui.gui.widgets.latency_strip import POINTS_AT_MOST, StripChart
from tests.support.records import tiny_latency


def rounds(side: Side, durations_s: Sequence[float], launch: int = 0, *, is_warmup: bool = False) -> LatencyRound:
    return LatencyRound(
        side=side,
        launch=launch,
        block=0,
        index=0,
        started_s=100.0 * launch,
        durations_s=tuple(durations_s),
        is_warmup=is_warmup,
    )


def picture(left_s: Sequence[float], right_s: Sequence[float]) -> LatencyPicture:
    samples = Samples([rounds(Side.LEFT, left_s), rounds(Side.RIGHT, right_s)])
    summaries = {
        side: summarize([durations]) for side, durations in ((Side.LEFT, left_s), (Side.RIGHT, right_s)) if durations
    }
    return LatencyPicture(samples=samples, summaries=summaries)


def estimate(elapsed_s: float, half: float) -> LatencyEstimate:
    return LatencyEstimate(elapsed_s=elapsed_s, launches=1, ratio=1.1, ci_low=1.1 - half, ci_high=1.1 + half)


@pytest.fixture
def histogram(qtbot: QtBot) -> HistogramChart:
    made = HistogramChart(Theme())
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


@pytest.fixture
def strip(qtbot: QtBot) -> StripChart:
    made = StripChart(Theme())
    qtbot.addWidget(made)
    made.resize(800, 200)
    made.show()
    return made


def label_of(mark: MedianMark) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a label, in pixels of the scene."""
    area = mark.label.textItem.sceneBoundingRect()
    return area.left(), area.top(), area.right(), area.bottom()


def spread(middle: float, count: int = 200) -> list[float]:
    return [middle * (1 + 0.1 * math.sin(number)) for number in range(count)]


def test_every_timed_call_is_in_a_bar(histogram: HistogramChart) -> None:
    histogram.show_picture(picture(spread(0.010), spread(0.020, 77)))
    assert {side: sum(counts) for side, counts in histogram.counts.items()} == {Side.LEFT: 200, Side.RIGHT: 77}


def test_a_side_without_calls_has_no_bars_and_no_median(histogram: HistogramChart) -> None:
    histogram.show_picture(picture(spread(0.010), spread(0.020)))
    histogram.show_picture(picture(spread(0.010), ()))
    assert histogram.counts[Side.RIGHT] == ()
    assert not histogram.marks[Side.RIGHT].line.isVisible()
    assert histogram.marks[Side.LEFT].line.isVisible()


def test_calls_that_are_far_slower_do_not_squeeze_the_others_and_are_counted_in_the_last_bin(
    histogram: HistogramChart,
) -> None:
    histogram.show_picture(picture([*spread(0.010, 180), *([2.0] * 20)], spread(0.011, 200)))
    assert histogram._range[1] < 50.0
    assert histogram.counts[Side.LEFT][-1] == 20
    assert histogram.beyond == 20
    histogram.show_logarithmic(is_logarithmic=True)
    assert 10 ** histogram._range[1] > 2000.0


@pytest.mark.parametrize("is_logarithmic", [False, True])
@pytest.mark.parametrize(
    ("left_s", "right_s"),
    [
        (spread(0.0100), spread(0.0101)),
        (spread(0.0101), spread(0.0100)),
        ([0.001, *[0.100] * 400], spread(0.0999)),
        ([*[0.001] * 400, 0.100], spread(0.00101)),
    ],
)
def test_labels_of_medians_neither_overlap_nor_leave_the_chart(
    qtbot: QtBot, histogram: HistogramChart, left_s: list[float], right_s: list[float], is_logarithmic: bool
) -> None:
    histogram.show_logarithmic(is_logarithmic=is_logarithmic)
    histogram.show_picture(picture(left_s, right_s))
    qtbot.wait(20)
    area = histogram._area.sceneBoundingRect()
    left, right = (label_of(histogram.marks[side]) for side in Side)
    for first, top, last, bottom in (left, right):
        assert first >= area.left() - 1
        assert last <= area.right() + 1
        assert top >= area.top() - 1
        assert bottom <= area.bottom() + 1
    is_apart = left[2] <= right[0] or right[2] <= left[0] or left[3] <= right[1] or right[3] <= left[1]
    assert is_apart


def test_a_logarithmic_axis_has_round_ticks() -> None:
    assert logarithmic_ticks(18.2, 31.0) == [20.0, 22.0, 24.0, 26.0, 28.0, 30.0]
    assert logarithmic_ticks(0.8, 300.0) == [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0]
    assert logarithmic_ticks(0.0, 3.0) == []
    axis = DurationAxis()
    axis.show_logarithmic(is_logarithmic=True)
    assert axis.tickStrings([0.0, np.log10(20.0)], 1.0, 1.0) == ["1", "20"]


def test_of_many_calls_some_are_drawn_and_all_outliers(strip: StripChart) -> None:
    durations = spread(0.010, 20_000)
    for place in range(500, 20_000, 1_000):
        durations[place] = 0.5
    strip.show_calls(Samples([rounds(Side.LEFT, durations)]))
    assert strip.step == 32
    assert POINTS_AT_MOST / 2 <= len(strip.dots[Side.LEFT].data) <= POINTS_AT_MOST
    assert len(strip.rings[Side.LEFT].data) == 20


def test_calls_that_are_drawn_stay_while_more_come_in(strip: StripChart) -> None:
    def drawn(count: int) -> set[float]:
        strip.show_calls(Samples([rounds(Side.LEFT, [0.01 + 1e-8 * number for number in range(count)])]))
        return set(np.round(strip.dots[Side.LEFT].data["y"], 9))

    before, after = drawn(2_100), drawn(3_900)
    assert before < after


def test_the_warm_up_is_drawn_apart(strip: StripChart) -> None:
    samples = Samples([rounds(Side.LEFT, spread(0.03, 7), is_warmup=True), rounds(Side.LEFT, spread(0.01, 11))])
    strip.show_calls(samples)
    assert len(strip.warmups[Side.LEFT].data) == 7
    assert len(strip.dots[Side.LEFT].data) == 11


def test_launches_are_numbered_where_there_is_room(qtbot: QtBot, strip: StripChart) -> None:
    strip.show_calls(Samples([rounds(Side.LEFT, spread(0.01, 100), launch) for launch in range(3)]))
    qtbot.wait(20)
    strip.show_calls(Samples([rounds(Side.LEFT, spread(0.01, 100), launch) for launch in range(3)]))
    assert strip.words == ["launch 1", "launch 2", "launch 3"]
    strip.show_calls(Samples([rounds(Side.LEFT, spread(0.01, 100), launch) for launch in range(60)]))
    assert 2 < len(strip.words) < 20
    strip.show_calls(Samples([rounds(Side.LEFT, spread(0.01, 100))]))
    assert strip.words == []


def test_nothing_measured_is_drawn_as_nothing(strip: StripChart, histogram: HistogramChart) -> None:
    strip.show_calls(Samples())
    histogram.show_picture(LatencyPicture(samples=Samples(), summaries={}))
    assert len(strip.dots[Side.LEFT].data) == 0
    assert histogram.counts == {Side.LEFT: (), Side.RIGHT: ()}


def test_the_interval_of_the_ratio_is_drawn_over_the_time(qtbot: QtBot) -> None:
    chart = RatioChart(Theme())
    qtbot.addWidget(chart)
    wide = [estimate(1.0, 0.9), estimate(2.0, 0.5), estimate(3.0, 0.05), estimate(4.0, 0.04)]
    shown = LatencyPicture(samples=Samples(), summaries={}, estimates=wide, smallest_difference=0.02)
    chart.show_picture(shown)
    assert chart.low.getData()[1].tolist() == pytest.approx([0.2, 0.6, 1.05, 1.06])
    assert chart.high.getData()[1].tolist() == pytest.approx([2.0, 1.6, 1.15, 1.14])
    (_, (bottom, top)) = chart._area.viewRange()
    assert 0.9 < bottom < 1.0
    assert 1.15 < top < 1.3, "early intervals do not flatten the late ones"
    chart.show_picture(dataclasses.replace(shown, estimates=()))
    assert len(chart.line.getData()[1] if chart.line.getData()[1] is not None else ()) == 0


def test_charts_follow_the_theme(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    latency = tiny_latency()
    samples = Samples(latency.rounds)
    for chart in (HistogramChart(theme), StripChart(theme), RatioChart(theme)):
        qtbot.addWidget(chart)
        if isinstance(chart, StripChart):
            chart.show_calls(samples)
        else:
            chart.show_picture(LatencyPicture(samples=samples, summaries={}, estimates=latency.estimates))
        theme.set_choice(ThemeChoice.DARK)
        chart.color()
        assert chart.backgroundBrush().color().name() == DARK.surface
        theme.set_choice(ThemeChoice.LIGHT)
