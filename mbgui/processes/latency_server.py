"""The child's part in measuring latency."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mbgui.domain.framework import CallPath
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.processes.clock import call_overhead_s, timer_resolution_s
from mbgui.processes.latency_messages import (
    LatencyCommand,
    LatencyPrepared,
    LatencyReply,
    LayerTimesRead,
    MeasureRound,
    ModelBuilt,
    PrepareLatency,
    ReadUsage,
    RoundMeasured,
    TimeLayers,
    UsageRead,
)
from mbgui.processes.memory import PeakMemory
from mbgui.processes.priority import stand_equal


class LatencyServer:
    """Answers every command of a measurement but `BuildModel`, which it is told the beginning and end of."""

    def __init__(self) -> None:
        self._memory: PeakMemory | None = None
        self._baseline_bytes: int | None = None
        self._building_since_s = 0.0

    def begin_to_build(self, *, is_first: bool) -> None:
        """The framework is imported; with `is_first` no model was in this process before, and so memory tells of it."""
        self._memory = PeakMemory() if is_first else None
        self._baseline_bytes = self._memory.begin() if self._memory is not None else None
        self._building_since_s = time.perf_counter()

    def built(self, adapter: FrameworkAdapter, import_s: float, idle_s: float) -> ModelBuilt:
        """The model is built; `idle_s` of the time since the beginning went into something else."""
        build_s = time.perf_counter() - self._building_since_s - idle_s
        return ModelBuilt(
            framework=adapter.framework,
            versions=adapter.versions(),
            import_s=import_s,
            build_s=build_s,
            baseline_bytes=self._baseline_bytes,
            timer_resolution_s=timer_resolution_s(),
            call_overhead_s=call_overhead_s(),
        )

    def answer(self, command: LatencyCommand, adapter: FrameworkAdapter) -> LatencyReply:
        """Do a command. Raises `MbguiError` and whatever else the framework raises."""
        match command:
            case PrepareLatency():
                return _prepare(command, adapter)
            case MeasureRound():
                with _collector_kept_out():
                    adapter.measure(command.untimed)
                    return RoundMeasured(durations_s=adapter.measure(command.runs))
            case ReadUsage():
                peak_bytes = None if self._memory is None else self._memory.peak_bytes()
                return UsageRead(peak_bytes=peak_bytes, traces=adapter.traces())
            case TimeLayers():
                return _time_layers(command.passes, adapter)
        raise ValueError(f"{type(command).__name__} is no question of a measurement")


def _prepare(command: PrepareLatency, adapter: FrameworkAdapter) -> LatencyPrepared:
    stand_equal()
    path = CallPath(command.call_path)
    first_call_s = adapter.prepare(path, batch_size=command.batch_size, seed=command.seed)
    gc.collect()
    with _collector_kept_out():
        return LatencyPrepared(first_call_s=first_call_s, warmup_s=adapter.measure(command.warmup))


def _time_layers(passes: int, adapter: FrameworkAdapter) -> LayerTimesRead:
    with _collector_kept_out():
        timing = adapter.time_layers(passes)
    return LayerTimesRead(method=timing.method, total_s=timing.total_s, plain_s=timing.plain_s, layers=timing.layers)


@contextmanager
def _collector_kept_out() -> Iterator[None]:
    """No automatic collection inside; what young garbage there is afterwards goes before the next time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(0)
