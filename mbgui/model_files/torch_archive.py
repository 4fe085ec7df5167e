"""PyTorch's ZIP format: a pickle that describes the tensors, and their bytes beside it (`torch.save` since 1.6)."""

from collections.abc import Callable, Iterable
from math import prod
from typing import Any

import numpy as np

from mbgui.domain.errors import MbguiError
from mbgui.domain.model_file import FileFormat
from mbgui.model_files.archive import Archive, Entry
from mbgui.model_files.element_types import ITEM_BYTES, as_numbers, numpy_type
from mbgui.model_files.file_parts import mapped
from mbgui.model_files.findings import Array, Findings, StoredArray
from mbgui.model_files.pickle_reading import ReadPickle, UnreadablePickleError, read_pickle
from mbgui.model_files.refusals import SAFE_WAYS_TORCH, DamagedFileError, damaged, quoted, refused
from mbgui.model_files.torch_objects import TorchTensor, first_foreign, keys_of, tensors_in


def read_torch_archive(archive: Archive, findings: Findings) -> None:
    """The tensors of a `torch.save` archive.

    Raises:
        MbguiError: it is damaged, or its pickle names other classes than tensors and plain containers.
    """
    folder = archive.top_folder
    if not folder:
        raise damaged(archive.file.path, "its parts are not in one folder")
    found = pickle_in(archive, f"{folder}data.pkl")
    describe_checkpoint(found.value, findings)
    foreign = first_foreign(found.global_names)
    if foreign is not None:
        findings.format = FileFormat.TORCH_PICKLE
    try:
        add_tensors(archive, tensors_in(found.value), findings, lambda key: f"{folder}data/{key}")
    except DamagedFileError:
        if foreign is None:
            raise
    if foreign is not None:
        raise foreign_class(archive.file.path, foreign)


def pickle_in(archive: Archive, name: str) -> ReadPickle:
    """An entry that is a pickle, as records. Raises `MbguiError` where it is damaged."""
    try:
        return read_pickle(archive.read(name))
    except UnreadablePickleError as error:
        raise damaged(archive.file.path, f"its pickle ({quoted(name)}) cannot be read", str(error)) from error


def foreign_class(path: str, name: str) -> MbguiError:
    """The refusal of a pickle that names a class or function which would be imported and run."""
    return refused(
        path,
        f"holds a pickled object of {quoted(name)}, not only weights; it was not opened: that would run its code",
        SAFE_WAYS_TORCH,
        f"The pickle names {name[:500]}; only tensors and plain containers are read.",
    )


def describe_checkpoint(value: object, findings: Findings) -> None:
    """Say which keys a checkpoint has at its top, where it is more than a state dict."""
    keys = keys_of(value)
    if keys and len(keys) <= 40 and not all("." in key for key in keys):
        findings.add_fact("Keys", ", ".join(keys))


def add_tensors(
    archive: Archive, tensors: Iterable[TorchTensor], findings: Findings, entry_of: Callable[[str], str]
) -> None:
    """List tensors, each found to lie inside its storage. Raises `MbguiError` where one does not."""
    byte_order = archive.entries.get(f"{archive.top_folder}byteorder")
    if byte_order is not None and archive.read(byte_order.name, 64).strip() == b"big":
        raise refused(archive.file.path, "was saved on a big-endian machine", "Save it anew on this kind of machine.")
    try:
        for tensor in tensors:
            findings.arrays.append(stored_tensor(archive, tensor, entry_of))
    except (UnreadablePickleError, ValueError) as error:
        raise damaged(archive.file.path, "its tensors are not described in full", str(error)) from error


def stored_tensor(archive: Archive, tensor: TorchTensor, entry_of: Callable[[str], str]) -> StoredArray:
    """A tensor with the place of its values. Raises `MbguiError` where they are not all there."""
    item = ITEM_BYTES[tensor.dtype]
    size = prod(tensor.shape) * item
    if tensor.storage is None:
        return StoredArray(
            name=tensor.name,
            shape=tensor.shape,
            dtype=tensor.dtype,
            size_bytes=size,
            read=_no_values(archive.file.path, tensor.name),
        )
    entry = archive.entries.get(entry_of(tensor.storage.key))
    if entry is None:
        raise damaged(archive.file.path, f"the values of {quoted(tensor.name)} are missing")
    if tensor.reach * item > entry.size_bytes:
        raise damaged(archive.file.path, f"the values of {quoted(tensor.name)} are not all there")
    return StoredArray(
        name=tensor.name,
        shape=tensor.shape,
        dtype=tensor.dtype,
        size_bytes=size,
        read=_entry_reader(archive, entry, tensor),
    )


def _no_values(path: str, name: str) -> Callable[[], Array]:
    def read() -> Array:
        raise refused(path, f"has no values for {quoted(name)}, only its shape")

    return read


def _entry_reader(archive: Archive, entry: Entry, tensor: TorchTensor) -> Callable[[], Array]:
    def read() -> Array:
        dtype = numpy_type(tensor.name, tensor.dtype)
        return as_numbers(strided(flat_values(archive, entry, dtype), tensor), tensor.dtype)

    return read


def flat_values(archive: Archive, entry: Entry, dtype: "np.dtype[Any]") -> Array:
    """All of an entry as values of a type: mapped where it is stored as it is, unpacked else."""
    count = entry.size_bytes // dtype.itemsize
    if entry.is_stored and archive.file.is_on_disk:
        return mapped(archive.file.path, dtype, entry.offset, count)
    return np.frombuffer(b"".join(archive.chunks(entry)), dtype=dtype, count=count)


def strided(flat: Array, tensor: TorchTensor) -> Array:
    """The view that a tensor is of its storage; that it lies inside was checked."""
    if 0 in tensor.shape:
        return np.empty(tensor.shape, flat.dtype)
    steps = tuple(stride * flat.itemsize for stride in tensor.strides)
    return np.lib.stride_tricks.as_strided(flat[tensor.offset :], tensor.shape, steps, writeable=False)
