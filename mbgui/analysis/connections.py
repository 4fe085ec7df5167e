"""Partners that read the outputs of layers which are no partners of one another, or in another order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mbgui.analysis.align_parts import PASSING
from mbgui.analysis.call_sides import CallSide, PairedCalls
from mbgui.analysis.findings import Finding
from mbgui.analysis.identity import is_identity
from mbgui.domain.difference import Cause, Effect, LayerPlace
from mbgui.domain.network import LayerKind

_UNKNOWN = -1
"""A source that has no partner and joins several others: it is reported as a missing layer."""
_IN_ANY_ORDER = frozenset({LayerKind.ADD, LayerKind.MULTIPLY, LayerKind.ATTENTION, LayerKind.RECURRENT})
_JOINING = frozenset({LayerKind.CONCATENATE, LayerKind.ADD, LayerKind.MULTIPLY})
_LONGEST_TEXT = 3


def connection_findings(pairs: Sequence[PairedCalls], left: CallSide, right: CallSide) -> Iterator[Finding]:
    """Every pair of the list whose sources differ."""
    for pair in pairs:
        finding = _between(pair, pairs, left, right) if pair.is_whole and not pair.pair.is_by_hand else None
        if finding is not None:
            yield finding


def nested_joins(
    pairs: Sequence[PairedCalls], left: CallSide, right: CallSide
) -> tuple[frozenset[int], frozenset[int]]:
    """Calls without a partner that join for another one of their kind what its partner joins at once."""
    mine, other = set[int](), set[int]()
    for pair in pairs:
        if len(pair.left) != 1 or len(pair.right) != 1 or left.layer(pair.left[0]).kind not in _JOINING:
            continue
        first, second = _flattened(left, pair.left[0]), _flattened(right, pair.right[0])
        if first.sources == second.sources and _UNKNOWN not in first.sources:
            mine.update(first.inner)
            other.update(second.inner)
    return frozenset(mine), frozenset(other)


@dataclass(frozen=True, slots=True)
class _Join:
    """The pairs that a call joins, those of its inner joins in their place, and the calls of these."""

    sources: list[int]
    inner: list[int]


def _flattened(side: CallSide, call: int) -> _Join:
    kind = side.layer(call).kind
    join = _Join([], [])
    waiting = list(reversed(side.calls.producers[call]))
    while waiting:
        at = waiting.pop()
        if at in join.inner:
            join.sources.append(_UNKNOWN)
        elif at not in side.pair_of and side.layer(at).kind is kind:
            join.inner.append(at)
            waiting += reversed(side.calls.producers[at])
        else:
            join.sources.extend(_resolved(side, at))
    if kind in _IN_ANY_ORDER:
        join.sources.sort()
    return join


def _between(pair: PairedCalls, pairs: Sequence[PairedCalls], left: CallSide, right: CallSide) -> Finding | None:
    kinds = {left.layer(call).kind for call in pair.left} | {right.layer(call).kind for call in pair.right}
    if kinds <= PASSING:
        return None
    mine, other = _sources(left, pair.left), _sources(right, pair.right)
    if not mine or not other or _UNKNOWN in mine or _UNKNOWN in other:
        return None
    if len(pair.left) > 1 or len(pair.right) > 1:
        mine, other = _once(mine), _once(other)
    if kinds <= _IN_ANY_ORDER:
        mine, other = sorted(mine), sorted(other)
    if mine == other or _follow_a_swap(mine, other, pairs, left, right):
        return None
    return Finding(
        cause=Cause.CONNECTION,
        effect=Effect.INFERENCE,
        left_value=_text([pairs[number].pair.left for number in mine]),
        right_value=_text([pairs[number].pair.right for number in other]),
        place=LayerPlace(left=pair.pair.left, right=pair.pair.right),
    )


def _follow_a_swap(
    mine: list[int], other: list[int], pairs: Sequence[PairedCalls], left: CallSide, right: CallSide
) -> bool:
    """Whether what is read differs only by two layers behind one another that changed places: they are reported."""
    gone, new = list((Counter(mine) - Counter(other)).elements()), list((Counter(other) - Counter(mine)).elements())
    if len(gone) != 1 or len(new) != 1:
        return False
    replaced = [new[0] if found == gone[0] else found for found in mine]
    if other not in (replaced, sorted(replaced)):
        return False
    return _sources(left, pairs[gone[0]].left) == new and _sources(right, pairs[new[0]].right) == gone


def _once(sources: list[int]) -> list[int]:
    return list(dict.fromkeys(sources))


def _text(paths: list[str | None]) -> str:
    shown = [str(path) for path in paths[:_LONGEST_TEXT]]
    return ", ".join(shown) + (", …" if len(paths) > _LONGEST_TEXT else "")


def _sources(side: CallSide, calls: tuple[int, ...]) -> list[int]:
    """The pairs that calls read from, one as often as it is read; the network's inputs are left out."""
    own = set(calls)
    return [
        source
        for call in calls
        for producer in side.calls.producers[call]
        if producer not in own
        for source in _resolved(side, producer)
    ]


def _resolved(side: CallSide, call: int) -> Iterator[int]:
    """The pair of a call, or those of what it reads where it is looked through."""
    waiting = [call]
    while waiting:
        at = waiting.pop()
        layer, read = side.layer(at), side.calls.producers[at]
        if at in side.pair_of and layer.kind not in PASSING:
            yield side.pair_of[at]
        elif len(read) <= 1 or is_identity(layer, side.graph):
            waiting += read
        else:
            yield _UNKNOWN
