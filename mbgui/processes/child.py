"""The program of a child process: it imports one framework and does what it is told."""

import argparse
import faulthandler
import gc
import importlib
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.request import ReadingLimits
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.frameworks.load_request import LoadRequest
from mbgui.processes.channel import Channel
from mbgui.processes.confinement import confine
from mbgui.processes.latency_messages import (
    BuildModel,
    MeasureRound,
    ModelBuilt,
    PrepareLatency,
    ReadUsage,
    TimeLayers,
)
from mbgui.processes.latency_server import LatencyServer
from mbgui.processes.lifeline import die_with
from mbgui.processes.messages import (
    Command,
    CommandFailed,
    DescribeModel,
    FileInspected,
    InspectFile,
    ListModels,
    LoadModel,
    ModelDescribed,
    ModelLoaded,
    ModelNames,
    Ready,
    Reply,
)
from mbgui.processes.priority import give_way, stand_equal
from mbgui.processes.problems import import_problem, unexpected_problem
from mbgui.processes.proof_messages import ProofCommand

if TYPE_CHECKING:
    from mbgui.frameworks.user_code import UserCode
    from mbgui.processes.proof_server import ProofServer

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
    server = _Server(channel, options.threads, make)
    if not server.begin(Framework(options.framework) if options.framework else None):
        return EXIT_NOT_IMPORTABLE
    server.serve()
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mbgui.processes.child", description=__doc__)
    parser.add_argument("--framework", default="", choices=["", *(framework.value for framework in Framework)])
    parser.add_argument("--threads", required=True, type=int)
    parser.add_argument("--lifeline", type=int, default=-1, help="descriptor of a pipe the app holds the other end of")
    return parser.parse_args(arguments)


class _Server:
    """Does one command after the other. A server of no framework imports that of the first model it loads."""

    def __init__(self, channel: Channel, threads: int, make: AdapterMaker) -> None:
        self._channel = channel
        self._threads = threads
        self._make = make
        self._framework: Framework | None = None
        self._adapter: FrameworkAdapter | None = None
        self._import_s = 0.0
        self._is_untouched = True
        self._is_confined = False
        self._confining_s = 0.0
        self._latency = LatencyServer()
        self._proof: ProofServer | None = None

    def begin(self, framework: Framework | None) -> bool:
        """Import the framework, if there is one, and say that commands may come; false where that failed."""
        started_s = time.perf_counter()
        try:
            versions = () if framework is None else self._import(framework).versions()
        except MbguiError as error:
            self._channel.send(CommandFailed(problem=error.problem))
            return False
        self._import_s = time.perf_counter() - started_s
        self._channel.send(Ready(versions=versions, import_s=self._import_s))
        return True

    def serve(self) -> None:
        """Answer commands to the end; warm up in the first pause, unless a model was loaded or built before."""
        is_cold = self._adapter is not None
        while True:
            command = self._channel.next_command(_GRACE_S if is_cold else None)
            if command is not None:
                self._reply(command)
            else:
                self._warm_up()
            is_cold = is_cold and command is not None and not isinstance(command, LoadModel | BuildModel)

    def _import(self, framework: Framework) -> FrameworkAdapter:
        """The adapter. Raises `MbguiError` where its framework cannot be had.

        The garbage collector rests meanwhile: an import makes many objects that all stay.
        """
        gc.disable()
        try:
            adapter = self._make(framework, self._threads)
        except Exception as error:  # a broken installation can raise anything
            raise MbguiError(import_problem(framework, error)) from error
        finally:
            gc.freeze()
            gc.enable()
        self._framework, self._adapter = framework, adapter
        return adapter

    def _warm_up(self) -> None:
        """Warm up; a failure is left to the first command, whose answer somebody waits for."""
        self._is_untouched = False
        try:
            self._require_adapter().warm_up()
        except Exception:  # noqa: BLE001
            traceback.print_exc()

    def _require_adapter(self) -> FrameworkAdapter:
        if self._adapter is None:
            raise MbguiError(Problem(sentence="No framework was chosen.", advice="Load a model first."))
        return self._adapter

    def _reply(self, command: Command) -> None:
        """Do a command and send its answer, or why there is none."""
        try:
            self._channel.send(self._answer(command))
        except MbguiError as error:
            self._channel.send(CommandFailed(problem=error.problem))
        except Exception as error:  # noqa: BLE001  what a framework raises is for the user to read, not for this process to die of
            traceback.print_exc()
            self._channel.send(CommandFailed(problem=unexpected_problem(self._framework, error)))

    def _answer(self, command: Command) -> Reply:  # noqa: PLR0911  one a command
        match command:
            case LoadModel():
                return self._load(command)
            case InspectFile():
                return self._inspect(command)
            case ListModels():
                return ModelNames(names=self._require_adapter().model_names())
            case DescribeModel():
                return self._describe(command.name)
            case BuildModel():
                return self._build(command)
            case PrepareLatency() | MeasureRound() | ReadUsage() | TimeLayers():
                return self._latency.answer(command, self._require_adapter())
        return self._prove(command)

    def _prove(self, command: ProofCommand) -> Reply:
        if self._proof is None:
            from mbgui.processes.proof_server import ProofServer  # noqa: PLC0415  only where outputs are compared

            self._proof = ProofServer()
        return self._proof.answer(command, self._require_adapter())

    def _load(self, command: LoadModel) -> ModelLoaded:
        self._begin_model()
        code = _user_code(command)
        adapter = self._adapter_for(command, code)
        self._is_untouched = False
        network = adapter.load(
            _request(command),
            before_file=lambda: self._confine(command.limits),
            build=None if code is None else code.build,
        )
        return ModelLoaded(network=network, versions=adapter.versions())

    def _build(self, command: BuildModel) -> ModelBuilt:
        self._begin_model()
        code = _user_code(command)
        adapter = self._adapter_for(command, code)
        self._confining_s = 0.0
        # A model that its module held, or that was built to tell its framework, is in the resident size by now.
        self._latency.begin_to_build(is_first=self._is_untouched and not (code is not None and code.is_built))
        self._is_untouched = False
        adapter.build(
            _request(command),
            before_file=lambda: self._confine(command.limits),
            build=None if code is None else code.build,
        )
        return self._latency.built(adapter, self._import_s, self._confining_s)

    def _begin_model(self) -> None:
        give_way()
        if self._proof is not None:
            self._proof.forget()

    def _adapter_for(self, command: LoadModel | BuildModel, code: "UserCode | None") -> FrameworkAdapter:
        """The adapter there is, or that of the model's framework. Raises `MbguiError`."""
        if self._adapter is None:
            started_s = time.perf_counter()
            self._import(self._find_framework(command, code))
            self._import_s = time.perf_counter() - started_s
        return self._require_adapter()

    def _find_framework(self, command: LoadModel | BuildModel, code: "UserCode | None") -> Framework:
        from mbgui.frameworks.file_models import no_model_file, recognised_framework  # noqa: PLC0415  seldom needed
        from mbgui.model_files.inspection import inspect_file  # noqa: PLC0415

        if code is not None:
            return code.framework()
        found = recognised_framework(command.source.name)
        if found is None:
            self._confine(command.limits)
            raise no_model_file(inspect_file(command.source.name, with_statistics=False))
        return found

    def _inspect(self, command: InspectFile) -> FileInspected:
        from mbgui.model_files.inspection import inspect_file  # noqa: PLC0415  seldom needed

        self._confine(command.limits)
        bound = command.limits.memory_bytes or sys.maxsize
        return FileInspected(file=inspect_file(command.path, with_statistics=True, memory_bytes=bound))

    def _confine(self, limits: ReadingLimits) -> None:
        """Take rights away from this process, once; its share of the processor cannot be raised afterwards."""
        if not self._is_confined:
            started_s = time.perf_counter()
            self._is_confined = True
            stand_equal()
            confine(limits.memory_bytes)
            self._confining_s += time.perf_counter() - started_s

    def _describe(self, name: str) -> ModelDescribed:
        adapter = self._require_adapter()
        return ModelDescribed(options=adapter.model_options(name), input_size=adapter.stated_input_size(name))


def _request(command: LoadModel | BuildModel) -> LoadRequest:
    return LoadRequest(
        source=command.source,
        inputs=command.inputs,
        batch_size=command.batch_size,
        weights=command.weights,
        seed=command.seed,
        file_memory_bytes=command.limits.memory_bytes or sys.maxsize,
    )


def _user_code(command: LoadModel | BuildModel) -> "UserCode | None":
    """The user's own code, where the model is built by it; nothing of it runs yet."""
    if not command.source.runs_own_code:
        return None
    from mbgui.frameworks.user_code import UserCode  # noqa: PLC0415  seldom needed

    return UserCode(command.source, command.code_folders, command.seed)


if __name__ == "__main__":
    sys.exit(main())
