"""Times by layer stand beside the pairs, the largest difference first, and no time is lost or told twice."""

import pytest

from mbgui.analysis.layer_time_rows import LayerTimeRow, layer_time_rows
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.performance import LayerTime, LayerTiming, LayerTimings
from tests.support.performance_records import layer_timing, timings_of
from tests.support.records import tiny_comparison


def _pair(left: str | None, right: str | None, **further: object) -> LayerPair:
    return LayerPair(left=left, right=right, confidence=1.0, evidence=(), **further)  # type: ignore[arg-type]


def _rows(
    pairs: tuple[LayerPair, ...], left: dict[str, float] | LayerTiming | None, right: dict[str, float] | None
) -> tuple[LayerTimeRow, ...]:
    timings = LayerTimings(
        left=layer_timing(left) if isinstance(left, dict) else left,
        right=layer_timing(right) if right is not None else None,
    )
    return layer_time_rows(timings, Alignment(pairs=pairs))


def test_the_largest_difference_comes_first_whichever_side_is_slower() -> None:
    pairs = (_pair("a", "x"), _pair("b", "y"), _pair("c", "z"))
    rows = _rows(pairs, {"a": 1.0, "b": 5.0, "c": 1.0}, {"x": 2.0, "y": 1.0, "z": 1.1})
    assert [row.left for row in rows] == ["b", "a", "c"]
    assert [row.difference_s for row in rows] == pytest.approx([-4.0, 1.0, 0.1])


def test_a_pair_takes_the_time_of_all_its_members() -> None:
    pairs = (_pair("conv", "block", left_members=("conv", "relu")),)
    (row,) = _rows(pairs, {"conv": 1.0, "relu": 0.5}, {"block": 1.5})
    assert (row.left, row.left_s, row.difference_s) == ("conv + relu", 1.5, 0.0)


def test_each_run_of_a_shared_layer_keeps_its_own_time() -> None:
    timing = LayerTiming(
        method="hooks",
        passes=1,
        total_s=4.0,
        plain_s=4.0,
        layers=tuple(LayerTime(layer="relu", call=call, duration_s=1.0 + call) for call in (0, 1)),
    )
    pairs = (_pair("relu", "relu_1"), _pair("relu", "relu_2", left_call=1))
    rows = {row.right: row.left_s for row in _rows(pairs, timing, {"relu_1": 1.0, "relu_2": 1.0})}
    assert rows == {"relu_1": 1.0, "relu_2": 2.0}


def test_a_partner_without_a_time_of_its_own_makes_the_difference_unknown_and_last() -> None:
    pairs = (_pair("add", "Add"), _pair("conv", "Conv"))
    rows = _rows(pairs, {"conv": 1.0}, {"Add": 9.0, "Conv": 1.0})
    assert [(row.left, row.left_s, row.difference_s) for row in rows] == [("conv", 1.0, 0.0), ("add", None, None)]


def test_a_layer_without_a_partner_costs_what_the_other_side_does_not_pay() -> None:
    rows = _rows((_pair(None, "pad"), _pair("drop", None)), {"drop": 0.5}, {"pad": 2.0})
    assert [row.difference_s for row in rows] == [2.0, -0.5]


def test_what_a_container_does_itself_gets_a_row() -> None:
    (row, _) = _rows((_pair("conv", "Conv"),), {"conv": 1.0, "block": 0.7}, {"Conv": 1.0})
    assert (row.left, row.right, row.layers, row.left_s) == ("block", "", ("block",), 0.7)


def test_a_side_that_could_not_be_timed_leaves_times_of_the_other() -> None:
    (row,) = _rows((_pair("conv", "Conv"),), {"conv": 1.0}, None)
    assert (row.left_s, row.right_s, row.difference_s, row.right_share) == (1.0, None, None, None)


def test_without_the_other_side_no_difference_is_claimed_and_the_longest_comes_first() -> None:
    pairs = (_pair("pad", None), _pair("small", "x"), _pair("large", "y"))
    rows = _rows(pairs, {"pad": 2.0, "small": 1.0, "large": 3.0}, None)
    assert [(row.left, row.difference_s) for row in rows] == [("large", None), ("pad", None), ("small", None)]


def test_pairs_that_were_not_timed_at_all_have_no_row() -> None:
    assert _rows((_pair("add", "Add"),), {}, {}) == ()


def test_shares_are_of_each_side_s_whole_pass() -> None:
    (row, _) = _rows((_pair("a", "x"), _pair("b", "y")), {"a": 3.0, "b": 1.0}, {"x": 1.0, "y": 1.0})
    assert (row.left_share, row.right_share) == (0.75, 0.5)


def test_every_time_of_a_comparison_is_in_exactly_one_row() -> None:
    comparison = tiny_comparison(with_latency=False)
    timings = timings_of(comparison)
    rows = layer_time_rows(timings, comparison.alignment)
    for timing, found in ((timings.left, [row.left_s for row in rows]), (timings.right, [row.right_s for row in rows])):
        assert timing is not None
        assert sum(value or 0.0 for value in found) == pytest.approx(timing.total_s)
