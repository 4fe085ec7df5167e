"""When enough was measured, and about how much is still missing."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from mbgui.analysis.latency_bootstrap import LogEstimate, estimate_ratio
from mbgui.analysis.latency_launches import launch_pairs
from mbgui.analysis.latency_verdict import is_below
from mbgui.analysis.launch_spread import LaunchSpread
from mbgui.analysis.student_t import t_quantile
from mbgui.domain.latency import LatencyEstimate, LatencyRound, StopReason
from mbgui.domain.request import FEWEST_LAUNCHES, BenchMode, Side

OVERWHELMING = 0.999
"""Certainty that ends a duel early. Looking again and again at 95 % would find a difference far too often; looks at
p < 0.001 leave the level of the last one practically untouched (Haybittle and Peto: Peto et al., British Journal of
Cancer 34, 1976)."""
PRECISE_LOG = 0.01
"""Half of the 95 % interval, 1 %, that is narrow enough for anybody. To stop by it favours no side."""
_MOST_LAUNCHES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known so far, and the reason to stop, `None` to go on."""

    estimate: LatencyEstimate
    stop: StopReason | None


def look(rounds: Sequence[LatencyRound], spread: LaunchSpread, mode: BenchMode, elapsed_s: float) -> Look:
    """Estimate the ratio after so many seconds. Raises `ValueError` where no launch has timed calls of both sides.

    A quick duel never stops because of what it shows; a rigorous one not before its fewest launches.
    """
    pairs = launch_pairs(rounds)
    found = estimate_ratio(pairs, spread)
    stop = _reason_to_stop(found, spread) if mode is BenchMode.RIGOROUS else None
    launches_left = 0 if stop else _launches_to_decide(found, spread)
    estimate = LatencyEstimate(
        elapsed_s=elapsed_s,
        launches=found.launches,
        ratio=exp(found.value),
        ci_low=exp(found.low),
        ci_high=exp(found.high),
        rounds_to_decide=None if launches_left is None else launches_left * _rounds_in_launch(rounds),
    )
    return Look(estimate=estimate, stop=stop)


def _reason_to_stop(found: LogEstimate, spread: LaunchSpread) -> StopReason | None:
    if found.launches < FEWEST_LAUNCHES[BenchMode.RIGOROUS]:
        return None
    low, high = found.interval(OVERWHELMING)
    if (low > 0.0 or high < 0.0) and _can_be_told(found.value, spread, found.launches):
        return StopReason.DECIDED
    return StopReason.PRECISE if (found.high - found.low) / 2 <= PRECISE_LOG else None


def _can_be_told(log_ratio: float, spread: LaunchSpread, launches: int) -> bool:
    return not spread.is_calibrated or not is_below(log_ratio, spread.noise_floor(BenchMode.RIGOROUS, launches))


def _launches_to_decide(found: LogEstimate, spread: LaunchSpread) -> int | None:
    """About how many more launches would set the interval apart from 1, or make it precise, if the ratio stays.

    `None` where far too many are missing, or where one launch alone does not tell how far launches differ.
    """
    if found.launches < 2:
        return None
    deviation = found.standard_error * sqrt(found.launches)
    fewest = FEWEST_LAUNCHES[BenchMode.RIGOROUS]
    told = spread.noise_floor(BenchMode.RIGOROUS, fewest).smallest_difference if spread.is_calibrated else 0.0
    floor = log(1.0 + told) * sqrt(fewest)  # what one launch would tell, were it as well known as several

    def suffices(launches: int) -> bool:
        reach = t_quantile(0.975, launches - 1.0) * deviation / sqrt(launches)
        is_told = max(reach, floor / sqrt(launches)) < abs(found.value)
        return is_told or reach <= PRECISE_LOG

    counts = range(max(found.launches, fewest), _MOST_LAUNCHES + 1)
    place = bisect_left(counts, True, key=suffices)
    return max(counts[place] - found.launches, 1) if place < len(counts) else None  # it is not decided before it stops


def _rounds_in_launch(rounds: Sequence[LatencyRound]) -> int:
    """Timed rounds of a side in a launch."""
    timed = [taken.launch for taken in rounds if taken.side is Side.LEFT and not taken.is_warmup]
    return round(len(timed) / max(len(set(timed)), 1))
