"""What types cannot say of a latency: its rounds are of launches that exist, and its numbers can be meant."""

from collections.abc import Iterator

from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CALL_PATHS, CallPath
from mbgui.domain.latency import (
    LatencyComparison,
    LatencyEstimate,
    LatencyRound,
    LatencyRun,
    LatencyVerdict,
    NoiseFloor,
)
from mbgui.domain.network import Network
from mbgui.domain.request import Side
from mbgui.snapshots.number_faults import (
    LARGEST_RATIO,
    LONGEST_CALL_S,
    find_duration_faults,
    find_launch_faults,
    find_range_faults,
    find_summary_faults,
    find_time_faults,
)

_LATEST_S = 1e9
"""Thirty years of measuring."""


def find_latency_faults(comparison: Comparison, latency: LatencyComparison) -> Iterator[str]:
    """Where a latency contradicts the networks or itself, each fault as a few words."""
    for side in Side:
        run = latency.run(side)
        yield from find_call_path_faults(run.call_path, comparison.network(side), side, f"latency.{side}")
        yield from _run_faults(run, f"latency.{side}")
        yield from _round_faults(latency, side)
        durations_s = latency.durations_s(side)
        if not durations_s:
            yield f"latency.rounds has no timed call of the {side} side"
        yield from find_summary_faults(latency.summary(side), durations_s, f"latency.{side}_summary")
    yield from _interval_faults(latency, "latency")
    yield from _verdict_faults(latency)
    for index, estimate in enumerate(latency.estimates):
        yield from _estimate_faults(estimate, f"latency.estimates[{index}]")
    if latency.noise_floor is not None:
        yield from _noise_faults(latency.noise_floor)


def find_call_path_faults(path: CallPath, network: Network, side: Side, field: str) -> Iterator[str]:
    """A call path that the framework of a side does not have."""
    if path not in CALL_PATHS[network.framework]:
        framework = network.framework.display_name
        yield f"{field} calls the {side} network by {path.value!r}, which {framework} does not have"


def _run_faults(run: LatencyRun, field: str) -> Iterator[str]:
    yield from find_range_faults(run.threads, f"{field}.threads", 1)
    yield from find_range_faults(run.batch_size, f"{field}.batch_size", 1)
    yield from find_range_faults(run.timer_resolution_s, f"{field}.timer_resolution_s", 0, LONGEST_CALL_S)
    yield from find_range_faults(run.call_overhead_s, f"{field}.call_overhead_s", 0, LONGEST_CALL_S)
    if len({launch.index for launch in run.launches}) != len(run.launches):
        yield f"{field}.launches names a launch twice"
    for launch in run.launches:
        yield from find_launch_faults(launch, f"{field}.launches")


def _round_faults(latency: LatencyComparison, side: Side) -> Iterator[str]:
    launches = frozenset(launch.index for launch in latency.run(side).launches)
    launches |= {max(launches, default=-1) + 1}  # one that was cut short has rounds, and is not described
    for taken in latency.rounds:
        if taken.side is side:
            yield from _place_faults(taken, launches)
            yield from find_range_faults(taken.started_s, "latency.rounds.started_s", 0, _LATEST_S)
            yield from find_duration_faults(taken.durations_s, "latency.rounds", f"a call of the {side} side")


def _place_faults(taken: LatencyRound, launches: frozenset[int]) -> Iterator[str]:
    if taken.launch not in launches:
        yield f"latency.rounds names launch {taken.launch} of the {taken.side} side, which was not made"
    yield from find_range_faults(taken.block, "latency.rounds.block")
    yield from find_range_faults(taken.index, "latency.rounds.index")


def _interval_faults(found: LatencyComparison | LatencyEstimate, field: str) -> Iterator[str]:
    for name in ("ratio", "ci_low", "ci_high"):
        yield from find_range_faults(getattr(found, name), f"{field}.{name}", 0, LARGEST_RATIO)
    if found.ci_low > found.ci_high:
        yield f"{field} has an interval from {found.ci_low} to {found.ci_high}"


def _verdict_faults(latency: LatencyComparison) -> Iterator[str]:
    claimed_above_1 = {LatencyVerdict.LEFT_FASTER: True, LatencyVerdict.RIGHT_FASTER: False}.get(latency.verdict)
    if claimed_above_1 is not None and claimed_above_1 != (latency.ratio > 1):
        yield f"latency.verdict is {latency.verdict.value!r} at a ratio of {latency.ratio}"


def _estimate_faults(estimate: LatencyEstimate, field: str) -> Iterator[str]:
    yield from find_range_faults(estimate.elapsed_s, f"{field}.elapsed_s", 0, _LATEST_S)
    yield from find_range_faults(estimate.launches, f"{field}.launches")
    yield from _interval_faults(estimate, field)
    yield from find_range_faults(estimate.rounds_to_decide, f"{field}.rounds_to_decide")


def _noise_faults(floor: NoiseFloor) -> Iterator[str]:
    field = "latency.noise_floor"
    yield from find_range_faults(floor.smallest_difference, f"{field}.smallest_difference", 0, LARGEST_RATIO)
    if floor.calibrated_at:
        yield from find_time_faults(floor.calibrated_at, f"{field}.calibrated_at")
