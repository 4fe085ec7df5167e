"""Whether the calls so far have reached their level."""

from collections.abc import Sequence
from enum import StrEnum

MOST_CALLS = 200
LONGEST_S = 10.0
FEWEST_CALLS = 3


class WarmUpState(StrEnum):
    """Whether warming up goes on, and if not, why."""

    GOES_ON = "goes on"
    STEADY = "steady"
    BOUND = "bound"


def is_steady(durations_s: Sequence[float]) -> bool:
    """Whether the later half of at least ten calls shows no change."""
    return len(durations_s) >= 10


def warm_up_is_over(durations_s: Sequence[float], fewest: int, elapsed_s: float) -> WarmUpState:
    """Whether warming up may end after these calls, which took so many seconds altogether."""
    if len(durations_s) < max(fewest, FEWEST_CALLS):
        return WarmUpState.GOES_ON
    if is_steady(durations_s):
        return WarmUpState.STEADY
    is_bound = len(durations_s) >= MOST_CALLS or elapsed_s >= LONGEST_S
    return WarmUpState.BOUND if is_bound else WarmUpState.GOES_ON
