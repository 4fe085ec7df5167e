"""The clock that calls are timed by."""

import time
from types import SimpleNamespace

import pytest

from mbgui.processes import clock
from mbgui.processes.clock import call_overhead_s, timer_resolution_s


def use(monkeypatch: pytest.MonkeyPatch, *, step_s: float, readings_a_step: int, stated_s: float) -> None:
    """A clock that stands still for some readings and then makes a step."""
    readings = 0

    def perf_counter() -> float:
        nonlocal readings
        readings += 1
        return (readings // readings_a_step) * step_s

    told = SimpleNamespace(resolution=stated_s)
    stand_in = SimpleNamespace(perf_counter=perf_counter, get_clock_info=lambda _: told)
    monkeypatch.setattr(clock, "time", stand_in)


def test_the_resolution_is_the_smallest_step_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, step_s=1e-4, readings_a_step=3, stated_s=1e-9)
    assert timer_resolution_s() == pytest.approx(1e-4)


def test_the_resolution_is_never_finer_than_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, step_s=1e-6, readings_a_step=1, stated_s=1e-3)
    assert timer_resolution_s() == 1e-3


def test_the_real_clock_tells_calls_that_do_nothing_from_a_millisecond() -> None:
    assert time.get_clock_info("perf_counter").resolution <= timer_resolution_s() < 1e-3
    assert 0 <= call_overhead_s() < 1e-3
