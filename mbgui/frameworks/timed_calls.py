"""Timing calls with nothing else between them."""

from collections.abc import Callable
from time import perf_counter


def time_calls(call: Callable[[], object], runs: int) -> tuple[float, ...]:
    """Seconds of each of `runs` consecutive calls."""
    durations_s = [0.0] * runs
    for index in range(runs):
        started = perf_counter()
        call()
        durations_s[index] = perf_counter() - started
    return tuple(durations_s)
