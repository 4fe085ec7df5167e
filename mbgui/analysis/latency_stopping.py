"""When enough was measured, and about how much is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from mbgui.analysis.latency_bootstrap import estimate_ratio
from mbgui.analysis.latency_launches import launch_pairs
from mbgui.analysis.launch_spread import LaunchSpread
from mbgui.domain.latency import LatencyEstimate, LatencyRound, StopReason
from mbgui.domain.request import BenchMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known so far, and the reason to stop, `None` to go on."""

    estimate: LatencyEstimate
    stop: StopReason | None


def look(rounds: Sequence[LatencyRound], spread: LaunchSpread, mode: BenchMode, elapsed_s: float) -> Look:
    """Estimate the ratio after so many seconds. Raises `ValueError` where no launch has timed calls of both sides."""
    found = estimate_ratio(launch_pairs(rounds), spread)
    estimate = LatencyEstimate(
        elapsed_s=elapsed_s,
        launches=found.launches,
        ratio=exp(found.log_ratio),
        ci_low=exp(found.log_low),
        ci_high=exp(found.log_high),
    )
    return Look(estimate=estimate, stop=None)
