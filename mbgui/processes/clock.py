"""How finely the clock that calls are timed by tells, and what reading it costs."""

import time
from statistics import median

from mbgui.frameworks.timed_calls import time_calls

_WATCHED_S = 0.005
_EMPTY_CALLS = 1001


def timer_resolution_s() -> float:
    """The smallest step that the clock was seen to make, never less than what the system says of it."""
    stated = time.get_clock_info("perf_counter").resolution
    steps = []
    before = began = time.perf_counter()
    while before - began < _WATCHED_S:
        now = time.perf_counter()
        if now > before:
            steps.append(now - before)
        before = now
    return max(min(steps, default=stated), stated)


def call_overhead_s() -> float:
    """The median time measured for a call that does nothing."""
    return median(time_calls(_nothing, _EMPTY_CALLS))


def _nothing() -> None:
    """Takes no time of its own."""
