"""safetensors: a JSON header and flat bytes (https://huggingface.co/docs/safetensors, "Format")."""

import json
from typing import Any

from mbgui.model_files.element_types import ITEM_BYTES, SAFETENSORS_TYPES, flat_reader, value_count
from mbgui.model_files.file_parts import mapped, read_exactly
from mbgui.model_files.findings import Findings, OpenFile, StoredArray
from mbgui.model_files.refusals import damaged, quoted

MAXIMUM_HEADER_BYTES = 100_000_000


def header_length(file: OpenFile) -> int | None:
    """The length of the header, `None` where the file is none of safetensors."""
    if file.size_bytes < 10:
        return None
    start = read_exactly(file.content, 0, 9)
    return int.from_bytes(start[:8], "little") if start[8:] == b"{" else None


def read_safetensors(file: OpenFile, findings: Findings) -> None:
    """The tensors of a safetensors file. Raises `MbguiError` where its header and its bytes do not agree."""
    length = int.from_bytes(read_exactly(file.content, 0, 8), "little")
    if length > MAXIMUM_HEADER_BYTES or 8 + length > file.size_bytes:
        raise damaged(file.path, f"its header is said to take {length:,} bytes")
    header = _header(file, read_exactly(file.content, 8, length))
    metadata = header.pop("__metadata__", None)
    if isinstance(metadata, dict):
        for name, value in list(metadata.items())[:50]:
            findings.add_fact(str(name), value)
    places: list[tuple[int, int, str]] = []
    for name, description in header.items():
        array, begin, end = _tensor(file, name, description, 8 + length)
        places.append((begin, end, name))
        findings.arrays.append(array)
    _check_places(file, places, file.size_bytes - 8 - length)


def _header(file: OpenFile, text: bytes) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise damaged(file.path, "its header names something twice")
        return found

    try:
        header = json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise damaged(file.path, "its header is no JSON", str(error)) from error
    if not isinstance(header, dict):
        raise damaged(file.path, "its header is no JSON object")
    return header


def _tensor(file: OpenFile, name: str, description: object, data_start: int) -> tuple[StoredArray, int, int]:
    if not isinstance(description, dict):
        raise damaged(file.path, f"its header does not describe {quoted(name)}")
    shape, offsets = description.get("shape"), description.get("data_offsets")
    dtype = SAFETENSORS_TYPES.get(str(description.get("dtype")))
    if dtype is None:
        raise damaged(file.path, f"the element type of {quoted(name)} is unknown ({quoted(description.get('dtype'))})")
    if not isinstance(shape, list) or not isinstance(offsets, list) or len(offsets) != 2:
        raise damaged(file.path, f"its header does not describe {quoted(name)}")
    begin, end = offsets
    if type(begin) is not int or type(end) is not int or not 0 <= begin <= end <= file.size_bytes - data_start:
        raise damaged(file.path, f"the values of {quoted(name)} lie outside of it")
    sizes = tuple(shape)
    try:
        count = value_count(sizes)
    except ValueError as error:
        raise damaged(file.path, f"{quoted(name)} has no sound shape", str(error)) from error
    if count * ITEM_BYTES[dtype] != end - begin:
        raise damaged(file.path, f"the shape of {quoted(name)} and its bytes do not agree")
    read = flat_reader(name, dtype, sizes, lambda kind: mapped(file.path, kind, data_start + begin, count))
    return StoredArray(name=name, shape=sizes, dtype=dtype, size_bytes=end - begin, read=read), begin, end


def _check_places(file: OpenFile, places: list[tuple[int, int, str]], data_bytes: int) -> None:
    expected = 0
    for begin, end, name in sorted(places):
        if begin != expected:
            raise damaged(file.path, f"the values of {quoted(name)} overlap others or leave a gap")
        expected = end
    if expected != data_bytes:
        raise damaged(file.path, "it has bytes that belong to no tensor")
