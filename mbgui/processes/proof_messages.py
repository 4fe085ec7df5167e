"""What the app and its children say to each other while two networks are run side by side.

A message with `data` is followed by these bytes as they are: arrays in C order, the numbers of this machine.
"""

from dataclasses import dataclass

from mbgui.domain.equivalence import ProbePower
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CallSetting, Checkpoint, CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProof:
    """Make the loaded model ready to be run call by call, on probes made from `seed`; answer with `ProofOpened`."""

    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOpened:
    """Answer to `OpenProof`: shapes of the inputs with their channels last, what the probes are, and a checksum.

    `reason` says why the model cannot be run call by call, "" where it can.
    """

    input_shapes: tuple[tuple[int, ...], ...]
    probes: tuple[str, ...]
    checksum: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumTensors:
    """Answer with `TensorsSummed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorsSummed:
    """Answer to `SumTensors`: a checksum of every tensor the live model stores."""

    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTensor:
    """Answer with `TensorRead`: a stored tensor as it is, or as it was set for the runs."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorRead:
    """Answer to `ReadTensor`."""

    shape: tuple[int, ...]
    dtype: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTensor:
    """Take other values for a stored tensor in every run from now on; the model keeps its own. Answer: `Done`."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrate:
    """Scale untrained weights on the probes so that signals survive, for the runs only; answer with `Calibrated`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """Answer to `Calibrate`: the names of the tensors that have other values now."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWeights:
    """Answer with `WeightsExported`: a file of the model's weights as they are set for the runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsExported:
    """Answer to `ExportWeights`: the bytes of a `.safetensors` or a `.weights.h5` file."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRun:
    """Begin to run the network on the probes; the activations of the calls in `emitted` are asked for one by one.

    With `has_noise_floor` one probe runs in both number formats. `own_tensors` are stored tensors that keep the model's
    own values, though others were set. Answer: `Done`.
    """

    precision: Precision
    has_noise_floor: bool
    emitted: tuple[str, ...]
    settings: tuple[CallSetting, ...]
    own_tensors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextActivation:
    """Run on to the next call that is asked for; answer with `Activation`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Answer to `NextActivation`: what a call gave on every probe, stacked; after the last, `call` is "".

    `power` comes with the last answer.
    """

    call: str
    noise_floor: float | None
    power: ProbePower | None
    shape: tuple[int, ...]
    dtype: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginCheck:
    """Begin to run the network beside another one whose activations will come; answer: `Done`.

    The fields are those of `BeginRun`.
    """

    precision: Precision
    checkpoints: tuple[Checkpoint, ...]
    settings: tuple[CallSetting, ...]
    is_isolating: bool
    own_tensors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckActivation:
    """An activation of the other network; answer with `ActivationChecked`."""

    call: str
    shape: tuple[int, ...]
    dtype: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationChecked:
    """Answer to `CheckActivation`: the errors of the checkpoints at this call."""

    results: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Answer to a command that gives nothing."""


ProofCommand = (
    OpenProof
    | SumTensors
    | ReadTensor
    | SetTensor
    | Calibrate
    | ExportWeights
    | BeginRun
    | NextActivation
    | BeginCheck
    | CheckActivation
)
ProofReply = (
    ProofOpened | TensorsSummed | TensorRead | Calibrated | WeightsExported | Activation | ActivationChecked | Done
)
PROOF_COMMANDS: tuple[type[ProofCommand], ...] = (
    OpenProof,
    SumTensors,
    ReadTensor,
    SetTensor,
    Calibrate,
    ExportWeights,
    BeginRun,
    NextActivation,
    BeginCheck,
    CheckActivation,
)
PROOF_REPLIES: tuple[type[ProofReply], ...] = (
    ProofOpened,
    TensorsSummed,
    TensorRead,
    Calibrated,
    WeightsExported,
    Activation,
    ActivationChecked,
    Done,
)
