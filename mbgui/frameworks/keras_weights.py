"""Tensors from files, put into a Keras model by name; nothing in the file is executed."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Self

import h5py
from keras.src.legacy.saving.legacy_h5_format import load_attributes_from_hdf5_group
from keras.src.saving.saving_lib import safe_get_h5_group

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import FileFormat, ModelFile
from mbgui.domain.source import ModelSource, WeightsFile
from mbgui.frameworks.file_models import require_tensors
from mbgui.frameworks.keras_weight_names import (
    Variables,
    is_training_state,
    layer_order_names,
    saved_names,
    spelled_names,
)
from mbgui.frameworks.tensor_matching import match_tensors, stripped_name
from mbgui.model_files.tensor_values import read_values

_KERAS_3 = (FileFormat.KERAS_WEIGHTS, FileFormat.KERAS_ARCHIVE)
_KERAS_2 = (FileFormat.KERAS_HDF5_WEIGHTS, FileFormat.KERAS_HDF5_MODEL)
_WITHOUT_NAMES = re.compile(r"arr_\d+")
_OF_PYTORCH = re.compile(r"(^|\.)(running_mean|running_var|num_batches_tracked|weight)$")
_KERAS_2_GROUP, _OPTIMIZER_GROUP, _TOP_GROUP = "model_weights", "optimizer_weights", "top_level_model_weights"
BY_ORDER = "The tensors in {file} have no names: they were taken in the order of get_weights(), as every shape fits."
IN_PART = "Weights in part: {alone} of the model's tensors are not in {file}, {out} in it are not used."


def attach_weights(
    model: Any, by_role: Variables, source: ModelSource, weights: WeightsFile, memory_bytes: int
) -> tuple[str, ...]:
    """Put the tensors of a file in place of the model's; sentences about what was left out.

    `by_role` are the model's variables by the names mbgui gives them, in execution order. Call this only after rights
    were taken away.

    Raises:
        MbguiError: the file cannot be read, holds something else, or its tensors are not the model's.
    """
    file = require_tensors(weights.path, memory_bytes)
    if file.framework is Framework.PYTORCH:
        raise _of_pytorch(weights.path, f"is a file of PyTorch's ({file.format})")
    found = _values(file, weights, memory_bytes)
    names = _names_in(file, found, model, by_role, weights)
    wanted = {name: variable for name, variable in names.items() if name in found or _is_needed(model, variable)}
    fitting = _matched(wanted, found, by_role, source)
    for name in fitting:
        wanted[name].assign(found[name])
    _settle(model)
    return _notes(file, weights, len(wanted) - len(fitting), len(found) - len(fitting))


def _values(file: ModelFile, weights: WeightsFile, memory_bytes: int) -> dict[str, Any]:
    """Every tensor that belongs to a model, by its name without what Keras puts before all of them."""
    values = {_plain_name(name): value for name, value in read_values(weights.path, file, memory_bytes=memory_bytes)}
    if file.format in _KERAS_3:
        values = {name: value for name, value in values.items() if not is_training_state(name)}
    if file.format in _KERAS_2:
        names = _Keras2Names.of_file(weights.path).by_place
        values = {names.get(name, name): value for name, value in values.items() if not _is_optimizers(name)}
    return {stripped_name(name, weights.strip_prefix): value for name, value in values.items()}


def _plain_name(name: str) -> str:
    return name.lstrip("/").removeprefix("model.weights.h5/").removeprefix(f"{_KERAS_2_GROUP}/")


def _is_optimizers(name: str) -> bool:
    return name.startswith(f"{_OPTIMIZER_GROUP}/")


def _names_in(
    file: ModelFile, found: Mapping[str, Any], model: Any, by_role: Variables, weights: WeightsFile
) -> Variables:
    """The model's variables under the names that this file would give them."""
    if file.format in _KERAS_3:
        return saved_names(model)
    if file.format in _KERAS_2:
        return _keras_2_names(model, weights) or by_role
    if found and all(_WITHOUT_NAMES.fullmatch(name) for name in found):
        return {f"arr_{place}": variable for place, variable in enumerate(model.weights)}
    return max(spelled_names(model, by_role), key=lambda names: len(set(names) & set(found)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keras2Names:
    """The layers in a file of Keras 2 with the names of their weights, and of weights that no layer owns.

    `by_place` maps where a weight stands in the file to the name it goes by: its own, or the place if names repeat.
    """

    layers: Mapping[str, list[str]]
    top: list[str]
    by_place: Mapping[str, str]

    @classmethod
    def of_file(cls, path: str) -> Self:
        with h5py.File(path, "r") as file:
            group = safe_get_h5_group(file, _KERAS_2_GROUP) if _KERAS_2_GROUP in file else file
            names = {
                layer: _attribute(safe_get_h5_group(group, layer), "weight_names")
                for layer in _attribute(group, "layer_names")
            }
            top = _attribute(safe_get_h5_group(group, _TOP_GROUP), "weight_names") if _TOP_GROUP in group else []
        weights = [weight for listed in names.values() for weight in listed]
        is_unique = len(set(weights)) == len(weights)
        by_place = {
            f"{layer}/{weight}": weight if is_unique else f"{layer}/{weight}"
            for layer, listed in names.items()
            for weight in listed
        }
        layers = {layer: [by_place[f"{layer}/{weight}"] for weight in listed] for layer, listed in names.items()}
        return cls(layers=layers, top=[f"{_TOP_GROUP}/{name}" for name in top], by_place=by_place)


def _keras_2_names(model: Any, weights: WeightsFile) -> Variables | None:
    in_file = _Keras2Names.of_file(weights.path)
    layers = {
        name: [stripped_name(item, weights.strip_prefix) for item in listed] for name, listed in in_file.layers.items()
    }
    names = layer_order_names(model, layers)
    own = [*model._trainable_variables, *model._non_trainable_variables]  # noqa: SLF001  as Keras orders them
    return None if names is None else {**names, **dict(zip(in_file.top, own, strict=False))}


def _attribute(group: Any, name: str) -> list[str]:
    return [str(item) for item in load_attributes_from_hdf5_group(group, name)]


def _is_needed(model: Any, variable: Any) -> bool:
    """Seeds and counters change nothing that is inferred, and other versions of Keras save others."""
    return any(variable is known for known in model.weights)


def _matched(wanted: Variables, found: Mapping[str, Any], by_role: Variables, source: ModelSource) -> tuple[str, ...]:
    expected = {name: _shape(variable) for name, variable in wanted.items()}
    shapes = {name: tuple(value.shape) for name, value in found.items()}
    try:
        return match_tensors(expected, shapes, source=source, head=_head(wanted, by_role))
    except MbguiError as error:
        if source.weights is not None and not set(expected) & set(shapes) and any(map(_OF_PYTORCH.search, shapes)):
            raise _of_pytorch(source.weights.path, "has PyTorch's names") from error
        raise MbguiError(_with_layers(error.problem, wanted, by_role)) from error


def _shape(variable: Any) -> tuple[int, ...]:
    return tuple(int(size) for size in variable.shape)


def _head(wanted: Variables, by_role: Variables) -> str | None:
    """What the names of the layer that makes the classes begin with: the last that multiplies."""
    layers = {name.rpartition("/")[0]: None for name, variable in by_role.items() if len(variable.shape) > 1}
    if not layers:
        return None
    head = list(layers)[-1]
    inside = {id(variable) for name, variable in by_role.items() if name.rpartition("/")[0] == head}
    names = [name for name, variable in wanted.items() if id(variable) in inside]
    return re.sub(r"[./][^./]*$", "", _common_start(names)) if names else None


def _common_start(names: list[str]) -> str:
    """What all names begin with, up to a separator or not."""
    first, last = min(names), max(names)
    return next((first[:place] for place, letter in enumerate(first) if last[place : place + 1] != letter), first)


def _with_layers(problem: Problem, wanted: Variables, by_role: Variables) -> Problem:
    """Names made of classes and numbers tell nobody which layer it is: say it beside them."""
    ours = {id(variable): name for name, variable in by_role.items()}
    known = {name: ours.get(id(variable), name) for name, variable in wanted.items()}
    lines = (_with_layer(line, known) for line in problem.detail.splitlines())
    return dataclasses.replace(problem, detail="\n".join(lines))


def _with_layer(line: str, known: Mapping[str, str]) -> str:
    name = line.split(maxsplit=1)[0].rstrip(":") if line.startswith("  ") and line.strip() else ""
    return f"{line} [{known[name]}]" if known.get(name, name) != name else line


def _settle(model: Any) -> None:
    """Some layers compute constants of their variables."""
    for layer in model._flatten_layers():  # noqa: SLF001
        if hasattr(layer, "finalize_state") and layer.variables:
            layer.finalize_state()


def _notes(file: ModelFile, weights: WeightsFile, alone: int, out: int) -> tuple[str, ...]:
    name = PurePath(weights.path).name
    has_names = not all(_WITHOUT_NAMES.fullmatch(tensor.name) for tensor in file.tensors)
    by_order = () if has_names else (BY_ORDER.format(file=name),)
    return (*by_order, IN_PART.format(alone=alone, file=name, out=out)) if alone or out else by_order


def _of_pytorch(path: str, what: str) -> MbguiError:
    return MbguiError(
        Problem(
            sentence=f"{PurePath(path).name} {what}, and the model is a Keras model.",
            advice="Attach it to a PyTorch model (torchvision:NAME@FILE), or give weights that Keras saved.",
        )
    )
