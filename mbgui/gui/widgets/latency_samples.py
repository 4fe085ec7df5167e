"""The timed calls gathered so far, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mbgui.domain.latency import LatencyRound
from mbgui.domain.request import Side


@dataclass(slots=True)
class TimedCalls:
    """The timed calls of one side: when each began, in seconds since measuring began, and how long it took."""

    started_s: list[float] = field(default_factory=list)
    durations_s: list[float] = field(default_factory=list)


Samples = dict[Side, TimedCalls]
"""Both sides are always there."""


def no_samples() -> Samples:
    """Nothing measured yet."""
    return {side: TimedCalls() for side in Side}


def add_rounds(samples: Samples, rounds: Iterable[LatencyRound]) -> None:
    """Append the calls of these rounds; within a round each call begins where the one before ended."""
    for taken in rounds:
        calls, started_s = samples[taken.side], taken.started_s
        for duration_s in taken.durations_s:
            calls.started_s.append(started_s)
            calls.durations_s.append(duration_s)
            started_s += duration_s
