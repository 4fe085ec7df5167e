"""Writes safetensors: a JSON header and flat bytes (https://huggingface.co/docs/safetensors, "Format")."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from mbgui.model_files.element_types import SAFETENSORS_TYPES

_NAMES = {dtype: name for name, dtype in SAFETENSORS_TYPES.items()}
_ALIGNMENT_BYTES = 8


def write_safetensors(tensors: Mapping[str, npt.NDArray[Any]], metadata: Mapping[str, str] | None = None) -> bytes:
    """The file as bytes: the same tensors always give the same ones, whatever their order.

    Wide elements come first and the header is padded with spaces to 8 bytes, so that every tensor is aligned, as the
    format's own writer has it. Raises `ValueError` for an element type that the format lacks.
    """
    header: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
    contents: list[bytes] = []
    end = 0
    for name in sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name)):
        array = tensors[name]
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": _type_name(name, array), "shape": list(array.shape), "data_offsets": [begin, end]}
        contents.append(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT_BYTES)
    return b"".join((len(text).to_bytes(8, "little"), text, *contents))


def _type_name(name: str, array: npt.NDArray[Any]) -> str:
    known = _NAMES.get(np.dtype(array.dtype).name)
    if known is None or name == "__metadata__":
        raise ValueError(f"safetensors cannot hold {name!r} of type {array.dtype}")
    return known
