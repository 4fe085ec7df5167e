"""Running a model call by call, so that what flows between its layers can be compared with another model.

Activations leave and enter in one form whatever the framework: NumPy, channels last, and what was flattened from a map
is in the order of a flattened channels-last map.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from mbgui.domain.network import AttributeValue
from mbgui.domain.proof_plan import READS, CallSetting

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
else:  # whoever only knows the protocol of adapters does without NumPy
    Array = Any
Arrays = list[Array]
"""One array a lane."""

FLOAT32, FLOAT64 = "float32", "float64"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What differs from the model as it is: values of stored tensors by name, and attributes of calls."""

    tensors: Mapping[str, Array] = field(default_factory=dict)
    calls: Mapping[str, Mapping[str, AttributeValue]] = field(default_factory=dict)

    def of(self, call: str) -> Mapping[str, AttributeValue]:
        """The attributes to set for a call."""
        return self.calls.get(call, {})

    def sources_kept(self) -> frozenset[str]:
        """Calls whose outputs are read by calls that do not read them in the model."""
        texts = (str(settings[READS]) for settings in self.calls.values() if READS in settings)
        return frozenset(line.partition("=")[2] for text in texts for line in text.splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One pass through the network: the inputs (in the framework's own layout) and the number format of the pass."""

    inputs: tuple[Array, ...]
    precision: str


class StepwiseRun(Protocol):
    """A pass under way, all lanes at once."""

    def advance(self) -> str | None:
        """Do the next call on every lane and return its name, `None` after the last."""
        ...

    def activations(self) -> Arrays | None:
        """What the call that was done last gave, one array a lane; `None` where it is not a single tensor."""
        ...


class StepwiseModel(Protocol):
    """A model that can be run call by call. The model itself is never changed."""

    def tensor(self, name: str) -> Array:
        """The values of a stored tensor, in the framework's layout. Raises `KeyError`."""
        ...

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the network's inputs, batch first and channels last."""
        ...

    def own_input(self, index: int, array: Array) -> Array:
        """A value for an input, given channels last, in the framework's own layout."""
        ...

    def begin(self, lanes: Sequence[Lane], settings: RunSettings) -> StepwiseRun:
        """Begin a pass."""
        ...

    def between(self, end: str, given: Mapping[str, Arrays], precision: str, settings: RunSettings) -> Arrays:
        """What the call `end` gives when the calls (or inputs) in `given` gave these values.

        Raises:
            KeyError: it depends on something that is not given.
        """
        ...


def merged(settings: Sequence[CallSetting]) -> dict[str, dict[str, AttributeValue]]:
    """Settings by call and name."""
    found: dict[str, dict[str, AttributeValue]] = {}
    for setting in settings:
        found.setdefault(setting.call, {})[setting.name] = setting.value
    return found
