"""How alike two parts are, as numbers that whole tables of them can be compared by at once."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.align_parts import Part, PartGraph
from mbgui.domain.network import LayerKind

Codes = NDArray[np.int32]
Scores = NDArray[np.float32]

_SHARES = {
    "kind": 0.10,
    "detail": 0.15,
    "parameters": 0.20,
    "given channels": 0.08,
    "made channels": 0.15,
    "shape": 0.07,
    "before": 0.05,
    "behind": 0.05,
}
_FAMILY_SHARE = 1 - sum(_SHARES.values())
_PROPERTIES, _SHARE_VALUES = tuple(_SHARES), tuple(_SHARES.values())
_WEIGHTED, _JOINING, _PASSING, _PLAIN = 3.0, 2.0, 0.4, 1.0
_JOINING_KINDS = frozenset(
    {LayerKind.ADD, LayerKind.MULTIPLY, LayerKind.CONCATENATE, LayerKind.POOLING, LayerKind.GLOBAL_POOLING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The parts of one side as codes: equal codes stand for equal values, on either side.

    `codes` has a row for each property and a column for each part. `signatures` are codes of all that a part is matched
    by but its shape. `importances` say what it is worth to find a part's partner. `is_settled` marks the weighted parts
    that the other side has as many equals of as their own side.
    """

    families: Codes
    dense: NDArray[np.bool_]
    wide: NDArray[np.bool_]
    codes: Codes
    signatures: Codes
    importances: Scores
    is_settled: NDArray[np.bool_]


class Coder:
    """Numbers for values, the same for equal ones; one coder serves both sides."""

    def __init__(self) -> None:
        self._codes: dict[Hashable, int] = {}

    def codes(self, values: Iterable[Hashable]) -> Codes:
        """The numbers of values."""
        return np.fromiter((self._codes.setdefault(value, len(self._codes)) for value in values), dtype=np.int32)


def features_of_both(left: PartGraph, right: PartGraph) -> tuple[Features, Features]:
    """The features of both sides' parts, by the number of the part."""
    coder = Coder()
    mine, other = _features(left, coder), _features(right, coder)
    size = 1 + max((int(codes.max()) for codes in (mine.signatures, other.signatures) if len(codes)), default=0)
    counts = [np.bincount(found.signatures, minlength=size) for found in (mine, other)]
    balanced = counts[0] == counts[1]
    return _with_settled(mine, balanced), _with_settled(other, balanced)


def _with_settled(found: Features, balanced: NDArray[np.bool_]) -> Features:
    return replace(found, is_settled=balanced[found.signatures] & (found.importances == _WEIGHTED))


def _features(graph: PartGraph, coder: Coder) -> Features:
    parts = graph.parts
    signatures = coder.codes(part.signature for part in parts)
    before = [_neighbourhood(parts, signatures, read) for read in graph.producers]
    behind = [_neighbourhood(parts, signatures, readers) for readers in graph.consumers]
    values = {
        "kind": coder.codes(part.kind for part in parts),
        "detail": coder.codes(part.detail for part in parts),
        "parameters": coder.codes(("parameters", part.parameters) for part in parts),
        "given channels": coder.codes(("channels", part.channels[0]) for part in parts),
        "made channels": coder.codes(("channels", part.channels[1]) for part in parts),
        "shape": coder.codes(("shape", part.shape) for part in parts),
        "before": coder.codes(("around", found) for found in before),
        "behind": coder.codes(("around", found) for found in behind),
    }
    return Features(
        families=coder.codes(("family", part.family) for part in parts),
        dense=np.array([part.kind is LayerKind.DENSE for part in parts], dtype=np.bool_),
        wide=np.array([_spans_several(part) for part in parts], dtype=np.bool_),
        codes=np.stack([values[name] for name in _PROPERTIES]),
        signatures=signatures,
        importances=np.array([_importance(part) for part in parts], dtype=np.float32),
        is_settled=np.zeros(len(parts), dtype=np.bool_),
    )


def likeness(left: Features, right: Features, rows: Sequence[int] | Codes, columns: Sequence[int] | Codes) -> Scores:
    """A table of how alike parts are, from 0 for what cannot be partners to 1; rows are parts of the left."""
    i, j = np.asarray(rows, dtype=np.intp), np.asarray(columns, dtype=np.intp)
    scores = np.full((len(i), len(j)), _FAMILY_SHARE, dtype=np.float32)
    for row, share in enumerate(_SHARES.values()):
        scores += np.float32(share) * (left.codes[row, i][:, None] == right.codes[row, j][None, :])
    possible = left.families[i][:, None] == right.families[j][None, :]
    possible &= ~(left.dense[i][:, None] & right.wide[j][None, :])
    possible &= ~(left.wide[i][:, None] & right.dense[j][None, :])
    return np.where(possible, scores, np.float32(0))


class Likeness:
    """How alike two parts are, one pair at a time: the same figures as `likeness`, without the cost of a table."""

    def __init__(self, left: Features, right: Features) -> None:
        self._left, self._right = self._rows(left), self._rows(right)

    def of(self, mine: int, other: int) -> float:
        """From 0 for what cannot be partners to 1."""
        my_family, is_dense, is_wide, *codes = self._left[mine]
        family, is_other_dense, is_other_wide, *others = self._right[other]
        if my_family != family or (is_dense and is_other_wide) or (is_wide and is_other_dense):
            return 0.0
        agreeing = [share for share, code, found in zip(_SHARE_VALUES, codes, others, strict=True) if code == found]
        return _FAMILY_SHARE + sum(agreeing)

    @staticmethod
    def _rows(features: Features) -> list[list[int]]:
        rows: list[list[int]] = np.vstack([features.families, features.dense, features.wide, features.codes]).T.tolist()
        return rows


def _neighbourhood(parts: tuple[Part, ...], signatures: Codes, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """The signatures of what lies next to a part, in no order; what only hands on is left out."""
    return tuple(sorted(int(signatures[number]) for number in numbers if not parts[number].is_passing))


def _spans_several(part: Part) -> bool:
    """Whether a part is a convolution that no dense layer can be."""
    return part.kind is LayerKind.CONVOLUTION and part.detail[1:] != ("pointwise", "full")


def _importance(part: Part) -> float:
    if part.is_passing:
        return _PASSING
    if part.parameters:
        return _WEIGHTED
    return _JOINING if part.kind in _JOINING_KINDS else _PLAIN
