"""A row shows its layer's own time, a group that of everything in it, by each side's own hierarchy."""

from dataclasses import replace

import pytest

from mbgui.analysis.outline_times import OutlineTimes, outline_time_steps
from mbgui.domain.comparison import Comparison
from mbgui.domain.network import LayerKind, Network
from mbgui.domain.performance import LayerTime, LayerTiming, LayerTimings
from mbgui.domain.request import Side
from tests.support.performance_records import layer_timing, network_timing, timings_of
from tests.support.records import comparison_of, layer, tiny_comparison, tiny_keras_network, tiny_torch_network

COMPARISON = tiny_comparison(with_latency=False)


def _times(comparison: Comparison, timings: LayerTimings) -> OutlineTimes:
    steps = outline_time_steps(timings, comparison.outline, comparison.left, comparison.right)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def _by_label(comparison: Comparison, times: OutlineTimes, side: Side) -> dict[str, float | None]:
    cells = [row.left if side is Side.LEFT else row.right for row in comparison.outline.rows]
    return {cell.label: time for cell, time in zip(cells, times.of(side), strict=True) if cell is not None}


def test_a_leaf_shows_its_own_time_and_an_operation_without_one_nothing() -> None:
    timings = timings_of(COMPARISON)
    assert timings.left is not None
    left = _by_label(COMPARISON, _times(COMPARISON, timings), Side.LEFT)
    own = {time.layer: time.duration_s for time in timings.left.layers}
    assert left["features.0.0"] == own["features.0.0"]
    assert left["features.1.add"] is None


def test_a_container_shows_what_it_takes_itself_and_all_below_it() -> None:
    timing = layer_timing({"features": 0.5, "features.0": 0.25, "features.0.0": 1.0, "features.1.0": 2.0, "flatten": 9})
    left = _by_label(COMPARISON, _times(COMPARISON, LayerTimings(left=timing, right=None)), Side.LEFT)
    assert left["features.0"] == pytest.approx(1.25)
    assert left["features"] == pytest.approx(3.75)
    assert left["classifier"] is None


def test_groups_made_from_names_hold_what_their_members_take() -> None:
    timing = layer_timing({"block_1_pad": 1.0, "block_1_depthwise": 2.0, "block_1_add": 4.0, "predictions": 8.0})
    right = _by_label(COMPARISON, _times(COMPARISON, LayerTimings(left=None, right=timing)), Side.RIGHT)
    assert right["block_1"] == pytest.approx(7.0)


def test_groups_made_from_names_are_counted_as_parameters_are() -> None:
    """One second for every parameter: each group's time must be its number of parameters."""
    counts = {
        cell.layer: float(cell.parameter_count)
        for row in COMPARISON.outline.rows
        for cell in (row.right,)
        if cell is not None and cell.layer is not None and not row.is_group
    }
    times = _times(COMPARISON, LayerTimings(left=None, right=layer_timing(counts)))
    for row, time in zip(COMPARISON.outline.rows, times.right, strict=True):
        if row.right is not None:
            assert (time or 0.0) == row.right.parameter_count


def test_a_layer_apart_from_a_group_is_not_counted_in_it_though_its_name_begins_alike() -> None:
    names = ("block_1_a", "block_1_b", "head", "block_1_c", "tail")
    layers = tuple(layer(name, "Dense", LayerKind.DENSE, (2,)) for name in names)
    flat = replace(tiny_keras_network(), layers=layers, tensors=(), calls=())
    comparison = comparison_of(flat, flat)
    timing = layer_timing({name: 10.0**place for place, name in enumerate(names)})
    left = _by_label(comparison, _times(comparison, LayerTimings(left=timing, right=None)), Side.LEFT)
    assert left["block_1"] == 11.0


def test_all_runs_of_a_shared_layer_are_added_up() -> None:
    runs = tuple(LayerTime(layer="features.0.2", call=call, duration_s=1.0) for call in range(3))
    timing = LayerTiming(method="hooks", passes=1, total_s=3.0, plain_s=3.0, layers=runs)
    left = _by_label(COMPARISON, _times(COMPARISON, LayerTimings(left=timing, right=None)), Side.LEFT)
    assert left["features.0.2"] == 3.0


def test_a_side_without_times_is_empty_and_the_other_is_not() -> None:
    timings = LayerTimings(left=None, right=timings_of(COMPARISON).right)
    times = _times(COMPARISON, timings)
    assert set(times.left) == {None}
    assert any(times.right)
    assert len(times.left) == len(times.right) == len(COMPARISON.outline.rows)


def test_the_outermost_groups_and_lone_layers_make_up_the_whole() -> None:
    timings = timings_of(COMPARISON)
    times = _times(COMPARISON, timings)
    tops = [number for number, row in enumerate(COMPARISON.outline.rows) if row.parent < 0]
    assert timings.left is not None
    assert sum(times.left[row] or 0.0 for row in tops) == pytest.approx(timings.left.total_s)


def test_layers_that_contain_each_other_end() -> None:
    network = _circular(tiny_torch_network())
    timing = network_timing(network, method="hooks")
    comparison = replace(COMPARISON, left=network)
    assert any(_times(comparison, LayerTimings(left=timing, right=None)).left)


def test_a_network_of_one_layer_needs_no_group() -> None:
    single = replace(
        tiny_torch_network(), layers=(layer("only_one", "Linear", LayerKind.DENSE, (2,)),), tensors=(), calls=()
    )
    comparison = comparison_of(single, single)
    times = _times(comparison, LayerTimings(left=layer_timing({"only_one": 2.0}), right=None))
    assert list(times.left) == [2.0]


def _circular(network: Network) -> Network:
    """A file can claim anything: here two containers lie in each other."""
    parents = {"features": "features.0", "features.0": "features"}
    layers = tuple(replace(found, parent=parents.get(found.path, found.parent)) for found in network.layers)
    return replace(network, layers=layers)
