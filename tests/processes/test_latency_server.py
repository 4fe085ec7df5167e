"""What a child does around timed calls."""

import gc
from collections.abc import Iterator
from typing import cast

import pytest

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.performance import LayerTiming
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.processes import latency_server
from mbgui.processes.latency_messages import (
    LatencyPrepared,
    MeasureRound,
    PrepareLatency,
    ReadUsage,
    RoundMeasured,
    TimeLayers,
    UsageRead,
)
from mbgui.processes.latency_server import LatencyServer
from tests.support.fake_child_program import FakeAdapter

PREPARE = PrepareLatency(call_path="eager", batch_size=1, warmup=2, seed=0)


class Watching(FakeAdapter):
    """Writes down whether the garbage collector may cut in, and what garbage there was."""

    def __init__(self) -> None:
        super().__init__(Framework.PYTORCH)
        self.collected: list[bool] = []
        self.asked: list[int] = []
        self.is_broken = False

    def measure(self, runs: int) -> tuple[float, ...]:
        if self.is_broken:
            raise MbguiError(Problem(sentence="It broke."))
        self.collected.append(gc.isenabled())
        self.asked.append(runs)
        return super().measure(runs)

    def time_layers(self, passes: int) -> LayerTiming:
        self.collected.append(gc.isenabled())
        return super().time_layers(passes)


class Cycle:
    """Garbage that only the collector finds."""

    alive = 0

    def __init__(self) -> None:
        self.own = self
        Cycle.alive += 1

    def __del__(self) -> None:
        Cycle.alive -= 1


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    """An adapter that watches, in a process that claims no share."""
    monkeypatch.setattr(latency_server, "stand_equal", lambda: None)
    return Watching()


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()


def adapter(watching: Watching) -> FrameworkAdapter:
    return cast("FrameworkAdapter", watching)


def test_the_collector_is_kept_out_of_calls_and_let_in_afterwards(watching: Watching) -> None:
    server = LatencyServer()
    for command in (PREPARE, MeasureRound(runs=3, untimed=1), TimeLayers(passes=2)):
        server.answer(command, adapter(watching))
        assert gc.isenabled()
    assert watching.collected == [False, False, False, False]


def test_garbage_of_a_round_is_gone_before_the_next_one(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(_runs: int) -> tuple[float, ...]:
        Cycle()
        return ()

    monkeypatch.setattr(watching, "measure", measure)
    LatencyServer().answer(MeasureRound(runs=1), adapter(watching))
    assert Cycle.alive == 0


def test_the_collector_is_let_in_after_a_round_that_failed(watching: Watching) -> None:
    watching.is_broken = True
    with pytest.raises(MbguiError, match="It broke"):
        LatencyServer().answer(MeasureRound(runs=1), adapter(watching))
    assert gc.isenabled()


def test_untimed_calls_come_first_and_are_in_no_answer(watching: Watching) -> None:
    reply = LatencyServer().answer(MeasureRound(runs=3, untimed=2), adapter(watching))
    assert isinstance(reply, RoundMeasured)
    assert watching.asked == [2, 3]
    assert reply.durations_s == pytest.approx((0.0012, 0.0013, 0.0014))


def test_the_warm_up_is_timed(watching: Watching) -> None:
    reply = LatencyServer().answer(PREPARE, adapter(watching))
    assert isinstance(reply, LatencyPrepared)
    assert (reply.first_call_s, len(reply.warmup_s)) == (0.5, 2)


def test_time_that_went_into_something_else_is_no_time_of_building(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([100.0, 107.0])
    monkeypatch.setattr("mbgui.processes.latency_server.time.perf_counter", lambda: next(moments))
    monkeypatch.setattr(latency_server, "timer_resolution_s", lambda: 1e-9)
    monkeypatch.setattr(latency_server, "call_overhead_s", lambda: 1e-8)
    server = LatencyServer()
    server.begin_to_build(is_first=False)
    built = server.built(adapter(watching), 3.0, 2.0)
    assert (built.build_s, built.import_s, built.baseline_bytes) == (5.0, 3.0, None)
    assert (built.timer_resolution_s, built.call_overhead_s) == (1e-9, 1e-8)


def test_a_process_that_built_nothing_tells_no_peak(watching: Watching) -> None:
    reply = LatencyServer().answer(ReadUsage(), adapter(watching))
    assert reply == UsageRead(peak_bytes=None, traces=None)
