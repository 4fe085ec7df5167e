"""A child program without a framework: the name of the model to load, or its first argument, says how it behaves."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.performance import LayerTime, LayerTiming
from mbgui.frameworks.adapter import BeforeFile, OwnBuild
from mbgui.frameworks.load_request import LoadRequest
from mbgui.frameworks.stepwise import Array, StepwiseModel
from mbgui.processes import child
from tests.support.records import tiny_torch_network

PROGRAM = str(Path(__file__).resolve())


class FakeAdapter:
    """Behaves as the name of the model says."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.called = 0
        self.traced: int | None = None

    def versions(self) -> tuple[Version, ...]:
        return (Version(name="fake", version="1"),)

    def warm_up(self) -> None:
        print("warming up", flush=True)

    def model_names(self) -> tuple[str, ...]:
        return tuple(BEHAVIOURS)

    def model_options(self, name: str) -> tuple[ModelOption, ...]:
        return (ModelOption(name="alpha", default=1.0, description=name),)

    def stated_input_size(self, name: str) -> tuple[int, int] | None:
        return len(name), 7

    def build(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> None:
        self.load(request, before_file=before_file, build=build)

    def load(self, request: LoadRequest, *, before_file: BeforeFile, build: OwnBuild | None = None) -> Network:
        if build is not None:
            build()
        if request.source.reads_file:
            before_file()
        if request.source.is_from_zoo:
            BEHAVIOURS[request.source.name]()
        return tiny_torch_network()

    def steps(self) -> tuple[StepwiseModel, Network] | str:
        return "it is a fake"

    def weights_file(self, tensors: Mapping[str, Array]) -> bytes:
        raise AssertionError("nothing can be exported")

    def prepare(self, call_path: CallPath, *, batch_size: int, seed: int) -> float:
        self.traced = 1
        return 0.5

    def measure(self, runs: int) -> tuple[float, ...]:
        """Each call takes a tenth more than the one before."""
        self.called += runs
        return tuple(0.001 * (1 + number / 10) for number in range(self.called - runs, self.called))

    def traces(self) -> int | None:
        return self.traced

    def time_layers(self, passes: int) -> LayerTiming:
        layers = (LayerTime(layer="features", call=0, duration_s=0.001),)
        return LayerTiming(method="made up", passes=passes, total_s=0.002, plain_s=0.001, layers=layers)


def _behave() -> None:
    """Do nothing wrong."""


def _print() -> None:
    print("printed by Python", flush=True)
    os.write(1, b'{"type":"RoundMeasured","durations_s":[]}\n')
    os.system("echo printed by a program")  # noqa: S605
    assert sys.stdin.read() == ""


def _segfault() -> None:
    print("these are my last words", file=sys.stderr, flush=True)
    ctypes.string_at(0)


def _exit() -> None:
    os._exit(7)


def _hold_interpreter() -> None:
    """Sleep in native code without letting any other thread of Python run."""
    ctypes.PyDLL(None).sleep(60)


def _suspend() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _sleep() -> None:
    time.sleep(60)


def _start_program() -> None:
    """Start a program of one's own that stays, and tell its identifier."""
    program = subprocess.Popen(["sleep", "60"])
    print("started", program.pid, file=sys.stderr, flush=True)


def _raise() -> None:
    raise RuntimeError("the shapes do not fit\nmore about it")


def _run_out_of_memory() -> None:
    raise MemoryError


def _refuse() -> None:
    raise MbguiError(Problem(sentence="There is no such model.", kind=ProblemKind.WRONG_USE))


BEHAVIOURS: dict[str, Callable[[], None]] = {
    "well": _behave,
    "print": _print,
    "segfault": _segfault,
    "exit": _exit,
    "hold_interpreter": _hold_interpreter,
    "suspend": _suspend,
    "sleep": _sleep,
    "start_program": _start_program,
    "raise": _raise,
    "out_of_memory": _run_out_of_memory,
    "refuse": _refuse,
}


def _make(framework: Framework, threads: int) -> FakeAdapter:
    return FakeAdapter(framework)


def _not_installed(framework: Framework, threads: int) -> FakeAdapter:
    raise ModuleNotFoundError("No module named 'torch'", name="torch")


def _broken_installation(framework: Framework, threads: int) -> FakeAdapter:
    raise OSError("libtorch_cpu.so: cannot open shared object file")


def _slow_import(framework: Framework, threads: int) -> FakeAdapter:
    ctypes.PyDLL(None).sleep(3)
    return FakeAdapter(framework)


def _say(text: str) -> int:
    """Say something instead of a reply, then wait for the end."""
    os.write(1, text.encode())
    sys.stdin.read()
    return 0


def _flood() -> int:
    for number in range(20_000):
        print(f"line {number} of a talkative library", file=sys.stderr)
    return child.main(sys.argv[2:], _make)


def _break_off() -> int:
    os.write(1, b'{"type":"Ready","versi')
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


MODES: dict[str, Callable[[], int]] = {
    "serve": lambda: child.main(sys.argv[2:], _make),
    "not_installed": lambda: child.main(sys.argv[2:], _not_installed),
    "broken_installation": lambda: child.main(sys.argv[2:], _broken_installation),
    "slow_import": lambda: child.main(sys.argv[2:], _slow_import),
    "flood": _flood,
    "break_off": _break_off,
    "garbage": lambda: _say("Segmentation fault? no, just chatter\n"),
    "wrong_type": lambda: _say('{"type":"Ready","versions":[],"import_s":"soon"}\n'),
    "deep": lambda: _say('{"type":' + "[" * 100_000 + "\n"),
    "unknown_reply": lambda: _say('{"type":"Hello"}\n'),
    "unasked": lambda: _say('{"type":"ModelNames","names":[]}\n'),
    "end": lambda: 0,
}


if __name__ == "__main__":
    sys.exit(MODES[sys.argv[1]]())
