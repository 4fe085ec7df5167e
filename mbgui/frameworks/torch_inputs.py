"""The input of a PyTorch model: tensors of the shape that was asked for, or that its first layer suggests."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from mbgui.domain.errors import MbguiError
from mbgui.domain.input_shape import InputOrigin, InputShape
from mbgui.domain.network import TensorSpec
from mbgui.domain.request import DEFAULT_INPUT_SIZE
from mbgui.frameworks.timed_inputs import drawn_inputs

ASSUMED_LENGTH = 128
"""Length of a sequence where nothing says how long it is to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleInputs:
    """What a model is called with to be read: zeros of the right shapes, by position."""

    tensors: tuple[torch.Tensor, ...]
    names: tuple[str, ...]
    origin: InputOrigin

    @property
    def sizes(self) -> tuple[int, ...]:
        """Height and width of an image in colours, else all sizes but the batch of the first input."""
        shape = tuple(self.tensors[0].shape) if self.tensors else ()
        return shape[2:] if len(shape) == 4 and shape[1] == 3 else shape[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class _FirstLayer:
    """What the first layer with weights takes: its class's name and the number of channels or features."""

    class_name: str
    width: int


def example_inputs(
    model: nn.Module, inputs: tuple[InputShape, ...], batch_size: int, *, stated: tuple[int, int] | None = None
) -> ExampleInputs:
    """Zeros for every input; `stated` is the (height, width) a zoo states.

    Raises:
        MbguiError: names or the number of inputs are not those of the model, or a shape says too little.
    """
    names = input_names(model)
    first = _first_layer(model)
    if not inputs:
        if len(names) > 1:
            raise _which_inputs(type(model).__name__, names)
        return _default_input(first, names, batch_size, stated)
    ordered = _in_order(inputs, names, type(model).__name__)
    tensors = tuple(_zeros(shape, first, batch_size) for shape in ordered)
    return ExampleInputs(tensors=tensors, names=names[: len(tensors)], origin=InputOrigin.GIVEN)


def input_names(model: nn.Module) -> tuple[str, ...]:
    """The names of the arguments that a model's forward pass cannot do without."""
    try:
        parameters = inspect.signature(model.forward).parameters.values()
    except (TypeError, ValueError):  # a compiled function without a signature
        return ("input",)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = tuple(
        found.name for found in parameters if found.kind in kinds and found.default is inspect.Parameter.empty
    )
    return names or ("input",)


def timed_inputs(specs: tuple[TensorSpec, ...], seed: int, batch_size: int) -> tuple[torch.Tensor, ...]:
    """Standard normal numbers for inputs of floating point numbers, zeros for all others, in memory of PyTorch's."""
    arrays = drawn_inputs(specs, batch_size=batch_size, seed=seed, is_channels_first=True)
    return tuple(
        torch.from_numpy(array).to(getattr(torch, spec.dtype), copy=True)
        for spec, array in zip(specs, arrays, strict=True)
    )


def _default_input(
    first: _FirstLayer, names: tuple[str, ...], batch_size: int, stated: tuple[int, int] | None
) -> ExampleInputs:
    sizes: tuple[int, ...]
    if stated is not None:
        sizes, origin = stated, InputOrigin.STATED
    elif first.class_name in ("Linear", "Bilinear"):
        sizes, origin = (first.width,), InputOrigin.FIXED
    elif first.class_name in _SEQUENCES:
        sizes, origin = (ASSUMED_LENGTH,), InputOrigin.ASSUMED
    else:
        sizes, origin = DEFAULT_INPUT_SIZE, InputOrigin.ASSUMED
    return ExampleInputs(tensors=(_zeros(InputShape(sizes=sizes), first, batch_size),), names=names[:1], origin=origin)


def _in_order(inputs: tuple[InputShape, ...], names: tuple[str, ...], model: str) -> tuple[InputShape, ...]:
    """The shapes in the order of the arguments."""
    if len(inputs) == 1 and not inputs[0].name:
        if len(names) > 1:
            raise _which_inputs(model, names)
        return inputs
    by_name = {shape.name: shape for shape in inputs}
    unknown = [name for name in by_name if name not in names]
    missing = [name for name in names if name not in by_name]
    if unknown:
        raise MbguiError.wrong_use(
            f"{model} has no input called “{unknown[0]}”; its inputs are {', '.join(names)}.", _name_advice(names)
        )
    if missing:
        raise _which_inputs(model, names)
    return tuple(by_name[name] for name in names)


def _which_inputs(model: str, names: tuple[str, ...]) -> MbguiError:
    return MbguiError.wrong_use(f"{model} takes {len(names)} inputs: {', '.join(names)}.", _name_advice(names))


def _name_advice(names: tuple[str, ...]) -> str:
    named = ",".join(f"{name}=…" for name in names)
    return f"Give each its shape: --input {named} (224x224x3 for an image, 10 for a vector)."


def _zeros(shape: InputShape, first: _FirstLayer, batch_size: int) -> torch.Tensor:
    dtype = torch.int64 if first.class_name in ("Embedding", "EmbeddingBag") else torch.float32
    sizes = shape.sizes if shape.name else _completed(shape.sizes, first)
    if len(sizes) == 3 and shape.name:
        sizes = _channels_first(sizes, 0)
    return torch.zeros(batch_size, *sizes, dtype=dtype)


def _completed(sizes: tuple[int, ...], first: _FirstLayer) -> tuple[int, ...]:
    """The sizes as the first layer takes them: channels in front, a square for one side of an image."""
    if first.class_name in ("Embedding", "EmbeddingBag", "Linear", "Bilinear"):
        return sizes
    if first.class_name in _RECURRENT:
        return (*sizes, first.width) if len(sizes) == 1 else sizes
    if first.class_name.startswith("Conv1d"):
        return (first.width, *sizes) if len(sizes) == 1 else sizes
    if len(sizes) == 1:
        return (first.width, sizes[0], sizes[0])
    if len(sizes) == 2:
        return (first.width, *sizes)
    return _channels_first(sizes, first.width) if len(sizes) == 3 else sizes


def _channels_first(sizes: tuple[int, ...], channels: int) -> tuple[int, ...]:
    """Three sizes as channels, height, width: the channels that the model takes, else the smaller one at either end."""
    is_last = sizes[-1] == channels != sizes[0] or (channels not in (sizes[0], sizes[-1]) and sizes[-1] < sizes[0])
    return (sizes[-1], *sizes[:-1]) if is_last else sizes


_RECURRENT = frozenset({"RNN", "LSTM", "GRU"})
_SEQUENCES = frozenset({"Embedding", "EmbeddingBag", "Conv1d", *_RECURRENT})


def _first_layer(model: nn.Module) -> _FirstLayer:
    """The first module with weights that tells what it takes; an image of three channels where none does."""
    return next(_telling_layers(model), _FirstLayer(class_name="Conv2d", width=3))


def _telling_layers(model: nn.Module) -> Iterator[_FirstLayer]:
    for module in model.modules():
        name = str(getattr(module, "original_name", type(module).__name__))
        weight: Any = getattr(module, "weight", None)
        if name.startswith("Conv") and not name.startswith("ConvTranspose") and isinstance(weight, torch.Tensor):
            yield _FirstLayer(class_name=name, width=int(weight.shape[1]) * int(getattr(module, "groups", 1)))
        elif name in ("Linear", "Bilinear") and isinstance(weight, torch.Tensor):
            yield _FirstLayer(class_name=name, width=int(weight.shape[-1]))
        elif name in ("Embedding", "EmbeddingBag"):
            yield _FirstLayer(class_name=name, width=1)
        elif name in _RECURRENT:
            weight = getattr(module, "weight_ih_l0", None)
            yield _FirstLayer(class_name=name, width=int(weight.shape[-1]) if isinstance(weight, torch.Tensor) else 1)
