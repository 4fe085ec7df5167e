"""What the machine did beside the measuring: other work, swapping, throttling, changing frequency."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from mbgui.domain.latency import LatencyWarning, WarningKind

SYSTEM_CPUS = Path("/sys/devices/system/cpu")
BUSY_SHARE = 0.1
"""Share of all processors that others may use before a result counts as disturbed."""
STOLEN_SHARE = 0.02
"""The same for what a virtual machine's host gives to others."""
_SWAPPED_BYTES = 2**20
_SHORTEST_S = 0.5
"""Shares of less than this are made of a few ticks of the system's clock, and mean nothing."""
_STEADY_GOVERNORS = frozenset({"performance", "userspace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counters:
    """Sums since the machine started; seconds over all processors."""

    total_s: float
    busy_s: float
    stolen_s: float
    own_s: float
    swapped_bytes: int
    throttled: int


class MachineWatch:
    """Watches between `begin` and `end`, any number of times, and says what was remarkable over all of it."""

    def __init__(self, system_cpus: Path = SYSTEM_CPUS) -> None:
        self._cpus = system_cpus
        self._before: _Counters | None = None
        self._total_s = self._others_s = self._stolen_s = 0.0
        self._swapped_bytes = self._throttled = 0

    def begin(self, process_ids: Iterable[int]) -> None:
        """Begin to watch; what these processes and this one use is not others' work."""
        self._before = self._read(process_ids)

    def end(self, process_ids: Iterable[int]) -> None:
        """Add what happened since `begin`; the same processes have to live still."""
        before, after = self._before, self._read(process_ids)
        if before is None:
            return
        own_s = after.own_s - before.own_s
        self._total_s += after.total_s - before.total_s
        self._others_s += max(after.busy_s - before.busy_s - own_s, 0.0)
        self._stolen_s += after.stolen_s - before.stolen_s
        self._swapped_bytes += after.swapped_bytes - before.swapped_bytes
        self._throttled += after.throttled - before.throttled
        self._before = None

    def warnings(self) -> tuple[LatencyWarning, ...]:
        """What a reader of the result has to know."""
        found = (self._busy(), self._stolen(), self._swapped(), self._slowed(), self._governed(), _on_battery())
        return tuple(warning for warning in found if warning is not None)

    def _read(self, process_ids: Iterable[int]) -> _Counters:
        times = psutil.cpu_times()
        idle_s = times.idle + getattr(times, "iowait", 0.0)
        stolen_s = getattr(times, "steal", 0.0)
        total_s = times.user + times.system + getattr(times, "nice", 0.0) + stolen_s + idle_s
        total_s += getattr(times, "irq", 0.0) + getattr(times, "softirq", 0.0)
        swap = _swapped_so_far()
        own_s = sum(_used_s(number) for number in {psutil.Process().pid, *process_ids})
        return _Counters(
            total_s=total_s,
            busy_s=total_s - idle_s - stolen_s,
            stolen_s=stolen_s,
            own_s=own_s,
            swapped_bytes=swap,
            throttled=self._throttle_count(),
        )

    def _busy(self) -> LatencyWarning | None:
        share = self._share(self._others_s)
        if share <= BUSY_SHARE:
            return None
        sentence = f"Other programs used {share:.0%} of the processors meanwhile; close them and measure again."
        return LatencyWarning(kind=WarningKind.BUSY_MACHINE, sentence=sentence)

    def _stolen(self) -> LatencyWarning | None:
        share = self._share(self._stolen_s)
        if share <= STOLEN_SHARE:
            return None
        sentence = f"The host of this virtual machine gave {share:.0%} of the processors' time to others meanwhile."
        return LatencyWarning(kind=WarningKind.BUSY_MACHINE, sentence=sentence)

    def _share(self, used_s: float) -> float:
        """The part of all processors' time; 0 where too little of it was watched."""
        return used_s / self._total_s if self._total_s >= _SHORTEST_S else 0.0

    def _swapped(self) -> LatencyWarning | None:
        if self._swapped_bytes < _SWAPPED_BYTES:
            return None
        size = self._swapped_bytes / 2**20
        sentence = f"The machine swapped {size:,.0f} MiB to or from the disk meanwhile: there is too little memory."
        return LatencyWarning(kind=WarningKind.SWAP, sentence=sentence)

    def _slowed(self) -> LatencyWarning | None:
        if self._throttled <= 0:
            return None
        sentence = f"The processor slowed itself down {self._throttled} times meanwhile because it was too hot."
        return LatencyWarning(kind=WarningKind.THROTTLING, sentence=sentence)

    def _governed(self) -> LatencyWarning | None:
        names = {_word(path) for path in self._cpus.glob("cpu[0-9]*/cpufreq/scaling_governor")}
        changing = sorted(names - _STEADY_GOVERNORS - {""})
        if not changing:
            return None
        sentence = (
            f"The processor's frequency follows the load (governor “{changing[0]}”); "
            "with the governor “performance” results spread less."
        )
        return LatencyWarning(kind=WarningKind.GOVERNOR, sentence=sentence)

    def _throttle_count(self) -> int:
        """How often cores slowed down for heat, as Intel's and AMD's drivers count it under Linux."""
        words = (_word(path) for path in self._cpus.glob("cpu[0-9]*/thermal_throttle/core_throttle_count"))
        return sum(int(word) for word in words if word.isdecimal())


def _on_battery() -> LatencyWarning | None:
    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, TypeError, ValueError):  # no such folder, or nothing psutil can make sense of
        return None
    if battery is None or battery.power_plugged is not False:
        return None
    sentence = "The machine runs on its battery, which holds the processor back; plug it in and measure again."
    return LatencyWarning(kind=WarningKind.BATTERY, sentence=sentence)


def _used_s(process_id: int) -> float:
    """Processor seconds that a process used so far, 0 for one that has ended."""
    try:
        times = psutil.Process(process_id).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _swapped_so_far() -> int:
    with contextlib.suppress(OSError, RuntimeError):
        swap = psutil.swap_memory()
        return int(swap.sin + swap.sout)
    return 0


def _word(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
