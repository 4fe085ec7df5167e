"""The time of single layers, by a clock that a test turns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mbgui.domain.performance import LayerTime
from mbgui.frameworks import layer_stopwatch
from mbgui.frameworks.layer_stopwatch import UNTIMED_PASSES, LayerStopwatch, time_layers


class Clock:
    """Stands still unless it is turned; `read_s` is what reading it takes."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.read_s = 0.0

    def __call__(self) -> float:
        self.now_s += self.read_s
        return self.now_s

    def turn(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the stopwatch looks at."""
    made = Clock()
    monkeypatch.setattr(layer_stopwatch, "perf_counter", made)
    return made


def block_pass(stopwatch: LayerStopwatch, clock: Clock, *, inner_s: float) -> Callable[[], None]:
    """A block that takes a second by itself, around two calls of one layer."""

    def run() -> None:
        stopwatch.enter("block")
        clock.turn(1)
        for _ in range(2):
            stopwatch.enter("block.inner")
            clock.turn(inner_s)
            stopwatch.leave()
        stopwatch.leave()

    return run


def one_pass(stopwatch: LayerStopwatch, run: Callable[[], None]) -> dict[tuple[str, int], float]:
    stopwatch.begin_pass()
    run()
    stopwatch.keep_pass()
    return {(found.layer, found.call): found.duration_s for found in stopwatch.layers()}


def test_what_runs_inside_counts_for_the_member_and_each_call_by_itself(clock: Clock) -> None:
    stopwatch = LayerStopwatch()
    found = one_pass(stopwatch, block_pass(stopwatch, clock, inner_s=3))
    assert found == {("block", 0): 1, ("block.inner", 0): 3, ("block.inner", 1): 3}
    assert list(found) == [("block", 0), ("block.inner", 0), ("block.inner", 1)]


def test_what_timing_the_members_costs_is_no_time_of_the_layer_around_them(clock: Clock) -> None:
    clock.read_s = 0.25
    stopwatch = LayerStopwatch()
    found = one_pass(stopwatch, block_pass(stopwatch, clock, inner_s=3))
    assert found["block.inner", 0] == pytest.approx(3.25)
    assert found["block", 0] < 2  # of four readings for each member it has none


def test_several_pieces_of_one_call_add_up() -> None:
    stopwatch = LayerStopwatch()
    stopwatch.begin_pass()
    stopwatch.add("norm", 0, 2)
    stopwatch.add("norm", 0, 3)
    stopwatch.keep_pass()
    assert stopwatch.layers() == (LayerTime(layer="norm", call=0, duration_s=5),)


def test_medians_are_taken_over_the_passes_behind_the_first_ones(clock: Clock) -> None:
    stopwatch = LayerStopwatch()
    inner_s = iter([*[100.0] * UNTIMED_PASSES, 3.0, 4.0, 50.0])
    plain_s = iter([*[100.0] * UNTIMED_PASSES, 7.0, 8.0, 9.0])

    def timed() -> None:
        block_pass(stopwatch, clock, inner_s=next(inner_s))()

    timing = time_layers(stopwatch, lambda: clock.turn(next(plain_s)), timed, passes=3, method="by hand")
    assert (timing.method, timing.passes, timing.plain_s, timing.total_s) == ("by hand", 3, 8, 9)
    assert {(found.layer, found.call): found.duration_s for found in timing.layers} == {
        ("block", 0): 1,
        ("block.inner", 0): 4,
        ("block.inner", 1): 4,
    }


def test_watching_a_pass_costs_the_pass_nothing_and_ends_with_it(clock: Clock) -> None:
    stopwatch = LayerStopwatch()
    watched: list[str] = []

    @contextmanager
    def watch() -> Iterator[None]:
        clock.turn(1000)
        watched.append("begins")
        yield
        clock.turn(1000)
        watched.append("ends")

    timing = time_layers(
        stopwatch,
        lambda: clock.turn(2),
        block_pass(stopwatch, clock, inner_s=1),
        passes=1,
        method="by hand",
        watched=watch,
    )
    assert (timing.plain_s, timing.total_s) == (2, 3)
    assert watched == ["begins", "ends"] * (UNTIMED_PASSES + 1)
