"""One side of a proof: the model, other values of its tensors, its probes, and the run under way."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from mbgui.domain.equivalence import ErrorFigures, ProbePower
from mbgui.domain.network import Network
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CallSetting, Checkpoint, CheckResult, input_name
from mbgui.frameworks.activation_errors import UNLIKE, distance, worst_errors
from mbgui.frameworks.probes import PROBE_NAMES, make_probes, moved_by_one
from mbgui.frameworks.stepwise import (
    FLOAT32,
    FLOAT64,
    Array,
    Arrays,
    Lane,
    RunSettings,
    StepwiseModel,
    StepwiseRun,
    merged,
)

_OTHER = {FLOAT64: FLOAT32, FLOAT32: FLOAT64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitted:
    """What a call gave on every probe; `noise_floor` is the distance of float32 from float64 on the first one."""

    call: str
    arrays: Arrays
    noise_floor: float | None


class ProofSession:
    """Runs one network on the probes. The model is never changed: other values of tensors hold for the runs alone."""

    def __init__(self, model: StepwiseModel, network: Network, seed: int) -> None:
        self.model = model
        self.network = network
        self.tensors: dict[str, Array] = {}
        dtypes = [spec.dtype for spec in network.inputs]
        self.probes = make_probes(model.input_shapes, dtypes, seed)
        self.moved = moved_by_one(self.probes[0])
        self.probe_names = PROBE_NAMES

    def checksum(self) -> str:
        """A checksum of every tensor the live model stores."""
        digest = hashlib.sha256()
        for tensor in self.network.tensors:
            digest.update(tensor.name.encode())
            digest.update(np.ascontiguousarray(self.model.tensor(tensor.name)).tobytes())
        return digest.hexdigest()

    def tensor(self, name: str) -> Array:
        """A tensor as the runs take it. Raises `KeyError`."""
        return self.tensors[name] if name in self.tensors else self.model.tensor(name)

    def source_run(
        self,
        precision: Precision,
        settings: RunSettings,
        emitted: Iterable[str],
        *,
        has_noise_floor: bool,
    ) -> "SourceRun":
        """Begin a run whose activations are handed out."""
        return SourceRun(self, precision.value, settings, frozenset(emitted), has_noise_floor)

    def checked_run(
        self,
        precision: Precision,
        settings: RunSettings,
        checkpoints: Sequence[Checkpoint],
        *,
        is_isolating: bool,
    ) -> "CheckedRun":
        """Begin a run beside another network's activations."""
        return CheckedRun(self, precision.value, settings, checkpoints, is_isolating=is_isolating)

    def lanes(self, precision: str) -> list[Lane]:
        """Every probe in a number format."""
        return [self.lane(probe, precision) for probe in self.probes]

    def lane(self, probe: tuple[Array, ...], precision: str) -> Lane:
        """One probe in a number format."""
        inputs = (self.model.own_input(index, array) for index, array in enumerate(probe))
        return Lane(inputs=tuple(in_precision(array, precision) for array in inputs), precision=precision)

    def settings(self, settings: Sequence[CallSetting], own_tensors: Iterable[str]) -> RunSettings:
        """The settings of a run in which some tensors keep the model's own values."""
        own = frozenset(own_tensors)
        tensors = {name: array for name, array in self.tensors.items() if name not in own}
        return RunSettings(tensors=tensors, calls=merged(settings))


class SourceRun:
    """A run that hands out what the calls asked for gave, in execution order."""

    def __init__(
        self, session: ProofSession, precision: str, settings: RunSettings, emitted: frozenset[str], has_floor: bool
    ) -> None:
        lanes = session.lanes(precision)
        self._count = len(lanes)
        if has_floor:
            lanes += [session.lane(session.probes[0], _OTHER[precision]), session.lane(session.moved, precision)]
        self._run: StepwiseRun = session.model.begin(lanes, settings)
        self._emitted = emitted
        self._outputs = session.network.output_calls[:1]
        self._last: Arrays = []

    def next_emitted(self) -> Emitted | None:
        """Run on to the next call that is asked for; `None` after the last call."""
        while (call := self._run.advance()) is not None:
            if call not in self._emitted and call not in self._outputs:
                continue
            arrays = self._run.activations()
            if arrays is None:
                continue
            if call in self._outputs:
                self._last = arrays
            if call in self._emitted:
                floor = distance(arrays[0], arrays[self._count]) if len(arrays) > self._count else None
                return Emitted(call=call, arrays=arrays[: self._count], noise_floor=floor)
        return None

    def power(self) -> ProbePower:
        """How far the outputs of the probes are from each other."""
        if len(self._last) <= self._count:
            return ProbePower(between_inputs=None, one_pixel_shift=None)
        first, second, moved = self._last[0], self._last[1], self._last[-1]
        return ProbePower(between_inputs=distance(first, second), one_pixel_shift=distance(first, moved))


@dataclass(slots=True)
class _Partners:
    """What the other network gave so far, kept as long as a later checkpoint starts from it."""

    uses: Counter[str] = field(default_factory=Counter)
    arrays: dict[str, Arrays] = field(default_factory=dict)

    def take_all(self, names: Iterable[str]) -> dict[str, Arrays]:
        """The values of these; each is forgotten with its last use. Raises `KeyError` where one has not come."""
        found = {name: self.arrays[name] for name in names}
        for name in found:
            self.uses[name] -= 1
            if not self.uses[name]:
                del self.arrays[name]
        return found


class CheckedRun:
    """A run that compares every checkpoint with what the other network gave there."""

    def __init__(
        self,
        session: ProofSession,
        precision: str,
        settings: RunSettings,
        checkpoints: Sequence[Checkpoint],
        *,
        is_isolating: bool,
    ) -> None:
        self._session = session
        self._precision = precision
        self._settings = settings
        self._is_isolating = is_isolating
        self._run = session.model.begin(session.lanes(precision), settings)
        self._by_left: dict[str, list[Checkpoint]] = {}
        for checkpoint in checkpoints:
            self._by_left.setdefault(checkpoint.left, []).append(checkpoint)
        self._left_of = {checkpoint.right: checkpoint.left for checkpoint in checkpoints}
        self._waiting = set(self._left_of)
        self._own: dict[str, Arrays] = {}
        cuts = (self._left_of[cut] for checkpoint in checkpoints for cut in checkpoint.cuts if cut in self._left_of)
        self._partners = _Partners(uses=Counter(cuts))
        self._inputs = {
            input_name(index): [in_precision(probe[index], precision) for probe in session.probes]
            for index in range(len(session.probes[0]))
        }

    def check(self, call: str, arrays: Arrays) -> tuple[CheckResult, ...]:
        """Compare what the other network's call gave; the checkpoints at that call."""
        if self._is_isolating and self._partners.uses[call]:
            self._partners.arrays[call] = arrays
        return tuple(self._checked(checkpoint, arrays) for checkpoint in self._by_left.get(call, ()))

    def _checked(self, checkpoint: Checkpoint, arrays: Arrays) -> CheckResult:
        own = self._own_activation(checkpoint.right)
        return CheckResult(
            left=checkpoint.left,
            right=checkpoint.right,
            propagated=UNLIKE if own is None else worst_errors(arrays, own),
            isolated=self._isolated(checkpoint, arrays) if self._is_isolating else None,
        )

    def _own_activation(self, call: str) -> Arrays | None:
        """What this network gives at a checkpoint; runs on until it is there."""
        while call not in self._own and (name := self._run.advance()) is not None:
            if name in self._waiting:
                self._waiting.discard(name)
                activations = self._run.activations()
                if activations is not None:
                    self._own[name] = activations
        return self._own.pop(call, None)

    def _isolated(self, checkpoint: Checkpoint, arrays: Arrays) -> ErrorFigures | None:
        """The error of this network's calls from the checkpoints before on, fed with the other network's values."""
        cuts = {cut: self._left_of[cut] for cut in checkpoint.cuts if cut in self._left_of}
        try:
            partners = self._partners.take_all(cuts.values())
            given = {**self._inputs, **{cut: partners[left] for cut, left in cuts.items()}}
            result = self._session.model.between(checkpoint.right, given, self._precision, self._settings)
        except (KeyError, ValueError):  # what it starts from comes later, or has another number of values
            return None
        return worst_errors(arrays, result)


def in_precision(array: Array, precision: str) -> Array:
    """A value in a number format; whole numbers stay such."""
    return array.astype(precision) if array.dtype.kind == "f" else array


def stacked(arrays: Arrays) -> Array:
    """One array for all probes, whose own batch becomes the second dimension."""
    return np.ascontiguousarray(np.stack(arrays))
