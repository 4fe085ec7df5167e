"""The ways in which a PyTorch model is called when it is timed."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.network import TensorSpec
from mbgui.frameworks.torch_compiling import compiled, compiling, forget_compiled
from mbgui.frameworks.torch_inputs import timed_inputs
from mbgui.frameworks.torch_saved_program import SavedProgram

_IMAGE_RANK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedModule:
    """A model that can be timed: what is called, and the inputs it was built for; `saved` where it is a program."""

    title: str
    model: nn.Module
    specs: tuple[TensorSpec, ...]
    saved: SavedProgram | None = None

    @property
    def batch_size(self) -> int:
        """The batch it was built for."""
        return next((spec.shape[0] for spec in self.specs if spec.shape), 1)


def _nothing() -> None:
    """Most call paths leave the model as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCall:
    """A call without arguments, to be made under `inference_mode`.

    The first one is to be made inside `first`. `run_modules` calls the same modules on the same inputs without anything
    that hides them. `undo` makes the model what it was.
    """

    path: CallPath
    inputs: tuple[torch.Tensor, ...]
    call: Callable[[], object]
    run_modules: Callable[[], object]
    first: Callable[[], AbstractContextManager[None]] = nullcontext
    undo: Callable[[], None] = _nothing

    @property
    def batch_size(self) -> int:
        """The batch of its inputs."""
        return next((int(tensor.shape[0]) for tensor in self.inputs if tensor.dim()), 1)


def prepared_call(timed: TimedModule, path: CallPath, *, batch_size: int, seed: int) -> PreparedCall:
    """The model made ready for a call path. Raises `MbguiError` where it has no such path."""
    inputs = timed_inputs(timed.specs, seed, batch_size)
    eager = partial(timed.model, *inputs)
    match path:
        case CallPath.EAGER:
            return PreparedCall(path=path, inputs=inputs, call=eager, run_modules=eager)
        case CallPath.CHANNELS_LAST:
            return _channels_last(timed, inputs)
        case CallPath.COMPILE:
            call = partial(compiled(timed.model), *inputs)
            return PreparedCall(
                path=path, inputs=inputs, call=call, run_modules=eager, first=compiling, undo=forget_compiled
            )
        case CallPath.BFLOAT16:
            call = partial(_autocast, eager)
            return PreparedCall(path=path, inputs=inputs, call=call, run_modules=call)
    known = ", ".join(f"“{known}”" for known in CALL_PATHS[Framework.PYTORCH])
    raise MbguiError(Problem(sentence=f"PyTorch has no call path “{path}”.", advice=f"Choose one of {known}."))


def _autocast(call: Callable[[], object]) -> object:
    """Entered anew for each call, as people write it: weights are converted each time."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return call()


def _channels_last(timed: TimedModule, inputs: tuple[torch.Tensor, ...]) -> PreparedCall:
    if not any(tensor.dim() == _IMAGE_RANK for tensor in inputs):
        raise MbguiError(
            Problem(
                sentence=f"“{CallPath.CHANNELS_LAST}” is a layout of images, and {timed.title} takes none.",
                advice=f"Choose “{CallPath.EAGER}”.",
            )
        )
    turned_inputs = tuple(_turned(tensor) for tensor in inputs)
    undo = _turn_weights(timed.model)
    call = partial(timed.model, *turned_inputs)
    return PreparedCall(path=CallPath.CHANNELS_LAST, inputs=turned_inputs, call=call, run_modules=call, undo=undo)


def _turn_weights(model: nn.Module) -> Callable[[], None]:
    """What `model.to(memory_format=torch.channels_last)` does; returns what turns the same tensors back."""
    stored = (*model.parameters(), *model.buffers())
    turned = [tensor for tensor in stored if tensor.dim() == _IMAGE_RANK and tensor.is_contiguous()]

    def turn_back() -> None:
        for tensor in turned:
            tensor.data = tensor.data.contiguous()

    try:
        for tensor in turned:
            tensor.data = _turned(tensor.data)
    except Exception:  # memory ran out half-way
        turn_back()
        raise
    return turn_back


def _turned(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == _IMAGE_RANK else tensor
