"""Summaries of latency samples, histograms on common bins, and the comparison of both sides' calls."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp

import numpy as np

from mbgui.analysis.latency_bootstrap import estimate_median, estimate_ratio
from mbgui.analysis.latency_doubts import latency_warnings
from mbgui.analysis.latency_launches import Samples, launch_pairs, launches_of, positive
from mbgui.analysis.latency_verdict import verdict_of, verdict_sentence
from mbgui.analysis.launch_spread import CAUTIOUS_SPREAD, LaunchSpread
from mbgui.analysis.outliers import outlier_mask
from mbgui.domain.latency import (
    LatencyComparison,
    LatencyEstimate,
    LatencyRound,
    LatencyRun,
    LatencySummary,
    LatencyWarning,
    StopReason,
)
from mbgui.domain.request import BenchMode, Side

_TAIL_PERCENTILE = 99.0
_MARGIN = 0.05
_DEEPEST = 1e-9
"""Part of the slowest call at which a logarithmic axis ends, whatever a coarse clock or a strange file says."""
_FEWEST_IN_BLOCK = 5
_MOST_BLOCKS = 10


def summarize(launches: Sequence[Sequence[float]], *, spread: LaunchSpread | None = None) -> LatencySummary:
    """Statistics of one side's timed calls in seconds, given by launch, with the interval of their median.

    Where there is one launch, `spread` says how far its median may be from that of another; without it, the interval
    is that of this launch alone, whose neighbouring calls resemble each other. Raises `ValueError` for no calls at all.
    """
    described = describe(launches)
    blocks = [_consecutive_blocks(positive(launch)) for launch in launches if len(launch)]
    found = estimate_median(blocks, spread)
    return replace(described, median_low_s=exp(found.low), median_high_s=exp(found.high))


def describe(launches: Sequence[Sequence[float]]) -> LatencySummary:
    """The same statistics without the interval, at a fraction of the effort.

    Percentiles are those of all calls together, but the median is the geometric mean of those of the launches: launches
    weigh equally then, and the ratio of two sides' medians is the ratio that is estimated. Outliers are looked for
    within each launch. Raises `ValueError` for no calls at all.
    """
    made = [np.asarray(launch, dtype=np.float64) for launch in launches if len(launch)]
    if not made:
        raise ValueError("no timed calls to summarize")
    samples = np.concatenate(made)
    quartile_1, quartile_3, p90, p99 = np.percentile(samples, (25, 75, 90, 99))
    medians = [float(np.median(positive(launch))) for launch in launches if len(launch)]
    return LatencySummary(
        count=len(samples),
        mean_s=float(samples.mean()),
        median_s=float(np.exp(np.mean(np.log(medians)))),
        p90_s=float(p90),
        p99_s=float(p99),
        minimum_s=float(samples.min()),
        iqr_s=float(quartile_3 - quartile_1),
        outliers=sum(int(outlier_mask(launch).sum()) for launch in made),
    )


def _consecutive_blocks(samples: Samples) -> tuple[Samples, ...]:
    """The calls of a launch in blocks of neighbours; few calls are one block."""
    count = min(max(len(samples) // _FEWEST_IN_BLOCK, 1), _MOST_BLOCKS)
    return tuple(np.array_split(samples, count))


def common_edges(
    left_s: Sequence[float], right_s: Sequence[float], bins: int = 60, *, is_logarithmic: bool = False
) -> tuple[float, ...]:
    """`bins + 1` edges in seconds over both sides, from the joint minimum to the larger of both 99th percentiles.

    A margin of 5 % is added at either end. Logarithmic bins are equally wide on a logarithmic axis, for calls that took
    some time at all. Empty where there are no samples at all.
    """
    sides = [np.asarray(side, dtype=np.float64) for side in (left_s, right_s) if len(side)]
    if not sides:
        return ()
    low = min(float(side.min()) for side in sides)
    high = max(float(np.percentile(side, _TAIL_PERCENTILE)) for side in sides)
    margin = (high - low) * _MARGIN or max(low * _MARGIN, 1e-9)
    if is_logarithmic and high > 0.0:
        low = max(low, high * _DEEPEST)
        reach = (high / low) ** _MARGIN if high > low else 1.0 + _MARGIN
        return tuple(float(edge) for edge in np.geomspace(low / reach, high * reach, bins + 1))
    return tuple(float(edge) for edge in np.linspace(max(low - margin, 0.0), high + margin, bins + 1))


def bin_counts(durations_s: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many samples fall into each bin; those beyond the edges are counted in the outermost bins."""
    if len(edges) < 2:
        return ()
    counts, _ = np.histogram(np.clip(durations_s, edges[0], edges[-1]), bins=np.asarray(edges))
    return tuple(int(count) for count in counts)


def compare_latency(  # noqa: PLR0913  both sides, their calls, and what is known besides
    left: LatencyRun,
    right: LatencyRun,
    rounds: Sequence[LatencyRound],
    *,
    is_complete: bool,
    mode: BenchMode = BenchMode.QUICK,
    stop_reason: StopReason = StopReason.DONE,
    spread: LaunchSpread = CAUTIOUS_SPREAD,
    estimates: Sequence[LatencyEstimate] = (),
    warnings: Sequence[LatencyWarning] = (),
) -> LatencyComparison:
    """Both sides' calls, what they say, and how sure that is. What the calls themselves cast doubt on is warned of.

    Raises `ValueError` where no launch has timed calls of both sides.
    """
    pairs = launch_pairs(rounds)
    found = estimate_ratio(pairs, spread)
    floor = spread.noise_floor(mode, found.launches)
    left_summary, right_summary = (summarize(launches_of(rounds, side), spread=spread) for side in Side)
    compared = LatencyComparison(
        left=left,
        right=right,
        rounds=tuple(rounds),
        left_summary=left_summary,
        right_summary=right_summary,
        ratio=exp(found.value),
        ci_low=exp(found.low),
        ci_high=exp(found.high),
        verdict=verdict_of(found, floor),
        sentence="",
        is_complete=is_complete,
        mode=mode,
        stop_reason=stop_reason,
        noise_floor=floor,
        estimates=tuple(estimates),
        warnings=(*warnings, *latency_warnings(left, right, rounds)),
    )
    return replace(compared, sentence=verdict_sentence(compared, found.launches))
