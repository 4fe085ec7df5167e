"""Names what happened to the weights of a layer that holds other values than its partner.

Hypotheses are tried in turn, those that say most first: two tensors swapped, a tensor laid out in another way, its
values changed in a regular way. Each is tested against the values; none is a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mbgui.analysis.weight_axes import OUT
from mbgui.analysis.weight_layout import Array
from mbgui.analysis.weight_rearrangements import Rearranged, rearrangement
from mbgui.analysis.weight_roles import MEAN, OFFSET, SCALE, VARIANCE
from mbgui.analysis.weight_rounding import ROUNDINGS
from mbgui.domain.difference import Cause

TOLERANCE = 1e-6
"""Of the largest value: what single precision leaves of a regular change."""
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
    differing = {role: pair for role, pair in pairs.items() if not _is_same(pair.left, pair.right)}
    if not differing:
        return None
    notes = _swaps(differing)
    is_flatten_order = False
    for role, pair in differing.items():
        if role in notes:
            continue
        found = rearrangement(pair.left, pair.right, pair.axes, is_flattened=pair.is_flattened)
        is_flatten_order |= found is Rearranged.FLATTEN_ORDER
        notes[role] = found.value if found is not None else _value_change(pair)
    return Recognition(
        cause=Cause.FLATTEN_ORDER if is_flatten_order else Cause.WEIGHTS, sentence=_joined(notes), by_role=notes
    )


def _swaps(pairs: Mapping[str, ValuePair]) -> dict[str, str]:
    """Two roles whose values stand in each other's place."""
    found: dict[str, str] = {}
    for first, second in combinations(pairs, 2):
        mine, other = pairs[first], pairs[second]
        if first in found or second in found or mine.left.shape != other.right.shape:
            continue
        if _is_same(mine.left, other.right) and _is_same(other.left, mine.right):
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


def _is_same(left: Array, right: Array) -> bool:
    return left.shape == right.shape and bool(np.array_equal(left, right, equal_nan=left.dtype.kind == "f"))


def _value_change(pair: ValuePair) -> str:
    if pair.left.shape != pair.right.shape:
        return f"shape {pair.left.shape} against {pair.right.shape}"
    left, right = pair.left.astype(np.float64, copy=False), pair.right.astype(np.float64, copy=False)
    if np.isfinite(left).all() and np.isfinite(right).all():
        for find in _CHANGES:
            found = find(left, right)
            if found:
                return found
    return _count_of_differences(left, right, pair.axes)


def _count_of_differences(left: Array, right: Array, axes: tuple[str, ...]) -> str:
    is_different = ~((left == right) | (np.isnan(left) & np.isnan(right)))
    with np.errstate(invalid="ignore"):
        distances = np.abs(right - left)[is_different]
    finite = distances[np.isfinite(distances)]
    largest = f", the largest by {finite.max():.3g}" if finite.size else ""
    count = int(is_different.sum())
    missing = count - finite.size
    unfinished = f" ({missing:,} of them are not finite on a side)" if missing else ""
    return f"{count:,} of {left.size:,} values differ{unfinished}{largest}{_where(is_different, axes)}"


def _where(is_different: Array, axes: tuple[str, ...]) -> str:
    """In which output channels, where it is only a few of them."""
    if OUT not in axes or is_different.ndim != len(axes) or is_different.ndim < 2:
        return ""
    outputs = np.moveaxis(is_different, axes.index(OUT), 0).reshape(is_different.shape[axes.index(OUT)], -1).any(axis=1)
    guilty = np.flatnonzero(outputs)
    if guilty.size > min(5, outputs.size // 2):
        return ""
    return f", all in output channel{'s' if guilty.size > 1 else ''} {', '.join(str(index) for index in guilty)}"


def _constant(left: Array, right: Array) -> str:
    value = right.flat[0]
    is_constant = right.size > 1 and bool((right == value).all()) and not bool((left == left.flat[0]).all())
    return f"the right values are all {value:.6g}" if is_constant else ""


def _rounding(left: Array, right: Array) -> str:
    for words, rounded in ROUNDINGS:
        if np.array_equal(rounded(left), right):
            return f"the right values are the left ones {words}"
        if np.array_equal(rounded(right), left):
            return f"the left values are the right ones {words}"
    single = left.astype(np.float32), right.astype(np.float32)
    return "the values differ only behind single precision" if np.array_equal(*single) else ""


def _offset(left: Array, right: Array) -> str:
    if left.size < 2:
        return ""
    distances = right - left
    offset = float(distances.mean())
    limit = TOLERANCE * max(float(np.abs(left).max()), abs(offset))
    if abs(offset) <= 10 * limit or float(np.abs(distances - offset).max()) > limit:
        return ""
    return f"every right value is the left one {'plus' if offset > 0 else 'minus'} {abs(offset):.4g}"


def _factor(left: Array, right: Array) -> str:
    power = float(np.vdot(left, left))
    if left.size < 2 or power == 0:
        return ""
    factor = float(np.vdot(left, right)) / power
    is_close = float(np.abs(right - factor * left).max()) <= TOLERANCE * float(np.abs(right).max())
    if not is_close or abs(factor - 1) <= 10 * TOLERANCE:
        return ""
    if abs(factor + 1) <= TOLERANCE:
        return "the signs are flipped"
    return f"every right value is the left one times {factor:.6g}"


def _square_root(left: Array, right: Array) -> str:
    for words, before, after in (
        ("right values are the square roots of the left", left, right),
        ("left values are the square roots of the right", right, left),
    ):
        if left.size > 1 and bool((before >= 0).all()) and np.allclose(np.sqrt(before), after, rtol=TOLERANCE, atol=0):
            return f"the {words} ones"
    return ""


_CHANGES: tuple[Callable[[Array, Array], str], ...] = (_constant, _rounding, _offset, _factor, _square_root)
