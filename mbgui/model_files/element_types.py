"""The element types of tensors by PyTorch's names, and how their bytes become arrays."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from mbgui.domain.errors import MbguiError, Problem
from mbgui.model_files.findings import Array

_NUMPY: dict[str, str] = {
    "float64": "<f8",
    "float32": "<f4",
    "float16": "<f2",
    "complex64": "<c8",
    "complex128": "<c16",
    "int64": "<i8",
    "int32": "<i4",
    "int16": "<i2",
    "int8": "|i1",
    "uint64": "<u8",
    "uint32": "<u4",
    "uint16": "<u2",
    "uint8": "|u1",
    "bool": "|b1",
    "bfloat16": "<u2",
}
_UNKNOWN_TO_NUMPY: dict[str, int] = {
    "complex32": 4,
    "float8_e4m3fn": 1,
    "float8_e5m2": 1,
    "float8_e4m3fnuz": 1,
    "float8_e5m2fnuz": 1,
    "float8_e8m0fnu": 1,
    "float4_e2m1fn_x2": 1,
    "qint8": 1,
    "quint8": 1,
    "qint32": 4,
    "quint4x2": 1,
    "quint2x4": 1,
    "bits8": 1,
    "bits16": 2,
}
ITEM_BYTES: dict[str, int] = {name: np.dtype(code).itemsize for name, code in _NUMPY.items()} | _UNKNOWN_TO_NUMPY
"""Bytes an element takes, by the name of its type."""

SAFETENSORS_TYPES: dict[str, str] = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32",
    "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2", "F8_E8M0": "float8_e8m0fnu", "C64": "complex64",
}  # fmt: skip
"""The names in a safetensors header."""

STORAGE_TYPES: dict[str, str] = {
    "DoubleStorage": "float64", "FloatStorage": "float32", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool", "ComplexDoubleStorage": "complex128",
    "ComplexFloatStorage": "complex64", "QInt8Storage": "qint8", "QUInt8Storage": "quint8", "QInt32Storage": "qint32",
    "QUInt4x2Storage": "quint4x2", "QUInt2x4Storage": "quint2x4", "UntypedStorage": "uint8",
}  # fmt: skip
"""PyTorch's storage classes."""

SCALAR_TYPES: dict[int, str] = {
    1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
    9: "complex32", 10: "complex64", 11: "complex128", 12: "bool", 13: "bfloat16", 28: "uint16",
    29: "float8_e4m3fn", 30: "float8_e5m2", 31: "float8_e4m3fnuz", 32: "float8_e5m2fnuz", 33: "float8_e8m0fnu",
    34: "uint32", 35: "uint64",
}  # fmt: skip
"""`ScalarType` in the schema of exported programs (torch/_export/serde/schema.py)."""

MAXIMUM_SIZE = 1 << 62
MAXIMUM_DIMENSIONS = 64


def value_count(shape: tuple[int, ...]) -> int:
    """Number of elements of a shape as read from a file. Raises `ValueError` where it is none."""
    if len(shape) > MAXIMUM_DIMENSIONS or any(type(size) is not int or not 0 <= size < MAXIMUM_SIZE for size in shape):
        raise ValueError(f"no shape: {str(shape)[:200]}")
    count = prod(shape)
    if count >= MAXIMUM_SIZE:
        raise ValueError(f"no shape: {str(shape)[:200]}")
    return count


def flat_reader(
    name: str, dtype: str, shape: tuple[int, ...], read: Callable[[np.dtype[Any]], Array]
) -> Callable[[], Array]:
    """A reader of contiguous values; `read` gives them flat in the numpy type it is handed."""

    def read_values() -> Array:
        return as_numbers(read(numpy_type(name, dtype)), dtype).reshape(shape)

    return read_values


def numpy_type(name: str, dtype: str) -> "np.dtype[Any]":
    """The numpy type of the stored bytes; raises `MbguiError` where numpy has none."""
    code = _NUMPY.get(dtype)
    if code is None:
        raise MbguiError(
            Problem(
                sentence=f"The values of {name} are {dtype}, which cannot be read without PyTorch.",
                advice="Save it as float32 or float16.",
            )
        )
    return np.dtype(code)


def as_numbers(stored: Array, dtype: str) -> Array:
    """Stored values as numpy knows them: bfloat16 is widened to float32, which holds each of its values exactly."""
    if dtype != "bfloat16":
        return stored
    return (stored.astype(np.uint32) << np.uint32(16)).view(np.float32)
