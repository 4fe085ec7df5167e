"""Parts of a file: read exactly, or mapped into memory without being read."""

from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any, BinaryIO

import numpy as np

from mbgui.model_files.findings import Array


def read_exactly(content: BinaryIO, offset: int, size: int) -> bytes:
    """The bytes at a place. Raises `EOFError` where the file ends before."""
    content.seek(offset)
    found = content.read(size)
    if len(found) != size:
        raise EOFError(f"{size} bytes wanted at {offset}, {len(found)} there")
    return found


def mapped(path: str, dtype: "np.dtype[Any]", offset: int, count: int) -> Array:
    """`count` values of a file, mapped read-only."""
    if not count:
        return np.empty(0, dtype)
    return np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=(count,))


class FilePart(RawIOBase):
    """A stretch of a file as a file of its own; read-only."""

    def __init__(self, content: BinaryIO, offset: int, size: int) -> None:
        super().__init__()
        self._content = content
        self._offset = offset
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read anywhere."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place inside the part."""
        base = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from here on, as far as the part goes."""
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self._size - self._position))
        self._content.seek(self._offset + self._position)
        found = self._content.read(wanted)
        view[: len(found)] = found
        self._position += len(found)
        return len(found)
