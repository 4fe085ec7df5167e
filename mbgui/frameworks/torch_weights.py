"""Tensors from files, put into a PyTorch model by name; nothing in the file is executed."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import torch
from torch import nn

from mbgui.domain.error_text import error_detail, error_line
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import FileFormat, ModelFile
from mbgui.domain.source import ModelSource, WeightsFile
from mbgui.frameworks.file_models import require_tensors
from mbgui.frameworks.tensor_matching import match_tensors, stripped_name
from mbgui.model_files.tensor_values import read_values

_UNPICKLER_REASON = re.compile(r"WeightsUnpickler error: ([^\n]+)")
_LONGEST_REASON = 150
_NUMPY_SCALAR: Any = np.float64(0).__reduce__()[0]
_TORCH_FORMATS = (FileFormat.TORCH_WEIGHTS, FileFormat.TORCH_LEGACY_PICKLE)
_STATE_KEYS = (
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "module",
    "net",
    "network",
    "weights",
    "params",
)
"""Where checkpoints keep a model's tensors, most telling first."""


def attach_weights(model: nn.Module, source: ModelSource, weights: WeightsFile, memory_bytes: int) -> tuple[str, ...]:
    """Put the tensors of a file in place of the model's; sentences about what was left out.

    Raises:
        MbguiError: the file cannot be read, holds something else, or its tensors are not the model's.
    """
    found, notes = read_state(weights.path, memory_bytes)
    tensors = {
        stripped_name(name, weights.strip_prefix): tensor for name, tensor in found.items() if _is_of_a_model(name)
    }
    state = model.state_dict()
    expected = {name: tuple(tensor.shape) for name, tensor in state.items() if _is_needed(name, tensors)}
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    fitting = match_tensors(expected, shapes, source=source, head=_head(model))
    model.load_state_dict({name: tensors[name] for name in fitting}, strict=False)
    return (*notes, *_notes(weights, len(expected) - len(fitting), len(tensors) - len(fitting)))


def read_state(path: str, memory_bytes: int) -> tuple[Mapping[str, torch.Tensor], tuple[str, ...]]:
    """Every tensor of a file with weights, by name, and sentences about what else was in it.

    Raises:
        MbguiError: it is no such file, or belongs to Keras.
    """
    file = require_tensors(path, memory_bytes)
    if file.framework is Framework.KERAS:
        raise _other_file(file, "A PyTorch model takes its weights from .pth, .pt, .safetensors or .npz.")
    if file.holds_model:
        raise _other_file(file, "Open it by itself: it needs no architecture.")
    if file.format in _TORCH_FORMATS:
        return _state_dict(_load(path), path)
    found = read_values(path, file, memory_bytes=memory_bytes)
    return {name: torch.from_numpy(values.copy()) for name, values in found}, ()


def _load(path: str) -> object:
    """What PyTorch's restricted unpickler makes of a file. Raises `MbguiError` where it refuses it."""
    try:
        with torch.serialization.safe_globals(_numpy_scalars()):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # its unpickler and its zip reader raise whatever a damaged file makes of them
        raise MbguiError(
            Problem(
                sentence=f"{PurePath(path).name} cannot be read as PyTorch weights: {_refusal(error)}.",
                advice="Save the weights anew with torch.save(model.state_dict(), …) or as .safetensors.",
                detail=error_detail(error),
            )
        ) from error


def _refusal(error: Exception) -> str:
    """Why PyTorch's reader refuses a file, without its advice to read it unsafely."""
    found = _UNPICKLER_REASON.search(str(error))
    if found is not None:
        return f"its safe reader refuses it ({found[1].strip()[:_LONGEST_REASON]})"
    return "its safe reader refuses it" if "weights_only" in str(error) else error_line(error)


def _numpy_scalars() -> list[Any]:
    """Plain numbers that training scripts keep beside the weights (`best_acc`); what makes them runs no code."""
    return [np.dtype, _NUMPY_SCALAR, *(found for found in vars(np.dtypes).values() if _is_of_numbers(found))]


def _is_of_numbers(found: object) -> bool:
    """Whether it is a class of element types that hold numbers; one of objects would take bytes for addresses."""
    is_dtype = isinstance(found, type) and issubclass(found, np.dtype)
    return is_dtype and issubclass(getattr(found, "type", None) or object, np.number | np.bool_)


def _state_dict(loaded: object, path: str) -> tuple[dict[str, torch.Tensor], tuple[str, ...]]:
    """The tensors of a checkpoint that are a model's, by name: those under a telling key before those beside it."""
    notes: tuple[str, ...] = ()
    while isinstance(loaded, Mapping):
        states = _inner_states(loaded)
        if states:
            notes += _left_out(PurePath(path).name, *(name for name, _ in states))
            loaded = states[0][1]
            continue
        tensors = {str(name): value for name, value in loaded.items() if isinstance(value, torch.Tensor)}
        if tensors:
            return tensors, notes
        break
    raise MbguiError(
        Problem(
            sentence=f"{PurePath(path).name} holds no tensors by name.",
            advice="Save the weights with torch.save(model.state_dict(), …).",
        )
    )


def _inner_states(checkpoint: Mapping[Any, object]) -> list[tuple[str, Mapping[Any, object]]]:
    """Mappings that may hold a model's tensors, those under telling keys first; others only beside no tensors."""
    inner = {str(key): value for key, value in checkpoint.items() if isinstance(value, Mapping) and value}
    telling = [(key, inner[key]) for key in _STATE_KEYS if key in inner]
    if not telling and any(isinstance(value, torch.Tensor) for value in checkpoint.values()):
        return []
    return [
        *telling,
        *((key, inner[key]) for key in inner if key not in _STATE_KEYS and _holds_tensors(key, inner[key])),
    ]


def _holds_tensors(key: str, value: Mapping[Any, object]) -> bool:
    is_state = any(isinstance(member, torch.Tensor | Mapping) for member in value.values())
    return is_state and "optim" not in key and "scheduler" not in key


def _left_out(file: str, taken: str, *others: str) -> tuple[str, ...]:
    if not others:
        return ()
    named = ", ".join(f"“{name}”" for name in others)
    return (f"The weights are those under “{taken}” in {file}; those under {named} are not used.",)


def _is_needed(name: str, tensors: Mapping[str, torch.Tensor]) -> bool:
    """Counters of batches change nothing, and files from before PyTorch 0.4.1 or of other programs lack them."""
    return name in tensors or not name.endswith("num_batches_tracked")


def _is_of_a_model(name: str) -> bool:
    """`torch.optim.swa_utils` keeps beside the mean of models how many these were, which is no tensor of theirs."""
    return name != "n_averaged"


def _head(model: nn.Module) -> str | None:
    """The path of the last layer that multiplies, dense or convolution: it makes the classes."""
    weights = ((path, getattr(module, "weight", None)) for path, module in model.named_modules())
    matrices = [path for path, weight in weights if isinstance(weight, torch.Tensor) and weight.dim() > 1]
    return matrices[-1] if matrices else None


def _notes(weights: WeightsFile, left_alone: int, left_out: int) -> tuple[str, ...]:
    if not left_alone and not left_out:
        return ()
    file = PurePath(weights.path).name
    return (f"Weights in part: {left_alone} of the model's tensors are not in {file}, {left_out} in it are not used.",)


def _other_file(file: ModelFile, advice: str) -> MbguiError:
    what = "a whole model" if file.holds_model else "weights of another framework"
    sentence = f"{PurePath(file.path).name} holds {what}: {file.format}."
    return MbguiError(Problem(sentence=sentence, advice=advice))
