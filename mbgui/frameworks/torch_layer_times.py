"""Where the time of a PyTorch model goes: hooks on its modules, or the operations of a saved program one by one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any

import torch
from torch import fx, nn

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.performance import LayerTiming
from mbgui.frameworks.layer_stopwatch import LayerStopwatch, time_layers
from mbgui.frameworks.torch_graph import program_arguments
from mbgui.frameworks.torch_inputs import ExampleInputs
from mbgui.frameworks.torch_modules import is_atomic
from mbgui.frameworks.torch_reading import program_layers
from mbgui.frameworks.torch_saved_program import SavedProgram

BY_HOOKS = "eager passes{how} with hooks on the modules; functional operations count for the module that calls them"
_HOW = {CallPath.CHANNELS_LAST: " in channels_last", CallPath.BFLOAT16: " under bfloat16 autocast"}
BY_OPERATION = "eager passes of the saved program, one operation after the other"


def time_modules(model: nn.Module, run: Callable[[], object], passes: int, path: CallPath) -> LayerTiming:
    """The time of every module that is read as a layer, by its path; `run` is a pass of the model prepared for `path`.

    What the model does outside its modules is in the total only. The hooks are gone afterwards, whatever happens.

    Raises:
        MbguiError: it is TorchScript, whose modules take no hooks, or it has no modules.
    """
    if isinstance(model, torch.jit.ScriptModule):
        raise _not_by_layer("TorchScript runs its modules out of reach of Python")
    layers = _layer_modules(model)
    if not layers:
        raise _not_by_layer("this model has no modules")
    stopwatch = LayerStopwatch()
    method = BY_HOOKS.format(how=_HOW.get(path, ""))
    return time_layers(stopwatch, run, run, passes=passes, method=method, watched=partial(_hooks, layers, stopwatch))


def time_program(saved: SavedProgram, inputs: tuple[torch.Tensor, ...], passes: int) -> LayerTiming:
    """The time of every call of a saved program. Operations that only hand values on are in the total only."""
    names = tuple(str(index) for index in range(len(inputs)))
    found = program_layers(saved, ExampleInputs(tensors=inputs, names=names, origin=InputOrigin.GIVEN))
    calls = {call.name: (call.layer, call.index) for call in found.calls}
    makers = {node: calls[name] for node, name in found.nodes.makers.items()}
    stopwatch = LayerStopwatch()
    arguments = program_arguments(saved.program, inputs)
    plain = fx.Interpreter(saved.program.graph_module)
    timed = _TimedInterpreter(saved.program.graph_module, makers, stopwatch)
    run_plain, run_timed = partial(plain.run, *arguments), partial(timed.run, *arguments)
    return time_layers(stopwatch, run_plain, run_timed, passes=passes, method=BY_OPERATION)


class _TimedInterpreter(fx.Interpreter):
    """Runs a graph and tells what each operation took."""

    def __init__(self, module: fx.GraphModule, makers: dict[str, tuple[str, int]], stopwatch: LayerStopwatch) -> None:
        super().__init__(module)
        self._makers = makers
        self._stopwatch = stopwatch

    def run_node(self, n: fx.Node) -> Any:
        call = self._makers.get(n.name)
        started = perf_counter()
        result = super().run_node(n)
        if call is not None:
            self._stopwatch.add(*call, perf_counter() - started)
        return result


def _layer_modules(model: nn.Module) -> dict[str, nn.Module]:
    """The modules that reading lists, by path: everything but the model itself and what is inside a single layer."""
    modules = dict(model.named_modules())
    atomic = {path for path, module in modules.items() if is_atomic(module)}

    def is_inside(path: str) -> bool:
        parts = path.split(".")
        return any(".".join(parts[:end]) in atomic for end in range(1, len(parts)))

    return {path: module for path, module in modules.items() if path and not is_inside(path)}


@contextmanager
def _hooks(layers: dict[str, nn.Module], stopwatch: LayerStopwatch) -> Iterator[None]:
    def leave(_module: nn.Module, _arguments: Any, _result: Any) -> None:
        stopwatch.leave()

    handles = []
    try:
        for path, module in layers.items():
            handles += [
                module.register_forward_pre_hook(partial(_enter, stopwatch, path)),
                module.register_forward_hook(leave),
            ]
        yield
    finally:
        for handle in handles:
            handle.remove()


def _enter(stopwatch: LayerStopwatch, path: str, _module: nn.Module, _arguments: Any) -> None:
    stopwatch.enter(path)


def _not_by_layer(reason: str) -> MbguiError:
    return MbguiError(
        Problem(
            sentence=f"Its layers cannot be timed one by one: {reason}.",
            advice="Compare the model in eager form to see where its time goes.",
        )
    )
