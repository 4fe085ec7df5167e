"""What two children are told so that their networks can be run side by side."""

from dataclasses import dataclass

from mbgui.domain.equivalence import ErrorFigures
from mbgui.domain.network import AttributeValue

SKIP = "skip"
"""A setting: the call hands on its first input."""
READS = "reads"
"""A setting: which calls are read in place of others, as lines of `old=new`."""
AFTER = "after_"
"""Put before the name of an activation's attribute: the function is applied to what the call gives."""


def input_name(index: int) -> str:
    """The name of a network's input where names of calls are expected; no call has it."""
    return f"#{index}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSetting:
    """One attribute of a call that has another value while the network runs; nothing of the model changes."""

    call: str
    name: str
    value: AttributeValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Two calls whose outputs are compared.

    `cuts` are the calls of the right side (or its inputs) from which on the right side is run in isolation: those of
    the nearest checkpoints before this one. Each is fed what the left partner of that checkpoint gave.
    """

    left: str
    right: str
    cuts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The errors at one checkpoint; `isolated` is `None` where it was not asked for or could not be had."""

    left: str
    right: str
    propagated: ErrorFigures
    isolated: ErrorFigures | None
