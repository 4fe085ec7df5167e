"""HDF5 files, walked without following anything out of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO

from mbgui.domain.errors import MbguiError, Problem
from mbgui.model_files.refusals import damaged, file_name, quoted, refused, too_large

MAXIMUM_OBJECTS = 100_000
MAXIMUM_DEPTH = 100
BOMB_COUNTS_FROM_BYTES = 64 << 20
MAXIMUM_RATIO = 1000
MAXIMUM_ATTRIBUTE_BYTES = 64 << 20
_PLAIN_KINDS = "biufc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One array of an HDF5 file; its values can be read."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    size_bytes: int


def hdf5_library(path: str) -> ModuleType:
    """The h5py package. Raises `MbguiError` where it is not installed."""
    try:
        return import_module("h5py")
    except ImportError as error:
        raise MbguiError(
            Problem(
                sentence=f"Reading {file_name(path)} needs the package h5py, which is not installed.",
                advice="Install h5py, or save the weights as .safetensors.",
                detail=str(error),
            )
        ) from error


@contextmanager
def opened(path: str, content: BinaryIO | str) -> Iterator[Any]:
    """The root of an HDF5 file. Raises `MbguiError` where it is damaged."""
    library = hdf5_library(path)
    try:
        root = library.File(content, "r")
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise damaged(path, "it is no sound HDF5 file", str(error)) from error
    with root:
        yield root


def datasets(path: str, root: Any, memory_bytes: int) -> Iterator[Dataset]:
    """Every array with numbers, by its path; texts are passed over.

    Raises:
        MbguiError: links lead out of the file, arrays are stored elsewhere or hold objects, or there is too much.
    """
    library = hdf5_library(path)
    total = 0
    for name, item in _items(path, library, root):
        found = _dataset(path, library, item, name) if isinstance(item, library.Dataset) else None
        if found is not None:
            total += found.size_bytes
            if total > memory_bytes:
                raise too_large(path, f"its arrays take more than {memory_bytes:,} bytes")
            yield found


def _items(path: str, library: ModuleType, root: Any) -> Iterator[tuple[str, Any]]:
    """Everything in a file by its path, each group once; raises at the first link that is no plain one."""
    left = MAXIMUM_OBJECTS
    seen: set[Any] = set()
    pending: list[tuple[str, Any, int]] = [("", root, 0)]
    while pending:
        prefix, group, depth = pending.pop()
        inner: list[tuple[str, Any, int]] = []
        for name in group:
            full_name = f"{prefix}/{name}" if prefix else name
            left -= 1
            if left < 0 or depth > MAXIMUM_DEPTH:
                raise refused(path, f"has more parts, or parts nested too deeply ({quoted(full_name)}), than any model")
            _check_link(path, library, group, name, full_name)
            item = _item(path, group, name, full_name)
            if isinstance(item, library.Group):
                _see_once(path, library.h5o.get_info(item.id).addr, seen, full_name)
                inner.append((full_name, item, depth + 1))
            else:
                yield full_name, item
        pending.extend(reversed(inner))


def _see_once(path: str, address: Any, seen: set[Any], full_name: str) -> None:
    if address in seen:
        raise refused(path, f"has a group that holds itself or is there twice ({quoted(full_name)})")
    seen.add(address)


def text_attribute(path: str, item: Any, name: str) -> str | None:
    """An attribute that is a text, `None` where there is none. Raises `MbguiError` where it is something else."""
    if name not in item.attrs:
        return None
    library = hdf5_library(path)
    identifier = _opened_text(path, library, item, name)
    if identifier.dtype.itemsize > MAXIMUM_ATTRIBUTE_BYTES or identifier.shape not in ((), (1,)):
        raise too_large(path, f"its attribute {quoted(name)} is no plain text")
    value = item.attrs[name]
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, str):
        return value
    raise damaged(path, f"its attribute {quoted(name)} is no text")


def text_list(path: str, item: Any, name: str) -> tuple[str, ...] | None:
    """An attribute that is a list of texts; Keras splits long ones into `name0`, `name1`, …."""
    parts = [name] if name in item.attrs else []
    while not parts or parts[0] != name:
        following = f"{name}{len(parts)}"
        if following not in item.attrs:
            break
        parts.append(following)
    if not parts:
        return None
    library = hdf5_library(path)
    texts: list[str] = []
    for part in parts:
        identifier = _opened_text(path, library, item, part)
        if identifier.dtype.itemsize > MAXIMUM_ATTRIBUTE_BYTES or len(identifier.shape) != 1:
            raise damaged(path, f"its attribute {quoted(part)} is no list of names")
        if identifier.shape[0] > MAXIMUM_OBJECTS:
            raise too_large(path, f"its attribute {quoted(part)} is too long")
        texts += [value.decode("utf-8") if isinstance(value, bytes) else str(value) for value in item.attrs[part]]
    return tuple(texts)


def _opened_text(path: str, library: ModuleType, item: Any, name: str) -> Any:
    """An attribute of texts, not yet read: the HDF5 library can crash where a damaged one is of another type."""
    identifier = library.h5a.open(item.id, name.encode())
    is_empty_list = identifier.shape == (0,)  # Keras writes an empty list as one of numbers
    if not is_empty_list and not isinstance(identifier.get_type(), library.h5t.TypeStringID):
        raise damaged(path, f"its attribute {quoted(name)} is no text")
    return identifier


def _check_link(path: str, library: ModuleType, group: Any, name: str, full_name: str) -> None:
    link = group.get(name, getlink=True)
    if isinstance(link, library.ExternalLink):
        raise refused(
            path,
            f"has a link to another file: {quoted(full_name)} leads to {quoted(link.filename)}",
            "Save it anew as one file.",
        )
    if isinstance(link, library.SoftLink):
        raise refused(path, f"has a link in place of values: {quoted(full_name)} leads to {quoted(link.path)}")


def _item(path: str, group: Any, name: str, full_name: str) -> Any:
    try:
        return group[name]
    except (KeyError, OSError, RuntimeError, ValueError, TypeError) as error:
        raise damaged(path, f"{quoted(full_name)} cannot be read", str(error)) from error


def _dataset(path: str, library: ModuleType, item: Any, full_name: str) -> Dataset | None:
    properties = item.id.get_create_plist()
    if properties.get_external_count():
        raise refused(
            path,
            f"keeps {quoted(full_name)} in another file: {quoted(item.external[0][0])}",
            "Save it anew as one file.",
        )
    if properties.get_layout() == library.h5d.VIRTUAL:
        raise refused(
            path, f"has a virtual array that may lie in other files: {quoted(full_name)}", "Save it anew as one file."
        )
    dtype = item.dtype
    if library.check_string_dtype(dtype) is not None:
        return None
    if library.check_ref_dtype(dtype) is not None:
        raise refused(path, f"has references in place of values: {quoted(full_name)}")
    if item.shape is None:
        return None
    is_opaque = dtype.kind == "V" and dtype.itemsize == 2 and dtype.names is None  # how ml_dtypes' bfloat16 is kept
    if dtype.kind not in _PLAIN_KINDS and not is_opaque:
        raise refused(path, f"has an array of objects, not of numbers: {quoted(full_name)}")
    size = int(item.id.get_space().get_simple_extent_npoints()) * int(dtype.itemsize)
    stored = int(item.id.get_storage_size())
    if size > BOMB_COUNTS_FROM_BYTES and size > MAXIMUM_RATIO * stored:
        raise refused(path, f"claims {size:,} bytes for {quoted(full_name)} of which it stores {stored:,}")
    shape = tuple(int(length) for length in item.shape)
    return Dataset(name=full_name, shape=shape, dtype="bfloat16" if is_opaque else str(dtype), size_bytes=size)
