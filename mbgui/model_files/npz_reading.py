"""NumPy archives (.npz); arrays of objects would be pickles and are refused."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Literal

import numpy as np
from numpy.lib import format as numpy_format

from mbgui.model_files.archive import Archive, Entry
from mbgui.model_files.element_types import value_count
from mbgui.model_files.file_parts import mapped, read_exactly
from mbgui.model_files.findings import Array, Findings, StoredArray
from mbgui.model_files.refusals import damaged, quoted, refused

_HEADER_BYTES = 1 << 16


def read_npz(archive: Archive, findings: Findings) -> None:
    """The arrays of an .npz archive. Raises `MbguiError` where one holds pickled objects, or is damaged."""
    for entry in archive.entries.values():
        findings.arrays.append(_array(archive, entry))


def _array(archive: Archive, entry: Entry) -> StoredArray:
    path, name = archive.file.path, entry.name.removesuffix(".npy")
    start = _first_bytes(archive, entry)
    try:
        shape, fortran_order, dtype, data_start = _header(start)
        count = value_count(shape)
    except (ValueError, EOFError, TypeError, SyntaxError, RecursionError, MemoryError, KeyError) as error:
        raise damaged(path, f"the header of {quoted(name)} cannot be read", str(error)) from error
    if dtype.hasobject:
        raise refused(path, f"holds pickled objects in {quoted(name)}, not numbers", "Save its arrays as numbers.")
    if dtype.kind not in "biufc":
        raise refused(path, f"holds something other than numbers in {quoted(name)} ({quoted(dtype)})")
    if data_start + count * dtype.itemsize != entry.size_bytes:
        raise damaged(path, f"the shape of {quoted(name)} and its bytes do not agree")
    order: Literal["F", "C"] = "F" if fortran_order else "C"
    flat = _flat_reader(archive, entry, data_start, dtype, count)
    return StoredArray(
        name=name,
        shape=shape,
        dtype=dtype.name,
        size_bytes=count * dtype.itemsize,
        read=lambda: flat().reshape(shape, order=order),
    )


def _first_bytes(archive: Archive, entry: Entry) -> bytes:
    if entry.is_stored:
        return read_exactly(archive.file.content, entry.offset, min(_HEADER_BYTES, entry.size_bytes))
    return next(iter(archive.chunks(entry)), b"")[:_HEADER_BYTES]


def _header(start: bytes) -> tuple[tuple[int, ...], bool, "np.dtype[Any]", int]:
    stream = BytesIO(start)
    version = numpy_format.read_magic(stream)
    if version == (1, 0):
        shape, fortran_order, dtype = numpy_format.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, fortran_order, dtype = numpy_format.read_array_header_2_0(stream)
    else:
        raise ValueError(f"format version {version}")
    return shape, fortran_order, dtype, stream.tell()


def _flat_reader(
    archive: Archive, entry: Entry, data_start: int, dtype: "np.dtype[Any]", count: int
) -> Callable[[], Array]:
    def read() -> Array:
        if entry.is_stored:
            return mapped(archive.file.path, dtype, entry.offset + data_start, count)
        return np.frombuffer(b"".join(archive.chunks(entry)), dtype=dtype, count=count, offset=data_start)

    return read
