"""With which versions mbgui runs, told without importing what they are of."""

import os
import platform
from collections.abc import Iterator
from importlib import metadata

import PySide6
from PySide6.QtCore import qVersion

import mbgui
from mbgui.domain.environment import Version
from mbgui.frozen import is_frozen

NOT_INSTALLED = "not installed"
_FRAMEWORKS = {
    "torch": ("torch",),
    "torchvision": ("torchvision",),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos"),
    "keras": ("keras",),
}
"""What they are called, and the distributions that each may come in."""


def software_versions() -> tuple[Version, ...]:
    """Of mbgui first, then of Python, Qt, and the frameworks."""
    return (
        Version(name="mbgui", version=mbgui.__version__),
        Version(name="Python", version=platform.python_version()),
        Version(name="Qt", version=qVersion()),
        Version(name="PySide6", version=PySide6.__version__),
        *(Version(name=name, version=_installed(names)) for name, names in _FRAMEWORKS.items()),
    )


def system_lines() -> tuple[str, ...]:
    """The system and the machine in lines as a report of a fault needs them."""
    memory = _memory_gib()
    return (
        f"System: {platform.platform()}",
        f"Machine: {platform.machine()}, {os.cpu_count()} processors" + (f", {memory:.1f} GiB" if memory else ""),
        f"Packaged app: {'yes' if is_frozen() else 'no'}",
    )


def version_lines() -> tuple[str, ...]:
    """A line for each version."""
    return tuple(f"{known.name} {known.version}" for known in software_versions())


def _installed(names: tuple[str, ...]) -> str:
    return next(_found_versions(names), NOT_INSTALLED)


def _found_versions(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        try:
            yield metadata.version(name)
        except metadata.PackageNotFoundError:
            continue


def _memory_gib() -> float:
    import psutil  # noqa: PLC0415 - not needed for the first picture

    return float(psutil.virtual_memory().total) / 2**30
