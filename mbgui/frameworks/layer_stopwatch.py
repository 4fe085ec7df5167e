"""The time that single layers take, added up over a pass and summarised over several."""

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from mbgui.domain.performance import LayerTime, LayerTiming

UNTIMED_PASSES = 2
"""Passes of either kind that come before those that count."""

Pass = Callable[[], object]


@dataclass(slots=True, kw_only=True)
class _Running:
    """A layer that is running. `inside_s` is what its members took, with all that timing them cost."""

    key: tuple[str, int]
    entered: float
    started: float = 0.0
    inside_s: float = 0.0


class LayerStopwatch:
    """Told which layer begins and ends; what timing a member costs is left out of the layer around it."""

    def __init__(self) -> None:
        self._running: list[_Running] = []
        self._calls: Counter[str] = Counter()
        self._pass: dict[tuple[str, int], float] = {}
        self._passes: defaultdict[tuple[str, int], list[float]] = defaultdict(list)

    def begin_pass(self) -> None:
        """Forget what runs: the next call of every layer is its first."""
        self._running.clear()
        self._calls.clear()
        self._pass = {}

    def enter(self, layer: str) -> None:
        """A layer begins."""
        entered = perf_counter()
        key = layer, self._calls[layer]
        self._calls[layer] += 1
        self._pass[key] = 0.0  # keeps the order in which layers begin
        running = _Running(key=key, entered=entered)
        self._running.append(running)
        running.started = perf_counter()

    def leave(self) -> None:
        """The layer that began last ends."""
        ended = perf_counter()
        running = self._running.pop()
        self._pass[running.key] = ended - running.started - running.inside_s
        if self._running:
            self._running[-1].inside_s += perf_counter() - running.entered

    def add(self, layer: str, call: int, duration_s: float) -> None:
        """A piece of a layer's call took so long."""
        self._pass[layer, call] = self._pass.get((layer, call), 0.0) + duration_s

    def keep_pass(self) -> None:
        """The pass that began last counts."""
        for key, duration_s in self._pass.items():
            self._passes[key].append(duration_s)

    def layers(self) -> tuple[LayerTime, ...]:
        """The median over the passes that count, layers in the order in which they began."""
        return tuple(
            LayerTime(layer=layer, call=call, duration_s=max(median(durations), 0.0))
            for (layer, call), durations in self._passes.items()
        )


def time_layers(  # noqa: PLR0913  all of them are what a pass is
    stopwatch: LayerStopwatch,
    plain: Pass,
    timed: Pass,
    *,
    passes: int,
    method: str,
    watched: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> LayerTiming:
    """Alternate passes without and with timing, so that a drift of the machine touches both kinds alike.

    `timed` tells the stopwatch of every layer; `watched` is around it, and its own time counts nowhere. Raises whatever
    the model raises.
    """
    plain_s, total_s = [], []
    for number in range(UNTIMED_PASSES + passes):
        without_s = _duration_s(plain)
        with watched():
            stopwatch.begin_pass()
            with_s = _duration_s(timed)
        if number >= UNTIMED_PASSES:
            plain_s.append(without_s)
            total_s.append(with_s)
            stopwatch.keep_pass()
    layers = stopwatch.layers()
    return LayerTiming(method=method, passes=passes, total_s=median(total_s), plain_s=median(plain_s), layers=layers)


def _duration_s(run: Pass) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started
