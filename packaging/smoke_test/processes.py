"""Processes seen from outside: which run out of the bundle, what they have loaded, and that none is left."""

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from smoke_test.failures import StepFailed
from smoke_test.waiting import wait_until

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_END_S = 5.0


def adopt_orphans() -> None:
    """Become the parent of whatever a started program leaves behind, so that it can be found and ended."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants() -> None:
    """End every process that this one or one of its own has started."""
    left = psutil.Process().children(recursive=True)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=_END_S)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def processes_of(folder: Path) -> list[psutil.Process]:
    """The processes whose executable lies in the folder."""
    return [process for process in psutil.process_iter() if _runs_out_of(process, folder)]


def main_processes_of(folder: Path) -> list[psutil.Process]:
    """Those of them that are no child processes of the app."""
    found = []
    for process in processes_of(folder):
        with contextlib.suppress(psutil.Error):
            if "--child" not in process.cmdline()[1:2]:
                found.append(process)
    return found


def wait_for_none(folder: Path, timeout_s: float) -> None:
    """Wait until no process runs out of the folder. Raises `StepFailed` where one is left."""

    def none_is_left() -> bool:
        return not processes_of(folder)

    try:
        wait_until(none_is_left, "", timeout_s)
    except StepFailed as failure:
        left = [" ".join(process.cmdline()) for process in processes_of(folder)]
        raise StepFailed(f"after {timeout_s:.0f} s there still run: {left}") from failure


def kill(process: psutil.Process) -> None:
    """End a process as the system does where memory is out."""
    with contextlib.suppress(psutil.Error):
        process.send_signal(signal.SIGKILL)


def loaded_files(processes: Iterable[psutil.Process]) -> set[str]:
    """The files that the processes have mapped; those of ended processes are left out."""
    found: set[str] = set()
    for process in processes:
        with contextlib.suppress(OSError):
            found |= mapped_files(Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8", errors="replace"))
    return found


def mapped_files(maps: str) -> set[str]:
    """The paths in the text of a `/proc/PID/maps` (proc(5))."""
    columns = (line.split(maxsplit=5) for line in maps.splitlines())
    return {column[5] for column in columns if len(column) == 6 and column[5].startswith("/")}


def foreign_files(loaded: Iterable[str], bundle: Path) -> list[str]:
    """Loaded files that a bundle ought to bring and that came from elsewhere: another Python, Qt or framework."""
    signs = ("python", "site-packages", "dist-packages", "torch", "tensorflow", "libqt", "pyside", "libcuda")
    outside = (path for path in loaded if not path.startswith(f"{bundle}/"))
    return sorted(path for path in outside if any(sign in path.lower() for sign in signs))


def _runs_out_of(process: psutil.Process, folder: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return process.status() != psutil.STATUS_ZOMBIE and process.exe().startswith(f"{folder}/")
    return False
