"""A child without a process: it answers at once, fails or waits where it is told to."""

import itertools
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from mbgui.domain.environment import Version
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import LayerKind, Network
from mbgui.domain.performance import LayerTime
from mbgui.processes.client import ANSWER_TIMEOUT_S, IMPORT_TIMEOUT_S
from mbgui.processes.latency_messages import (
    BuildModel,
    LatencyPrepared,
    LayerTimesRead,
    MeasureRound,
    ModelBuilt,
    PrepareLatency,
    ReadUsage,
    RoundMeasured,
    TimeLayers,
    UsageRead,
)
from mbgui.processes.messages import (
    Command,
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
from mbgui.processes.outcome import Ending, Outcome
from mbgui.processes.pool import WarmChildren
from mbgui.processes.proof_messages import OpenProof, ProofOpened
from tests.support.records import tiny_keras_network, tiny_model_file, tiny_torch_network

AnswerT = TypeVar("AnswerT", bound=Reply)

_NETWORKS: dict[Framework, Callable[[], Network]] = {
    Framework.PYTORCH: tiny_torch_network,
    Framework.KERAS: tiny_keras_network,
}
_VERSIONS = {
    Framework.PYTORCH: (Version(name="torch", version="2.14.1"), Version(name="torchvision", version="0.29.1")),
    Framework.KERAS: (Version(name="tensorflow", version="2.21.0"), Version(name="keras", version="3.15.1")),
}
_CALL_S = {Framework.PYTORCH: 0.030, Framework.KERAS: 0.020}
_WAVES = (0.0, 0.006, -0.004, 0.002, -0.008, 0.004, -0.002, 0.008, -0.006)
"""How far each call is off the usual duration, in turns; their mean and median are 0."""
_MIB = 1 << 20
_TRACED = (CallPath.TF_FUNCTION.value, CallPath.XLA.value)


class FakeChild:
    """Stands where a `mbgui.processes.client.Child` stands.

    `failures` maps `Ready` or a command type to the problem it ends in (the child lives on); `deaths` names those at
    which the child dies, from the given one on (counted from 0); `holds` those at which it waits until it is killed
    or `release` is called. `reached` is set as soon as it waits. Every call takes `slowness` times the usual duration,
    give or take what goes round in turns.
    """

    def __init__(
        self,
        framework: Framework | None,
        threads: int,
        *,
        failures: Mapping[type, Problem] | None = None,
        deaths: Mapping[type, int] | None = None,
        holds: tuple[type, ...] = (),
        is_ready: bool = False,
        slowness: float = 1.0,
    ) -> None:
        self.framework = framework
        self.threads = threads
        self.asked: list[Command] = []
        self.reached = threading.Event()
        self.outcome: Outcome | None = None
        self.was_closed = False
        self.suspensions: list[str] = []
        self._failures = failures or {}
        self._deaths = deaths or {}
        self._holds = holds
        self._is_ready = is_ready
        self._is_busy = False
        self._slowness = slowness
        self._calls = 0
        self._call_path = ""
        self._released = threading.Event()

    @property
    def runs(self) -> Framework:
        """The framework whose models it loads: PyTorch's where it was started for none."""
        return self.framework or Framework.PYTORCH

    def network(self, command: LoadModel) -> Network:
        """What it reads; a subclass reads something else."""
        del command
        return _NETWORKS[self.runs]()

    @property
    def is_ready(self) -> bool:
        return self._is_ready

    @property
    def is_idle(self) -> bool:
        return self.outcome is None and not self._is_busy

    def wait_ready(self, timeout_s: float = IMPORT_TIMEOUT_S) -> Ready:
        self._meet(Ready, 0)
        self._is_ready = True
        return Ready(versions=_VERSIONS[self.framework] if self.framework else (), import_s=1.5)

    def ask(self, command: Command, answer: type[AnswerT], timeout_s: float = ANSWER_TIMEOUT_S) -> AnswerT:
        assert not self.is_suspended, f"a suspended child cannot answer {type(command).__name__}"
        count = sum(isinstance(earlier, type(command)) for earlier in self.asked)
        self.asked.append(command)
        self._is_busy = True
        self._meet(type(command), count)
        self._is_busy = False
        reply = self._answer(command)
        assert isinstance(reply, answer)
        return reply

    @property
    def process_id(self) -> int:
        """There is no process but this one."""
        return os.getpid()

    @property
    def is_suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1] == "suspend"

    def suspend(self) -> None:
        """Stand still, as a child that waits for the other side does."""
        self.suspensions.append("suspend")

    def resume(self) -> None:
        """Go on."""
        self.suspensions.append("resume")

    def release(self) -> None:
        """Go on where `holds` made it wait."""
        self._released.set()

    def kill(self) -> None:
        self._end(Ending.STOPPED, -9)
        self._released.set()

    def close(self) -> Outcome:
        self.kill()
        self.was_closed = True
        assert self.outcome is not None
        return self.outcome

    def _end(self, ending: Ending, exit_code: int) -> None:
        if self.outcome is None:
            self.outcome = Outcome(framework=self.framework, ending=ending, exit_code=exit_code)

    def _meet(self, what: type, count: int) -> None:
        """Do what was arranged for `what`: wait, die or fail."""
        if what in self._holds:
            self.reached.set()
            assert self._released.wait(30), "nobody released or killed the fake child"
        if count >= self._deaths.get(what, count + 1):
            self._end(Ending.CRASHED, -9)
        if self.outcome is not None:
            raise MbguiError(self.outcome.problem)
        if what in self._failures:
            self._is_busy = False
            raise MbguiError(self._failures[what])

    def _answer(self, command: Command) -> Reply:
        match command:
            case LoadModel():
                network = self.network(command)
                return ModelLoaded(network=replace(network, source=command.source), versions=_VERSIONS[self.runs])
            case ListModels():
                return ModelNames(names=(_NETWORKS[self.runs]().source.name,))
            case DescribeModel():
                option = ModelOption(name="alpha", default=1.0, description="width", is_common=True)
                return ModelDescribed(options=(option,), input_size=(224, 224))
            case InspectFile():
                return FileInspected(file=replace(tiny_model_file(), path=command.path))
            case OpenProof():
                return ProofOpened(input_shapes=(), probes=(), checksum="", reason="a fake cannot be run call by call")
        return self._time(command)

    def _time(self, command: Command) -> Reply:
        match command:
            case BuildModel():
                return self._built()
            case PrepareLatency():
                self._call_path = command.call_path
                first_call_s = 10 * _CALL_S[self.runs] * self._slowness
                return LatencyPrepared(first_call_s=first_call_s, warmup_s=self.durations_s(command.warmup))
            case MeasureRound():
                return RoundMeasured(durations_s=self.durations_s(command.runs))
            case ReadUsage():
                return UsageRead(peak_bytes=120 * _MIB, traces=1 if self._call_path in _TRACED else None)
            case TimeLayers():
                return self._layer_times()
        raise AssertionError(f"a fake child has no answer to {type(command).__name__}")

    def durations_s(self, calls: int) -> tuple[float, ...]:
        """How long its next calls take; a subclass has other times."""
        first, self._calls = self._calls, self._calls + calls
        usual_s = _CALL_S[self.runs] * self._slowness
        return tuple(usual_s * (1 + _WAVES[number % len(_WAVES)]) for number in range(first, self._calls))

    def _built(self) -> ModelBuilt:
        return ModelBuilt(
            framework=self.runs,
            versions=_VERSIONS[self.runs],
            import_s=1.5,
            build_s=0.05,
            baseline_bytes=100 * _MIB,
            timer_resolution_s=1e-7,
            call_overhead_s=2e-7,
        )

    def _layer_times(self) -> LayerTimesRead:
        """The first layer takes one part of the time, the second two, and so on."""
        network = _NETWORKS[self.runs]()
        layers = [layer.path for layer in network.layers if layer.kind is not LayerKind.CONTAINER]
        total_s = _CALL_S[self.runs] * self._slowness
        part_s = total_s / sum(range(len(layers) + 1))
        times = (LayerTime(layer=path, call=0, duration_s=part_s * (at + 1)) for at, path in enumerate(layers))
        return LayerTimesRead(method="made up", total_s=1.1 * total_s, plain_s=total_s, layers=tuple(times))


def fake_children(*prepared: FakeChild) -> WarmChildren:
    """A pool that hands out the given children, first come first served by framework, then well-behaved ones.

    The latter differ in speed by less than a percent, as processes do.
    """
    waiting = list(prepared)
    slowness = itertools.cycle((1.0, 1.004, 0.998, 1.002, 0.996, 1.001))

    def start(framework: Framework | None, threads: int) -> FakeChild:
        found = next((child for child in waiting if child.framework is framework), None)
        if found is None:
            return FakeChild(framework, threads, slowness=next(slowness))
        waiting.remove(found)
        return found

    return WarmChildren(start=start)
