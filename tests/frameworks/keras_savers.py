"""A Keras model's tensors in the formats that belong to no framework."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from mbgui.frameworks.keras_reading import find_structure, model_inputs
from mbgui.frameworks.keras_tensors import named_variables

_TYPES = {"float32": "F32", "float16": "F16", "int32": "I32", "int64": "I64", "uint32": "U32"}


def save_by_paths(model: Any, path: Path) -> None:
    """A NumPy archive under the paths that Keras gives its variables."""
    arrays: dict[str, Any] = {variable.path: np.asarray(variable) for variable in model.weights}
    np.savez(path, **arrays)


def save_safetensors(model: Any, path: Path) -> None:
    """Under the names that mbgui shows, with dots.

    As the format's specification has it: the length of a JSON header, the header, the tensors one after the other.
    """
    inputs = model_inputs(model, (), 1, model.name)
    header: dict[str, object] = {}
    data = bytearray()
    for name, variable in named_variables(model, find_structure(model, inputs).owners).items():
        values = np.asarray(variable)
        begin = len(data)
        data += np.ascontiguousarray(values).tobytes()
        header[name.replace("/", ".")] = {
            "dtype": _TYPES[str(values.dtype)],
            "shape": list(values.shape),
            "data_offsets": [begin, len(data)],
        }
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
