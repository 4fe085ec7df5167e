"""What a reader has found in a file so far; it stands even where the rest is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy.typing as npt

from mbgui.domain.model_file import FileFact, FileFormat

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArray:
    """One tensor in a file: `read` gives its values, memory-mapped where they are stored as they are.

    `read` raises `MbguiError` where numpy lacks the element type or the values are damaged.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    size_bytes: int
    read: Callable[[], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file that is being read: `content` is seekable, `memory_bytes` bounds what may be unpacked of it.

    `is_on_disk` is false for a file inside another, whose `path` is that of the outer one: it cannot be mapped.
    """

    path: str
    content: BinaryIO
    size_bytes: int
    memory_bytes: int
    is_on_disk: bool = True


@dataclass(slots=True, kw_only=True)
class Findings:
    """Filled by a reader while it reads, so that a refusal leaves what was found before it.

    `format` is what it looked like at first; a reader that finds out more says so.
    """

    format: FileFormat
    arrays: list[StoredArray] = field(default_factory=list)
    facts: list[FileFact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_fact(self, name: str, value: object) -> None:
        """Keep a line of what the file says of itself; nothing where it says nothing, cut where it is long."""
        text = "".join(letter if letter.isprintable() else " " for letter in str(value))
        if value is not None and text:
            self.facts.append(FileFact(name=name[:100], value=text[:500]))
