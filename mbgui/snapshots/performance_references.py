"""What types cannot say of the ladder, the sweeps and the times of layers: paths and layers exist, numbers can be."""

from collections.abc import Iterator

from mbgui.domain.comparison import Comparison
from mbgui.domain.network import Network
from mbgui.domain.performance import CallPathTiming, Ladder, LayerTiming, Sweep, SweepPoint
from mbgui.domain.request import Side
from mbgui.snapshots.latency_references import find_call_path_faults
from mbgui.snapshots.number_faults import (
    LARGEST_RATIO,
    find_duration_faults,
    find_launch_faults,
    find_range_faults,
    find_summary_faults,
)


def find_performance_faults(comparison: Comparison) -> Iterator[str]:
    """Where what was measured beside the duel contradicts the networks or itself, each fault as a few words."""
    if comparison.ladder is not None:
        yield from _ladder_faults(comparison, comparison.ladder)
    for index, sweep in enumerate(comparison.sweeps):
        yield from _sweep_faults(comparison, sweep, f"sweeps[{index}]")
    if comparison.layer_times is not None:
        for side in Side:
            timing = comparison.layer_times.timing(side)
            if timing is not None:
                yield from _layer_faults(timing, comparison.network(side), side)


def _ladder_faults(comparison: Comparison, ladder: Ladder) -> Iterator[str]:
    yield from find_range_faults(ladder.threads, "ladder.threads", 1)
    yield from find_range_faults(ladder.batch_size, "ladder.batch_size", 1)
    for index, timing in enumerate(ladder.timings):
        field = f"ladder.timings[{index}]"
        network = comparison.network(timing.side)
        yield from find_call_path_faults(timing.call_path, network, timing.side, field)
        yield from _timing_faults(timing, field)


def _timing_faults(timing: CallPathTiming, field: str) -> Iterator[str]:
    if (timing.launch is None) != (timing.summary is None):
        yield f"{field} has only one of a launch and its statistics"
    if timing.launch is not None:
        yield from find_launch_faults(timing.launch, f"{field}.launch")
    yield from _statistics_faults(timing, field)


def _sweep_faults(comparison: Comparison, sweep: Sweep, field: str) -> Iterator[str]:
    yield from find_range_faults(sweep.threads, f"{field}.threads", 1)
    yield from find_range_faults(sweep.batch_size, f"{field}.batch_size", 1)
    for side, path in ((Side.LEFT, sweep.left_path), (Side.RIGHT, sweep.right_path)):
        yield from find_call_path_faults(path, comparison.network(side), side, field)
    for index, point in enumerate(sweep.points):
        place = f"{field}.points[{index}]"
        yield from find_range_faults(point.value, f"{place}.value", 1)
        yield from find_range_faults(point.throughput_per_s, f"{place}.throughput_per_s", 0, LARGEST_RATIO)
        yield from _statistics_faults(point, place)


def _statistics_faults(found: CallPathTiming | SweepPoint, field: str) -> Iterator[str]:
    yield from find_duration_faults(found.durations_s, f"{field}.durations_s")
    if found.summary is not None:
        yield from find_summary_faults(found.summary, found.durations_s, f"{field}.summary")
    if (found.summary is None) != (not found.durations_s):
        yield f"{field} has only one of calls and their statistics"


def _layer_faults(timing: LayerTiming, network: Network, side: Side) -> Iterator[str]:
    field = f"layer_times.{side}"
    paths = frozenset(layer.path for layer in network.layers)
    yield from find_range_faults(timing.passes, f"{field}.passes")
    yield from find_duration_faults((timing.total_s, timing.plain_s), field, "a pass")
    yield from find_duration_faults((found.duration_s for found in timing.layers), field, "a layer")
    for found in timing.layers:
        if found.layer not in paths:
            yield f"{field} names {found.layer!r}, which is no layer of the {side} network"
        yield from find_range_faults(found.call, f"{field}.call")
