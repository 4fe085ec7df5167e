"""The program of a child process: it imports one framework and does what it is told."""

import argparse
import faulthandler
import gc
import importlib
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import cast

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.request import ModelSource, SourceKind, Weights
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.processes.channel import Channel
from mbgui.processes.lifeline import die_with
from mbgui.processes.messages import (
    Command,
    CommandFailed,
    LatencyPrepared,
    ListModels,
    LoadModel,
    MeasureRound,
    ModelLoaded,
    ModelNames,
    PrepareLatency,
    Ready,
    Reply,
    RoundMeasured,
)
from mbgui.processes.priority import give_way, stand_equal
from mbgui.processes.problems import import_problem, unexpected_problem

EXIT_NOT_IMPORTABLE = 3
_GRACE_S = 0.1
"""How long no command has to come before the child turns to warming up."""


AdapterMaker = Callable[[Framework, int], FrameworkAdapter]

_ADAPTERS = {
    Framework.PYTORCH: ("mbgui.frameworks.torch_adapter", "TorchAdapter"),
    Framework.KERAS: ("mbgui.frameworks.keras_adapter", "KerasAdapter"),
}


def make_adapter(framework: Framework, threads: int) -> FrameworkAdapter:
    """Import a framework and its adapter. Raises `ImportError` and whatever else a broken installation raises."""
    module, name = _ADAPTERS[framework]
    maker = getattr(importlib.import_module(module), name)
    return cast("FrameworkAdapter", maker(threads))


def main(arguments: Sequence[str] | None = None, make: AdapterMaker = make_adapter) -> int:
    """Serve one framework until the app is gone. Returns an exit code where the framework cannot be imported."""
    options = _parse(arguments)
    channel = Channel.take_standard_streams()
    if options.lifeline >= 0:
        die_with(options.lifeline)
    give_way()
    faulthandler.enable()
    channel.open()
    framework = Framework(options.framework)
    adapter = _import(channel, framework, options.threads, make)
    if adapter is None:
        return EXIT_NOT_IMPORTABLE
    _serve(channel, framework, adapter)
    return 0


def _serve(channel: Channel, framework: Framework, adapter: FrameworkAdapter) -> None:
    """Do one command after the other; warm up in the first pause, unless a model was loaded before."""
    is_cold = True
    while True:
        command = channel.next_command(_GRACE_S if is_cold else None)
        if command is not None:
            _reply(channel, framework, adapter, command)
        else:
            _warm_up(adapter)
        is_cold = is_cold and command is not None and not isinstance(command, LoadModel)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mbgui.processes.child", description=__doc__)
    parser.add_argument("--framework", required=True, choices=[framework.value for framework in Framework])
    parser.add_argument("--threads", required=True, type=int)
    parser.add_argument("--lifeline", type=int, default=-1, help="descriptor of a pipe the app holds the other end of")
    return parser.parse_args(arguments)


def _import(channel: Channel, framework: Framework, threads: int, make: AdapterMaker) -> FrameworkAdapter | None:
    """The adapter, after word of it was sent; `None` where its framework cannot be had.

    The garbage collector rests meanwhile: an import makes many objects that all stay.
    """
    started_s = time.perf_counter()
    gc.disable()
    try:
        adapter = make(framework, threads)
    except Exception as error:  # noqa: BLE001  a broken installation can raise anything
        channel.send(CommandFailed(problem=import_problem(framework, error)))
        return None
    gc.freeze()
    gc.enable()
    channel.send(Ready(versions=adapter.versions(), import_s=time.perf_counter() - started_s))
    return adapter


def _warm_up(adapter: FrameworkAdapter) -> None:
    """Warm up; a failure is left to the first command, whose answer somebody waits for."""
    try:
        adapter.warm_up()
    except Exception:  # noqa: BLE001
        traceback.print_exc()


def _reply(channel: Channel, framework: Framework, adapter: FrameworkAdapter, command: Command) -> None:
    """Do a command and send its answer, or why there is none."""
    try:
        channel.send(_answer(adapter, command))
    except MbguiError as error:
        channel.send(CommandFailed(problem=error.problem))
    except Exception as error:  # noqa: BLE001  what a framework raises is for the user to read, not for this process to die of
        traceback.print_exc()
        channel.send(CommandFailed(problem=unexpected_problem(framework, error)))


def _answer(adapter: FrameworkAdapter, command: Command) -> Reply:
    match command:
        case LoadModel():
            return _load(adapter, command)
        case ListModels():
            return ModelNames(names=adapter.model_names())
        case PrepareLatency():
            return _prepare(adapter, command)
        case MeasureRound():
            return RoundMeasured(durations_s=_measure(adapter, command.runs))


def _load(adapter: FrameworkAdapter, command: LoadModel) -> ModelLoaded:
    give_way()
    network = adapter.load(
        ModelSource(kind=SourceKind(command.kind), name=command.name),
        input_size=(command.height, command.width),
        batch_size=command.batch_size,
        weights=Weights(command.weights),
        seed=command.seed,
    )
    return ModelLoaded(network=network)


def _prepare(adapter: FrameworkAdapter, command: PrepareLatency) -> LatencyPrepared:
    stand_equal()
    first_call_s = adapter.prepare(CallPath(command.call_path), batch_size=command.batch_size, seed=command.seed)
    warmup_s = adapter.measure(command.warmup) if command.warmup else ()
    gc.collect()
    return LatencyPrepared(first_call_s=first_call_s, warmup_s=warmup_s)


def _measure(adapter: FrameworkAdapter, runs: int) -> tuple[float, ...]:
    """Time calls without the garbage collector cutting in."""
    gc.disable()
    try:
        return adapter.measure(runs)
    finally:
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
