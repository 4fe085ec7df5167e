"""Summaries of latency samples, histograms on common bins, and what may be said of two medians."""

from collections.abc import Sequence

import numpy as np

from mbgui.analysis.wording import milliseconds_text
from mbgui.domain.latency import LatencyComparison, LatencyRound, LatencyRun, LatencySummary
from mbgui.domain.request import Side

LAUNCH_SPREAD = 1.8
"""Ratio of medians up to which one launch a side says nothing.

A process has a speed of its own, which samples within it cannot reveal. Of some thirty fresh processes that ran one
and the same MobileNetV2 on a quiet two-core machine, most had a median of 11 to 13 ms and a few of 7.5 ms (a ratio of
1.73), depending on whether the allocator gave memory back between calls.
"""
_TAIL_PERCENTILE = 99.0
_MARGIN = 0.05


def summarize(durations_s: Sequence[float]) -> LatencySummary:
    """Statistics of one or more timed calls in seconds. Raises `ValueError` for none."""
    if not durations_s:
        raise ValueError("no timed calls to summarize")
    samples = np.asarray(durations_s, dtype=np.float64)
    quartile_1, median, quartile_3, p90, p99 = np.percentile(samples, (25, 50, 75, 90, 99))
    return LatencySummary(
        count=len(samples),
        mean_s=float(samples.mean()),
        median_s=float(median),
        p90_s=float(p90),
        p99_s=float(p99),
        minimum_s=float(samples.min()),
        iqr_s=float(quartile_3 - quartile_1),
    )


def common_edges(left_s: Sequence[float], right_s: Sequence[float], bins: int = 60) -> tuple[float, ...]:
    """`bins + 1` edges in seconds over both sides, from the joint minimum to the larger of both 99th percentiles.

    A margin of 5 % is added at either end. Empty where there are no samples at all.
    """
    sides = [np.asarray(side, dtype=np.float64) for side in (left_s, right_s) if len(side)]
    if not sides:
        return ()
    low = min(float(side.min()) for side in sides)
    high = max(float(np.percentile(side, _TAIL_PERCENTILE)) for side in sides)
    margin = (high - low) * _MARGIN or max(low * _MARGIN, 1e-9)
    return tuple(float(edge) for edge in np.linspace(max(low - margin, 0.0), high + margin, bins + 1))


def bin_counts(durations_s: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many samples fall into each bin; those beyond the edges are counted in the outermost bins."""
    if len(edges) < 2:
        return ()
    counts, _ = np.histogram(np.clip(durations_s, edges[0], edges[-1]), bins=np.asarray(edges))
    return tuple(int(count) for count in counts)


def compare_latency(
    left: LatencyRun, right: LatencyRun, rounds: Sequence[LatencyRound], *, is_complete: bool
) -> LatencyComparison:
    """Both sides' samples with their summaries. Raises `ValueError` where a side has no samples."""
    left_s, right_s = _durations(rounds, Side.LEFT), _durations(rounds, Side.RIGHT)
    left_summary, right_summary = summarize(left_s), summarize(right_s)
    medians = (
        f"left {left.call_path} {milliseconds_text(left_summary.median_s)} ms, "
        f"right {right.call_path} {milliseconds_text(right_summary.median_s)} ms (medians)"
    )
    ratio = right_summary.median_s / left_summary.median_s
    verdict = _verdict(ratio, are_apart=_are_apart(left_s, right_s))
    return LatencyComparison(
        left=left,
        right=right,
        rounds=tuple(rounds),
        left_summary=left_summary,
        right_summary=right_summary,
        ratio=ratio,
        sentence=verdict.format(medians=medians),
        is_complete=is_complete,
    )


def _durations(rounds: Sequence[LatencyRound], side: Side) -> list[float]:
    return [duration for taken in rounds if taken.side is side for duration in taken.durations_s]


def _are_apart(left_s: Sequence[float], right_s: Sequence[float]) -> bool:
    """Whether nine tenths of one side's calls took less than nine tenths of the other's."""
    (left_p10, left_p90), (right_p10, right_p90) = (np.percentile(side, (10, 90)) for side in (left_s, right_s))
    return bool(left_p90 < right_p10 or right_p90 < left_p10)


def _verdict(ratio: float, *, are_apart: bool) -> str:
    """What may be said of one launch a side, with a place for the medians."""
    factor = max(ratio, 1 / ratio)
    if factor <= LAUNCH_SPREAD:
        return (
            f"No clear difference: {{medians}}, a factor of {factor:.2f}; with one launch a side, "
            f"the same model can differ by a factor of {LAUNCH_SPREAD:g}."
        )
    if not are_apart:
        return f"No clear difference: {{medians}}, a factor of {factor:.2f}, but the calls of both sides overlap."
    faster = "left" if ratio > 1 else "right"
    return f"The {faster} side is {factor:.1f} times as fast by these call paths: {{medians}}."
