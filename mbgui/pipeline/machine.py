"""The machine that a comparison runs on."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

import psutil

import mbgui
from mbgui.domain.environment import Environment, Version


def default_threads() -> int:
    """Threads for each side: the physical cores this process may use, at least 1."""
    physical = psutil.cpu_count(logical=False) or 1
    return max(1, min(physical, available_processors()))


def describe_environment(versions: Iterable[Version], threads: int) -> Environment:
    """This machine and `versions`, each once and in the order given; `threads` is what each side was given."""
    return Environment(
        mbgui_version=mbgui.__version__,
        operating_system=_operating_system(),
        processor=processor(),
        processor_count=available_processors(),
        memory_bytes=psutil.virtual_memory().total,
        python_version=platform.python_version(),
        threads=threads,
        versions=tuple(dict.fromkeys(versions)),
    )


def available_processors() -> int:
    """Logical processors that this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _operating_system() -> str:
    """Name and version of the system with its kernel: `Debian GNU/Linux 12 (Linux 6.1, x86_64)`."""
    kernel = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}, {platform.machine()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']} ({kernel})"
    except (OSError, KeyError):
        return kernel


def processor() -> str:
    """The name of the processor; Linux alone keeps it in a file; elsewhere Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
