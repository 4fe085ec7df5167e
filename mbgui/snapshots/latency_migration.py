"""From schema 3 to 4: a latency measured by one process a side becomes one launch of today's records."""

import math
from collections.abc import Iterator
from statistics import fmean, median
from typing import Any

LAUNCH_SPREAD = 1.8
"""What the third version said of one launch a side: the same model can differ by up to this factor."""
_SIDE_SPREAD = LAUNCH_SPREAD ** (1 / math.sqrt(2))
"""Of two equal sides each has half of the variance of the logarithm, so its deviation is less by the root of 2."""
_NO_CLAIM = "No clear difference"
"""How that version's sentences began where it named no side."""


def launches_and_verdict(comparison: dict[str, Any]) -> dict[str, Any]:
    """The comparison with launches, warm-up rounds, blocks, an interval and a verdict where latency was measured.

    The samples, the ratio and the sentence stay. The interval is the factor that the third version allowed for, and the
    verdict claims no more than the sentence does. What was not recorded then (import, clock, memory) is 0 or left out.
    """
    latency = comparison.get("latency")
    if latency is None:
        return comparison
    ratio = latency["ratio"]
    low, high = ratio / LAUNCH_SPREAD, ratio * LAUNCH_SPREAD
    changed = {
        "left": _run(latency["left"], comparison["left"]),
        "right": _run(latency["right"], comparison["right"]),
        "rounds": list(_rounds(latency)),
        "left_summary": _summary(latency, "left"),
        "right_summary": _summary(latency, "right"),
        "ci_low": low,
        "ci_high": high,
        "verdict": _verdict(low, high, str(latency["sentence"])),
        "stop_reason": "done" if latency["is_complete"] else "failed",  # who stopped it got no snapshot
    }
    return {**comparison, "latency": {**latency, **changed}}


def _run(run: dict[str, Any], network: dict[str, Any]) -> dict[str, Any]:
    kept = {name: run[name] for name in ("call_path", "threads", "batch_size")}
    launch = {"index": 0, "import_s": 0.0, "build_s": network["build_s"], "first_call_s": run["first_call_s"]}
    return {**kept, "launches": [launch]}


def _rounds(latency: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A warm-up round of each side in front, then the timed ones, which begin so much later."""
    warm_up_s = {side: [float(duration) for duration in latency[side]["warmup_s"]] for side in ("left", "right")}
    started_s = 0.0
    for side, durations_s in warm_up_s.items():
        if durations_s:
            yield {
                "side": side,
                "launch": 0,
                "block": 0,
                "index": 0,
                "started_s": started_s,
                "durations_s": durations_s,
                "is_warmup": True,
            }
        started_s += math.fsum(durations_s)
    for taken in latency["rounds"]:
        index = taken["index"]
        place = {"launch": 0, "block": index // 2, "index": index + bool(warm_up_s[taken["side"]])}
        yield {**taken, **place, "started_s": taken["started_s"] + started_s, "is_warmup": False}


def _summary(latency: dict[str, Any], side: str) -> dict[str, Any]:
    summary = latency[f"{side}_summary"]
    median_s = summary["median_s"]
    durations_s = [value for taken in latency["rounds"] if taken["side"] == side for value in taken["durations_s"]]
    added = {"median_low_s": median_s / _SIDE_SPREAD, "median_high_s": median_s * _SIDE_SPREAD}
    return {**summary, **added, "outliers": _outlier_count(durations_s)}


def _outlier_count(durations_s: list[float]) -> int:
    """By the rule of `mbgui.analysis.outliers` when this step was written; a step has to give the same for ever."""
    if not durations_s:
        return 0
    middle_s = median(durations_s)
    distances_s = [abs(duration_s - middle_s) for duration_s in durations_s]
    spread_s = median(distances_s) / 0.6745 or fmean(distances_s) * 1.253314
    return sum(distance_s > 3.5 * spread_s for distance_s in distances_s) if spread_s else 0


def _verdict(low: float, high: float, sentence: str) -> str:
    if sentence.startswith(_NO_CLAIM) or low <= 1 <= high:
        return "no_measurable_difference"
    return "left_faster" if low > 1 else "right_faster"
