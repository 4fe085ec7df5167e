"""Ladders and sweeps become rows and curves, and words say what was measured and what was not."""

from dataclasses import replace

import pytest

from mbgui.analysis.call_path_wording import (
    call_path_explanation,
    call_path_title,
    framework_of_path,
    is_recommended,
)
from mbgui.analysis.ladder_rows import ladder_rows
from mbgui.analysis.performance_wording import (
    interval_text,
    ladder_sentence,
    seconds_text,
    sweep_sentence,
    timing_sentence,
)
from mbgui.analysis.sweep_rows import latency_curve, sweep_rows, throughput_curve
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.performance import SweepPoint
from mbgui.domain.request import Side, SweepAxis
from tests.support.performance_records import (
    NO_COMPILER,
    batch_sweep,
    full_ladder,
    layer_timing,
    summary_of,
    sweep_point,
    threads_sweep,
)

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def test_every_call_path_has_words_and_one_framework() -> None:
    for path in CallPath:
        assert call_path_title(path)
        assert call_path_explanation(path).endswith(".")
    assert framework_of_path(CallPath.BFLOAT16) is Framework.PYTORCH
    assert framework_of_path(CallPath.XLA) is Framework.KERAS


def test_one_path_of_each_framework_is_recommended() -> None:
    assert [path for path in CallPath if is_recommended(path)] == [CallPath.EAGER, CallPath.TF_FUNCTION]


def test_bars_share_one_axis_that_ends_at_the_slowest_path() -> None:
    rows = {row.timing.call_path: row for row in ladder_rows(full_ladder().timings)}
    assert rows[CallPath.CALL].share == 1.0
    assert rows[CallPath.EAGER].share == pytest.approx(0.0212 / 0.1924)


def test_a_path_that_was_skipped_has_no_bar() -> None:
    rows = {row.timing.call_path: row for row in ladder_rows(full_ladder().timings)}
    assert rows[CallPath.COMPILE].share == 0.0
    assert rows[CallPath.COMPILE].timing.reason == NO_COMPILER


def test_a_ladder_that_was_stopped_says_so() -> None:
    assert "stopped" not in ladder_sentence(full_ladder())
    assert "ended early" in ladder_sentence(full_ladder(is_complete=False))
    assert "batch 1 · 2 threads" in ladder_sentence(full_ladder())


def test_points_become_one_row_a_value_in_ascending_order() -> None:
    points = [sweep_point(RIGHT, 4, 0.04), sweep_point(LEFT, 4, 0.02), sweep_point(LEFT, 1, 0.01)]
    rows = sweep_rows(points)
    assert [(row.value, row.ratio) for row in rows] == [(1, None), (4, 2.0)]
    assert rows[0].right is None


def test_a_missing_point_says_which_side_and_why() -> None:
    sweep = batch_sweep((1, 64), failed={(LEFT, 64): "It ran out of memory.", (RIGHT, 64): ""})
    rows = sweep_rows(sweep.points)
    assert rows[0].note == ""
    assert rows[1].note == "left: It ran out of memory.; right: not measured"
    assert latency_curve(rows, LEFT).values == (1,)


def test_the_later_of_two_points_at_one_value_counts() -> None:
    (row,) = sweep_rows([sweep_point(LEFT, 2, 0.01), sweep_point(LEFT, 2, 0.03)])
    assert row.left is not None
    assert row.left.summary is not None
    assert row.left.summary.median_s == 0.03


def test_curves_are_in_milliseconds_and_inputs_per_second() -> None:
    rows = sweep_rows([sweep_point(LEFT, 8, 0.02, inputs=8)])
    latency, throughput = latency_curve(rows, LEFT), throughput_curve(rows, LEFT)
    assert (latency.middle[0], latency.low[0], latency.high[0]) == pytest.approx((20.0, 19.0, 21.0))
    assert throughput.middle[0] == pytest.approx(400.0)
    assert (throughput.low[0], throughput.high[0]) == pytest.approx((8 / 0.021, 8 / 0.019))


def test_an_unknown_interval_is_as_narrow_as_the_median() -> None:
    unknown = replace(summary_of(0.02), median_low_s=0.0, median_high_s=0.0)
    point = SweepPoint(side=LEFT, value=1, summary=unknown, throughput_per_s=50.0)
    rows = sweep_rows([point])
    assert latency_curve(rows, LEFT).low == latency_curve(rows, LEFT).high == (20.0,)
    assert throughput_curve(rows, LEFT).low == throughput_curve(rows, LEFT).high == pytest.approx((50.0,))
    assert interval_text(unknown) == "–"


def test_a_side_without_points_has_an_empty_curve() -> None:
    assert latency_curve((), LEFT).values == ()


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [(None, "–"), (0.0, "0.00"), (0.004, "<0.01"), (0.095, "0.10"), (3.7, "3.70"), (1234.5, "1,234.50")],
)
def test_seconds_never_read_as_nothing(duration_s: float | None, text: str) -> None:
    assert seconds_text(duration_s) == text


def test_a_sweep_names_both_paths_and_what_was_kept() -> None:
    assert sweep_sentence(batch_sweep()) == "PyTorch · eager against Keras · tf.function · 2 threads"
    assert "batch 1" in sweep_sentence(threads_sweep())
    assert "thread" not in sweep_sentence(threads_sweep())
    assert "ended early" in sweep_sentence(batch_sweep(is_complete=False))
    assert "batch 1 · 2 threads" in sweep_sentence(replace(batch_sweep(), axis=SweepAxis.INPUT))


def test_timing_layers_says_what_it_cost() -> None:
    light = timing_sentence(layer_timing({"a": 0.0105}, method="module hooks", overhead=0.05), "")
    assert light == (
        "module hooks · median of 20 passes · a pass took 10.50 ms with its layers timed, 10.00 ms without (+5.0 %)"
    )
    assert "shares rather than" in timing_sentence(layer_timing({"a": 0.01}, overhead=0.5), "")


def test_a_side_that_was_not_timed_says_why() -> None:
    assert timing_sentence(None, "It has no modules.") == "not timed by layer: It has no modules."
