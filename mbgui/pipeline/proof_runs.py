"""Two children that run their networks side by side: what one gives is handed to the other call by call."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mbgui.domain.equivalence import ProbePower
from mbgui.domain.proof_choices import Precision
from mbgui.domain.proof_plan import CallSetting, Checkpoint, CheckResult
from mbgui.domain.request import Side
from mbgui.processes.pool import ChildLike
from mbgui.processes.proof_messages import (
    Activation,
    ActivationChecked,
    BeginCheck,
    BeginRun,
    CheckActivation,
    Done,
    NextActivation,
    OpenProof,
    ProofOpened,
    ReadTensor,
    SetTensor,
    TensorRead,
)

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """What differs from the networks as they are: settings of calls, and set tensors that are left out, by side."""

    settings: Mapping[Side, tuple[CallSetting, ...]] = field(default_factory=dict)
    own_tensors: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPoint:
    """The errors at a checkpoint, and the left side's distance from itself in the other number format."""

    result: CheckResult
    noise_floor: float | None


class ProofRuns:
    """Asks both children; every method raises `MbguiError` where one cannot do its part or has ended."""

    def __init__(self, left: ChildLike, right: ChildLike, precision: Precision) -> None:
        self.children = {Side.LEFT: left, Side.RIGHT: right}
        self._precision = precision
        self.power = ProbePower(between_inputs=None, one_pixel_shift=None)

    def open(self, seed: int) -> dict[Side, ProofOpened]:
        """Make both models ready."""
        return {side: child.ask(OpenProof(seed=seed), ProofOpened) for side, child in self.children.items()}

    def read(self, side: Side, name: str) -> "Array":
        """The values of a stored tensor, as the runs take them."""
        import numpy as np  # noqa: PLC0415  not at the start of the app

        found = self.children[side].ask(ReadTensor(name=name), TensorRead)
        dtype = "float32" if found.dtype == "bfloat16" else found.dtype
        return np.frombuffer(found.data, dtype=dtype).reshape(found.shape)

    def set(self, side: Side, name: str, values: "Array") -> None:
        """Have the runs take other values for a stored tensor."""
        command = SetTensor(name=name, shape=values.shape, dtype=str(values.dtype), data=values.tobytes())
        self.children[side].ask(command, Done)

    def run(
        self, checkpoints: Sequence[Checkpoint], variation: Variation, *, is_isolating: bool
    ) -> Iterator[CheckedPoint]:
        """Run both networks and compare them at the checkpoints, in the left side's order.

        The left side is one activation ahead of the right one.
        """
        left, right = self.children[Side.LEFT], self.children[Side.RIGHT]
        begin = BeginRun(
            precision=self._precision,
            has_noise_floor=is_isolating,
            emitted=tuple(dict.fromkeys(checkpoint.left for checkpoint in checkpoints)),
            settings=variation.settings.get(Side.LEFT, ()),
            own_tensors=variation.own_tensors.get(Side.LEFT, ()),
        )
        left.ask(begin, Done)
        check = BeginCheck(
            precision=self._precision,
            checkpoints=tuple(checkpoints),
            settings=variation.settings.get(Side.RIGHT, ()),
            own_tensors=variation.own_tensors.get(Side.RIGHT, ()),
            is_isolating=is_isolating,
        )
        right.ask(check, Done)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="activations") as ahead:
            coming = ahead.submit(left.ask, NextActivation(), Activation)
            while (found := coming.result()).call:
                coming = ahead.submit(left.ask, NextActivation(), Activation)
                given = CheckActivation(call=found.call, shape=found.shape, dtype=found.dtype, data=found.data)
                for result in right.ask(given, ActivationChecked).results:
                    yield CheckedPoint(result=result, noise_floor=found.noise_floor)
            if is_isolating and found.power is not None:
                self.power = found.power
