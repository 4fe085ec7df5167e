"""Keras models in files, opened in Keras's safe mode and without compiling."""

import re
from pathlib import PurePath
from typing import Any

import h5py
from keras.src.applications import convnext, inception_resnet_v2
from keras.src.legacy.saving import legacy_h5_format
from keras.src.saving import saving_lib

from mbgui.domain.error_text import error_detail
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import FileFormat
from mbgui.frameworks.file_models import require_model_file
from mbgui.frameworks.keras_errors import said

_ZOO_LAYERS = {"LayerScale": convnext.LayerScale, "CustomScaleLayer": inception_resnet_v2.CustomScaleLayer}
"""Layers that `keras.applications` defines for its own models and does not export."""
_UNKNOWN_CLASS = re.compile(
    r"(?:locate (?:class|function)|Unknown (?:layer|function|object|activation function)):? '?\"?([\w>.]+)"
)
_FAILED_OBJECT = re.compile(r"for object <([\w.]+) name=([\w./-]+)")
_OWN_CODE = "Build the model with your own code and attach the weights: package.module:callable@FILE."


def open_model_file(path: str, memory_bytes: int) -> Any:
    """The model in a `.keras` archive or a whole-model HDF5 file, whatever its suffix.

    Call this only after rights were taken away: what the file describes is built.

    Raises:
        MbguiError: it holds no Keras model, is damaged, or needs code that Keras does not run from a file.
    """
    file = require_model_file(path, Framework.KERAS, memory_bytes)
    try:
        return _load(path, file.format)
    except Exception as error:  # a file can bring Keras to raise anything
        raise _not_loaded(path, error) from error


def _load(path: str, file_format: FileFormat) -> Any:
    """Keras's own `load_model` goes by the suffix and would refuse a good file for its name."""
    if file_format is FileFormat.KERAS_ARCHIVE:
        with open(path, "rb") as file:  # noqa: PTH123
            return saving_lib._load_model_from_fileobj(file, custom_objects=_ZOO_LAYERS, compile=False, safe_mode=True)  # noqa: SLF001
    with h5py.File(path, "r") as file:
        return legacy_h5_format.load_model_from_hdf5(file, custom_objects=_ZOO_LAYERS, compile=False, safe_mode=True)


def _not_loaded(path: str, error: Exception) -> MbguiError:
    sentence, advice = _in_words(PurePath(path).name, str(error), error)
    return MbguiError(Problem(sentence=sentence, advice=advice, detail=error_detail(error)))


def _in_words(name: str, text: str, error: Exception) -> tuple[str, str]:
    if "ambda" in text:
        return (
            f"{name} has a Lambda layer: Python code inside the file, which is not run.",
            f"{_OWN_CODE} A layer class of its own, or keras.ops, can take the Lambda's place.",
        )
    unknown = _UNKNOWN_CLASS.search(text)
    if unknown is not None:
        return f"{name} needs the class or function “{unknown[1]}”, which is not part of Keras.", _OWN_CODE
    failed = _FAILED_OBJECT.search(text)
    if failed is not None:
        return (
            f"{name} does not hold the weights that its layer “{failed[2]}” ({failed[1]}) needs.",
            "The file may be damaged or was cut off: save the model anew.",
        )
    if "positional argument" in text and not name.endswith(".keras"):
        return (
            f"{name} has operations between its layers that Keras does not read back from HDF5.",
            "Save it as .keras, or attach the weights in this file: keras:NAME@FILE or module:callable@FILE.",
        )
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return (
            f"{name} takes more memory than a file is granted.",
            "If you trust the file, let it take more (--file-memory GIB).",
        )
    return (
        f"Keras cannot open {name}: {said(error)}.",
        "The file may be damaged, or from a version of Keras that this one cannot read: save the model anew.",
    )
