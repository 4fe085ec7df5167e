"""The machine and the versions a comparison was made with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A package and its version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where and with what a comparison was made. `threads` is the number of threads given to each side."""

    mbgui_version: str
    operating_system: str
    processor: str
    processor_count: int
    memory_bytes: int
    python_version: str
    threads: int
    versions: tuple[Version, ...]
