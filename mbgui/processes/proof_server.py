"""The child's part in a proof: what to do at each of its commands."""

import numpy as np

from mbgui.domain.errors import MbguiError, Problem
from mbgui.frameworks.adapter import FrameworkAdapter
from mbgui.frameworks.calibration import calibrate
from mbgui.frameworks.proof_session import CheckedRun, ProofSession, SourceRun, stacked
from mbgui.frameworks.stepwise import Array
from mbgui.processes.proof_messages import (
    Activation,
    ActivationChecked,
    BeginCheck,
    BeginRun,
    Calibrate,
    Calibrated,
    CheckActivation,
    Done,
    ExportWeights,
    NextActivation,
    OpenProof,
    ProofCommand,
    ProofOpened,
    ProofReply,
    ReadTensor,
    SetTensor,
    SumTensors,
    TensorRead,
    TensorsSummed,
    WeightsExported,
)


class ProofServer:
    """Holds the session of the model that is loaded, and the run under way."""

    def __init__(self) -> None:
        self._session: ProofSession | None = None
        self._source: SourceRun | None = None
        self._check: CheckedRun | None = None

    def forget(self) -> None:
        """The model is another one now."""
        self._session = self._source = self._check = None

    def answer(self, command: ProofCommand, adapter: FrameworkAdapter) -> ProofReply:  # noqa: C901, PLR0911  one a command
        """Do a command. Raises `MbguiError` where the model cannot be run call by call or nothing is under way."""
        match command:
            case OpenProof():
                return self._open(command, adapter)
            case SumTensors():
                return TensorsSummed(checksum=self._opened().checksum())
            case ReadTensor():
                array = self._opened().tensor(command.name)
                return TensorRead(shape=array.shape, dtype=str(array.dtype), data=_bytes(array))
            case SetTensor():
                self._opened().tensors[command.name] = _array(command)
                return Done()
            case Calibrate():
                return Calibrated(names=calibrate(self._opened()))
            case ExportWeights():
                return WeightsExported(data=adapter.weights_file(self._opened().tensors))
            case BeginRun():
                return self._begin_run(command)
            case NextActivation():
                return self._next_activation()
            case BeginCheck():
                return self._begin_check(command)
            case CheckActivation():
                return ActivationChecked(results=self._checking().check(command.call, list(_array(command))))

    def _open(self, command: OpenProof, adapter: FrameworkAdapter) -> ProofOpened:
        self.forget()
        found = adapter.steps()
        if isinstance(found, str):
            return ProofOpened(input_shapes=(), probes=(), checksum="", reason=found)
        model, network = found
        self._session = ProofSession(model, network, command.seed)
        return ProofOpened(
            input_shapes=model.input_shapes,
            probes=self._session.probe_names,
            checksum=self._session.checksum(),
            reason="",
        )

    def _begin_run(self, command: BeginRun) -> Done:
        session = self._opened()
        settings = session.settings(command.settings, command.own_tensors)
        self._source = session.source_run(
            command.precision, settings, command.emitted, has_noise_floor=command.has_noise_floor
        )
        return Done()

    def _next_activation(self) -> Activation:
        if self._source is None:
            raise _nothing_under_way()
        found = self._source.next_emitted()
        if found is None:
            power, self._source = self._source.power(), None
            return Activation(call="", noise_floor=None, power=power, shape=(), dtype="", data=b"")
        array = stacked(found.arrays)
        return Activation(
            call=found.call,
            noise_floor=found.noise_floor,
            power=None,
            shape=array.shape,
            dtype=str(array.dtype),
            data=_bytes(array),
        )

    def _begin_check(self, command: BeginCheck) -> Done:
        session = self._opened()
        settings = session.settings(command.settings, command.own_tensors)
        self._check = session.checked_run(
            command.precision, settings, command.checkpoints, is_isolating=command.is_isolating
        )
        return Done()

    def _checking(self) -> CheckedRun:
        if self._check is None:
            raise _nothing_under_way()
        return self._check

    def _opened(self) -> ProofSession:
        if self._session is None:
            raise _nothing_under_way()
        return self._session


def _bytes(array: Array) -> bytes:
    return np.ascontiguousarray(array).tobytes()


def _array(command: SetTensor | CheckActivation) -> Array:
    return np.frombuffer(command.data, dtype=command.dtype).reshape(command.shape)


def _nothing_under_way() -> MbguiError:
    return MbguiError(Problem(sentence="No model is ready to be run call by call.", advice="Load and open one first."))
