"""Keras's HDF5 files: whole models of Keras 2 and 3, weights of either."""

from collections.abc import Callable
from itertools import islice
from typing import Any, BinaryIO

import numpy as np

from mbgui.domain.model_file import FileFormat
from mbgui.model_files.element_types import as_numbers
from mbgui.model_files.findings import Array, Findings, OpenFile, StoredArray
from mbgui.model_files.hdf5_safety import Dataset, datasets, opened, text_attribute, text_list
from mbgui.model_files.keras_config import add_model_facts, check_config, parse_config
from mbgui.model_files.refusals import damaged, quoted, refused

_DAMAGED = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError)
_KERAS_3_PARTS = frozenset({"layers", "_layer_checkpoint_dependencies", "vars", "optimizer"})
Source = Callable[[], BinaryIO | str]
"""Gives the HDF5 file anew: a path, or a file inside an archive."""


def read_hdf5(file: OpenFile, findings: Findings) -> None:
    """What an HDF5 file holds.

    Raises:
        MbguiError: it is damaged, leads out of itself, or holds something that would be executed.
    """
    try:
        with opened(file.path, file.path) as root:
            chosen = _format(root)
            findings.format = chosen
            problem = _model_problem(file.path, root, findings) if chosen is FileFormat.KERAS_HDF5_MODEL else None
            findings.add_fact("Keras version", text_attribute(file.path, root, "keras_version"))
            findings.add_fact("Backend", text_attribute(file.path, root, "backend"))
            add_arrays(file, root, lambda: file.path, findings)
    except _DAMAGED as error:
        raise damaged(file.path, "it is no sound HDF5 file", str(error)) from error
    if problem is not None:
        raise problem
    if chosen is FileFormat.UNKNOWN:
        raise refused(
            file.path,
            "is an HDF5 file, but not one of Keras's",
            "Keras models (.h5) and weights (.weights.h5) can be opened.",
        )


def _format(root: Any) -> FileFormat:
    if "model_config" in root.attrs:
        return FileFormat.KERAS_HDF5_MODEL
    if "layer_names" in root.attrs or "layer_names0" in root.attrs:
        return FileFormat.KERAS_HDF5_WEIGHTS
    if _is_keras_3(root):
        return FileFormat.KERAS_WEIGHTS
    return FileFormat.UNKNOWN


def _is_keras_3(root: Any) -> bool:
    """Whether it is laid out as Keras 3 lays weights out (subclassed models name their own parts). Follows no links."""
    for name in islice(root, 100):
        if name in _KERAS_3_PARTS:
            return True
        if type(root.get(name, getlink=True)).__name__ != "HardLink":
            continue
        inner = root[name]
        if hasattr(inner, "keys") and any(part in _KERAS_3_PARTS for part in islice(inner, 100)):
            return True
    return False


def _model_problem(path: str, root: Any, findings: Findings) -> Exception | None:
    """Why the configuration is refused; the arrays are listed before that is said."""
    text = text_attribute(path, root, "model_config")
    if text is None:
        return damaged(path, "its configuration is missing")
    try:
        config = parse_config(path, text)
        add_model_facts(config, findings)
        check_config(path, config)
    except Exception as error:  # noqa: BLE001  # raised again after the arrays were listed
        return error
    return None


def add_arrays(file: OpenFile, root: Any, source: Source, findings: Findings) -> None:
    """List every array; those of Keras 2 by the names that their layers give, others by their place."""
    found = {dataset.name: dataset for dataset in datasets(file.path, root, file.memory_bytes)}
    names = _keras_2_names(file.path, root, found)
    for place in (*names, *(place for place in found if place not in names)):
        dataset = found[place]
        findings.arrays.append(
            StoredArray(
                name=names.get(place, place),
                shape=dataset.shape,
                dtype=dataset.dtype,
                size_bytes=dataset.size_bytes,
                read=_reader(file.path, source, dataset),
            )
        )


def _keras_2_names(path: str, root: Any, found: dict[str, Dataset]) -> dict[str, str]:
    """The name of each weight without the group it is in, where that is unique ("conv1/kernel:0")."""
    group, prefix = (root["model_weights"], "model_weights/") if "model_weights" in root else (root, "")
    layers = text_list(path, group, "layer_names")
    if layers is None:
        return {}
    names: dict[str, str] = {}
    for layer in layers:
        if layer not in group:
            raise damaged(path, f"the weights of layer {quoted(layer)} are missing")
        for weight in text_list(path, group[layer], "weight_names") or ():
            place = f"{prefix}{layer}/{weight}"
            if place not in found:
                raise damaged(path, f"the values of {quoted(weight)} are missing")
            names[place] = weight
    return names if len(set(names.values())) == len(names) else {}


def _reader(path: str, source: Source, dataset: Dataset) -> Callable[[], Array]:
    def read() -> Array:
        try:
            with opened(path, source()) as root:
                values = np.asarray(root[dataset.name][()])
        except _DAMAGED as error:
            raise damaged(path, f"the values of {quoted(dataset.name)} cannot be read", str(error)) from error
        if dataset.dtype == "bfloat16":
            return as_numbers(values.view(np.uint16), dataset.dtype)
        return values

    return read
