"""Tensors from files, put into a PyTorch model by name; nothing in the file is executed."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

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


def attach_weights(model: nn.Module, source: ModelSource, weights: WeightsFile) -> tuple[str, ...]:
    """Put the tensors of a file in place of the model's; sentences about what was left out.

    Raises:
        MbguiError: the file cannot be read, holds something else, or its tensors are not the model's.
    """
    found = read_state(weights.path)
    tensors = {stripped_name(name, weights.strip_prefix): tensor for name, tensor in found.items()}
    state = model.state_dict()
    expected = {name: tuple(tensor.shape) for name, tensor in state.items() if _is_needed(name, tensors)}
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    fitting = match_tensors(expected, shapes, source=source, head=_head(model))
    model.load_state_dict({name: tensors[name] for name in fitting}, strict=False)
    return _notes(weights, len(expected) - len(fitting), len(tensors) - len(fitting))


def read_state(path: str) -> Mapping[str, torch.Tensor]:
    """Every tensor of a file with weights, by name. Raises `MbguiError` where it is none, or belongs to Keras."""
    file = require_tensors(path)
    if file.framework is Framework.KERAS:
        raise _other_file(file, "A PyTorch model takes its weights from .pth, .pt, .safetensors or .npz.")
    if file.holds_model:
        raise _other_file(file, "Open it by itself: it needs no architecture.")
    if file.format in _TORCH_FORMATS:
        return _state_dict(_load(path), path)
    return {name: torch.from_numpy(values.copy()) for name, values in read_values(path, file)}


def _load(path: str) -> object:
    """What PyTorch's restricted unpickler makes of a file. Raises `MbguiError` where it refuses it."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # its unpickler and its zip reader raise whatever a damaged file makes of them
        raise MbguiError(
            Problem(
                sentence=f"{PurePath(path).name} cannot be read as PyTorch weights: {error_line(error)}.",
                advice="Save the weights anew with torch.save(model.state_dict(), …) or as .safetensors.",
                detail=error_detail(error),
            )
        ) from error


def _state_dict(loaded: object, path: str) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint that are a model's, by name."""
    while isinstance(loaded, Mapping):
        if any(isinstance(value, torch.Tensor) for value in loaded.values()):
            return {str(name): value for name, value in loaded.items() if isinstance(value, torch.Tensor)}
        loaded = next(_inner_states(loaded), None)
    raise MbguiError(
        Problem(
            sentence=f"{PurePath(path).name} holds no tensors by name.",
            advice="Save the weights with torch.save(model.state_dict(), …).",
        )
    )


def _inner_states(checkpoint: Mapping[Any, object]) -> Iterator[object]:
    yield from (checkpoint[key] for key in _STATE_KEYS if isinstance(checkpoint.get(key), Mapping))
    yield from (value for key, value in checkpoint.items() if isinstance(value, Mapping) and "optim" not in str(key))


def _is_needed(name: str, tensors: Mapping[str, torch.Tensor]) -> bool:
    """Counters of batches change nothing, and files from before PyTorch 0.4.1 or of other programs lack them."""
    return name in tensors or not name.endswith("num_batches_tracked")


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
    return MbguiError(Problem(sentence=f"{PurePath(file.path).name} holds a {file.format}.", advice=advice))
