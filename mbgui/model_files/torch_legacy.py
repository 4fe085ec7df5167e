"""PyTorch's format before ZIP, and other plain pickles."""

from collections.abc import Callable
from math import prod

from mbgui.domain.errors import MbguiError
from mbgui.domain.model_file import FileFormat
from mbgui.model_files.element_types import ITEM_BYTES, as_numbers, numpy_type
from mbgui.model_files.file_parts import mapped, read_exactly
from mbgui.model_files.findings import Array, Findings, OpenFile, StoredArray
from mbgui.model_files.pickle_reading import UnreadablePickleError, read_pickle
from mbgui.model_files.refusals import SAFE_WAYS_TORCH, damaged, quoted, refused
from mbgui.model_files.torch_archive import describe_checkpoint, foreign_class, strided
from mbgui.model_files.torch_objects import Storage, TorchTensor, first_foreign, tensors_in

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
"""What `torch.save` wrote first (torch/serialization.py)."""
_PROTOCOL = 1001


def read_legacy(file: OpenFile, findings: Findings) -> None:
    """The tensors of a file in PyTorch's older format.

    Raises:
        MbguiError: it is another pickle, names other classes than tensors, or is damaged.
    """
    file.content.seek(0)
    try:
        first = read_pickle(file.content)
        if first.value != MAGIC_NUMBER:
            raise _other_pickle(file.path, first_foreign(first.global_names))
        version, system, found = (read_pickle(file.content) for _ in range(3))
    except UnreadablePickleError as error:
        raise damaged(file.path, "its pickle cannot be read", str(error)) from error
    if version.value != _PROTOCOL:
        raise damaged(file.path, "its version is unknown")
    describe_checkpoint(found.value, findings)
    foreign = first_foreign((*first.global_names, *version.global_names, *system.global_names, *found.global_names))
    try:
        _add_tensors(file, list(tensors_in(found.value)), findings)
    except (UnreadablePickleError, ValueError, EOFError) as error:
        if foreign is None:
            raise damaged(file.path, "its tensors are not all there", str(error)) from error
    if foreign is not None:
        raise foreign_class(file.path, foreign)
    findings.format = FileFormat.TORCH_WEIGHTS


def _other_pickle(path: str, foreign: str | None) -> MbguiError:
    if foreign is not None:
        return foreign_class(path, foreign)
    return refused(path, "holds a plain Python pickle without any tensors of PyTorch's", SAFE_WAYS_TORCH)


def _add_tensors(file: OpenFile, tensors: list[TorchTensor], findings: Findings) -> None:
    listed = read_pickle(file.content)
    keys = listed.value
    if not isinstance(keys, list) or listed.global_names:
        raise UnreadablePickleError("no list of storages")
    storages = {tensor.storage.key: tensor.storage for tensor in tensors if tensor.storage is not None}
    places = _places(file, [key for key in keys if isinstance(key, str)], storages)
    for tensor in tensors:
        place = places.get(tensor.storage.key) if tensor.storage is not None else None
        if place is None or tensor.storage is None:
            raise UnreadablePickleError(f"the values of {tensor.name[:80]} are missing")
        if tensor.reach * ITEM_BYTES[tensor.dtype] > tensor.storage.count * ITEM_BYTES[tensor.storage.dtype]:
            raise UnreadablePickleError(f"the values of {tensor.name[:80]} are not all there")
        findings.arrays.append(_stored(file, tensor, tensor.storage, place))


def _places(file: OpenFile, keys: list[str], storages: dict[str, Storage]) -> dict[str, int]:
    """Where the bytes of each storage begin: after one another, each after the number of its elements."""
    position = file.content.tell()
    places: dict[str, int] = {}
    for key in keys:
        count = int.from_bytes(read_exactly(file.content, position, 8), "little")
        storage = storages.get(key)
        if storage is None:
            raise UnreadablePickleError("values of which nothing is said")
        if count != storage.count:
            raise UnreadablePickleError(f"storage {quoted(key)} has two lengths")
        places[key] = position + 8
        position += 8 + count * ITEM_BYTES[storage.dtype]
        if position > file.size_bytes:
            raise EOFError(f"storage {quoted(key)} ends behind the file")
    return places


def _stored(file: OpenFile, tensor: TorchTensor, storage: Storage, place: int) -> StoredArray:
    return StoredArray(
        name=tensor.name,
        shape=tensor.shape,
        dtype=tensor.dtype,
        size_bytes=prod(tensor.shape) * ITEM_BYTES[tensor.dtype],
        read=_reader(file.path, tensor, storage, place),
    )


def _reader(path: str, tensor: TorchTensor, storage: Storage, place: int) -> Callable[[], Array]:
    def read() -> Array:
        dtype = numpy_type(tensor.name, tensor.dtype)
        count = storage.count * ITEM_BYTES[storage.dtype] // dtype.itemsize
        return as_numbers(strided(mapped(path, dtype, place, count), tensor), tensor.dtype)

    return read
