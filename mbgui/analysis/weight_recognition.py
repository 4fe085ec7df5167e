"""Names what happened to the weights of a layer that holds other values than its partner.

Hypotheses are tried in turn, those that say most first: two tensors swapped, a tensor laid out in another way, its
values changed in a regular way. Each is tested against the values; none is a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from mbgui.analysis.weight_comparing import is_same
from mbgui.analysis.weight_layout import Array
from mbgui.analysis.weight_rearrangements import Rearranged, rearrangement
from mbgui.analysis.weight_roles import MEAN, OFFSET, SCALE, VARIANCE
from mbgui.analysis.weight_value_changes import value_change
from mbgui.domain.difference import Cause

_TITLES = {MEAN: "moving mean", VARIANCE: "moving variance", SCALE: "scale (gamma)", OFFSET: "offset (beta)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePair:
    """A tensor of both sides in the left side's layout.

    Both have one dimension for each of `axes` ("out", "in", "height", "width", "multiplier", …). `is_flattened` says
    that the axes of a map are one dimension of the stored tensor: that of a dense layer behind a Flatten.
    """

    left: Array
    right: Array
    axes: tuple[str, ...] = ()
    is_flattened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What happened to a layer's weights: the cause and a sentence; `by_role` has the clause of each tensor."""

    cause: Cause
    sentence: str
    by_role: Mapping[str, str]


def recognise(pairs: Mapping[str, ValuePair]) -> Recognition | None:
    """What happened to a layer, given its tensors by role; `None` where all are the same."""
    differing = {role: pair for role, pair in pairs.items() if not is_same(pair.left, pair.right)}
    if not differing:
        return None
    notes = _swaps(differing)
    is_flatten_order = False
    for role, pair in differing.items():
        if role in notes:
            continue
        found = rearrangement(pair.left, pair.right, pair.axes, is_flattened=pair.is_flattened)
        is_flatten_order |= found is Rearranged.FLATTEN_ORDER
        notes[role] = found.value if found is not None else _change_of(pair)
    return Recognition(
        cause=Cause.FLATTEN_ORDER if is_flatten_order else Cause.WEIGHTS, sentence=_joined(notes), by_role=notes
    )


def _change_of(pair: ValuePair) -> str:
    if pair.left.shape != pair.right.shape:
        return f"shape {pair.left.shape} against {pair.right.shape}"
    return value_change(pair.left, pair.right, pair.axes)


def _swaps(pairs: Mapping[str, ValuePair]) -> dict[str, str]:
    """Two roles whose values stand in each other's place."""
    found: dict[str, str] = {}
    for first, second in combinations(pairs, 2):
        mine, other = pairs[first], pairs[second]
        if first in found or second in found or mine.left.shape != other.right.shape:
            continue
        if is_same(mine.left, other.right) and is_same(other.left, mine.right):
            found |= dict.fromkeys((first, second), f"{_title(first)} and {_title(second)} are swapped")
    return found


def _title(role: str) -> str:
    return _TITLES.get(role, role)


def _joined(notes: Mapping[str, str]) -> str:
    """One sentence for each thing that happened, with the tensors it happened to."""
    roles: dict[str, list[str]] = {}
    for role, note in notes.items():
        roles.setdefault(note, []).append(_title(role))
    return " ".join(
        f"{note[0].upper()}{note[1:]}." if note.endswith("swapped") else f"{', '.join(found).capitalize()}: {note}."
        for note, found in roles.items()
    )
