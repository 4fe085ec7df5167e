"""What is written as safetensors is what the reader finds in it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from mbgui.domain.model_file import FileFormat
from mbgui.model_files.inspection import inspect_file
from mbgui.model_files.safetensors_writing import write_safetensors
from mbgui.model_files.tensor_values import read_values

TENSORS: dict[str, npt.NDArray[Any]] = {
    "A single flag": np.array([True]),
    "counter": np.array(7, dtype=np.int64),
    "half": np.arange(3, dtype=np.float16),
    "Gewicht.ä": np.arange(24, dtype=np.float32).reshape(2, 3, 4).transpose(2, 0, 1),
    "big endian": np.array([1.5, -2.0], dtype=">f8"),
    "empty": np.zeros((0, 3), dtype=np.float32),
    "flags": np.array([True, False]),
}


def test_names_shapes_types_and_values_come_back(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(write_safetensors(TENSORS, {"format": "pt"}))
    found = inspect_file(str(path), with_statistics=True)
    assert (found.format, found.refusal, found.notes) == (FileFormat.SAFETENSORS, None, ())
    assert {tensor.name: tensor.shape for tensor in found.tensors} == {
        name: values.shape for name, values in TENSORS.items()
    }
    assert {fact.name: fact.value for fact in found.facts} == {"format": "pt"}
    read = dict(read_values(str(path), found))
    for name, values in TENSORS.items():
        assert np.array_equal(read[name], values)
        assert read[name].dtype == values.dtype.newbyteorder("=")


def test_the_same_tensors_give_the_same_bytes_in_any_order() -> None:
    turned = dict(reversed(TENSORS.items()))
    assert write_safetensors(turned) == write_safetensors(TENSORS)


def test_every_tensor_is_aligned_to_its_element() -> None:
    content = write_safetensors(TENSORS)
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    for name, values in TENSORS.items():
        assert (8 + length + header[name]["data_offsets"][0]) % values.dtype.itemsize == 0


def test_an_element_type_that_the_format_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot hold 'x' of type complex256"):
        write_safetensors({"x": np.zeros(1, dtype=np.clongdouble)})
