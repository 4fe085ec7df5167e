"""How much memory this process holds, and the most that it held since a moment."""

import os
import sys
from pathlib import Path

PROCESS = Path("/proc/self")
_RESET_PEAK = "5"
"""What tells Linux to begin a new peak (proc(5), clear_refs)."""


def resident_bytes() -> int | None:
    """The resident size, `None` where the system does not tell."""
    try:
        pages = int((PROCESS / "statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


class PeakMemory:
    """The largest resident size since `begin`."""

    def __init__(self) -> None:
        self._is_reset = False
        self._earlier_bytes = 0
        self._baseline_bytes = 0

    def begin(self) -> int | None:
        """Forget earlier peaks; the resident size now, `None` where the system does not tell."""
        self._earlier_bytes = _lifetime_peak_bytes()
        self._is_reset = _reset_peak()
        baseline = resident_bytes()
        self._baseline_bytes = baseline or 0
        return baseline

    def peak_bytes(self) -> int | None:
        """The largest size since then.

        Where earlier peaks cannot be forgotten, that of the whole life of the process, if it grew since then; else
        `None`: the process was larger before.
        """
        if self._is_reset:
            peak = _peak_bytes()
            return None if peak is None else max(peak, self._baseline_bytes)
        lifetime = _lifetime_peak_bytes()
        return lifetime if lifetime > self._earlier_bytes else None


def _reset_peak() -> bool:
    try:
        (PROCESS / "clear_refs").write_text(_RESET_PEAK, encoding="ascii")
    except OSError:  # another system, or not granted
        return False
    return _peak_bytes() is not None


def _peak_bytes() -> int | None:
    """Linux's own count of the peak (VmHWM), which it counts from the last reset."""
    try:
        lines = (PROCESS / "status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)


if sys.platform == "win32":

    def _lifetime_peak_bytes() -> int:
        """Not told by the standard library."""
        return 0

else:
    import resource

    def _lifetime_peak_bytes() -> int:
        """The peak since the process began, which may be that of the one it was started from (getrusage(2))."""
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
