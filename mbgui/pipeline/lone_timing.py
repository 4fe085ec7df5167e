"""One side timed by itself, as call paths and the points of sweeps are."""

from collections.abc import Iterator

from mbgui.domain.events import Event
from mbgui.pipeline.launch import Launch
from mbgui.pipeline.stages import StageClock

_ROUNDS = 10
_MEASURE_S = 3.0
_FEWEST_ROUNDS = 3


class LoneTiming:
    """Warms a prepared launch up and times it; `durations_s` are the calls in steady state."""

    def __init__(self, launch: Launch, *, warmup: int, round_size: int = 0) -> None:
        self._launch = launch
        self._warmup = warmup
        self._round_size = round_size
        self.durations_s: tuple[float, ...] = ()

    def events(self, clock: StageClock, fraction: float, text: str) -> Iterator[Event]:
        """Progress while it is timed. Raises `MbguiError` where its process fails."""
        yield clock.progress(fraction, f"{text}: warming up")
        for _ in self._launch.warm_up(self._warmup):
            pass
        yield clock.progress(fraction, f"{text}: measuring")
        size = self._launch.round_runs(self._round_size)
        fitting = int(_MEASURE_S / max(self._launch.level_s * size, 1e-9))
        for block in range(min(max(fitting, _FEWEST_ROUNDS), _ROUNDS)):
            self.durations_s += self._launch.measure(block, size).durations_s
        self._launch.resume()
