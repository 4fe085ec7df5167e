"""The functions behind the last layer that computes: probabilities on one side, logits on the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from mbgui.analysis.activation import Function, function_of, is_same_function
from mbgui.analysis.call_sides import CallSide, PairedCalls
from mbgui.analysis.findings import Finding
from mbgui.domain.difference import Cause, Effect, LayerPlace
from mbgui.domain.network import Layer, LayerKind

_TRANSPARENT = frozenset({LayerKind.IDENTITY, LayerKind.FLATTEN, LayerKind.RESHAPE, LayerKind.DROPOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Applied:
    """A function at the end of a network, and the call that applies it."""

    function: Function
    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The call behind which only functions follow, and these in order; `base` is `None` where all are functions."""

    base: int | None
    applied: tuple[_Applied, ...]

    @property
    def last(self) -> Function | None:
        return self.applied[-1].function if self.applied else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadComparison:
    """What differs at the heads, and the calls on either side that are told of in this way."""

    findings: tuple[Finding, ...]
    left_settled: frozenset[int]
    right_settled: frozenset[int]

    def settle(self, pair: PairedCalls) -> bool:
        """Whether the functions of a pair are told of as those of the heads."""
        return not self.left_settled.isdisjoint(pair.left) and not self.right_settled.isdisjoint(pair.right)


def compare_heads(left: CallSide, right: CallSide) -> HeadComparison:
    """Compare the last functions before the outputs, of outputs whose layers are partners first."""
    findings: list[Finding] = []
    settled: tuple[set[int], set[int]] = (set(), set())
    for mine, other in _paired_heads(left, right):
        if not _is_same(mine.last, other.last):
            findings.append(_finding(mine, other, left, right))
            for head, others, calls in ((mine, other, settled[0]), (other, mine, settled[1])):
                calls.update(found.call for found in head.applied[_common(head, others) :])
                calls.update(() if head.base is None else (head.base,))
    return HeadComparison(
        findings=tuple(findings), left_settled=frozenset(settled[0]), right_settled=frozenset(settled[1])
    )


def _paired_heads(left: CallSide, right: CallSide) -> Iterator[tuple[_Head, _Head]]:
    mine = [_head(left, call) for call in left.calls.outputs]
    other = [_head(right, call) for call in right.calls.outputs]
    by_pair = {right.pair_of[head.base]: head for head in other if head.base in right.pair_of}
    rest = []
    for head in mine:
        partner = by_pair.pop(left.pair_of[head.base], None) if head.base in left.pair_of else None
        if partner is None:
            rest.append(head)
        else:
            other.remove(partner)
            yield head, partner
    if len(rest) == len(other):
        yield from zip(rest, other, strict=True)


def _head(side: CallSide, output: int) -> _Head:
    """Walks back over functions and layers that only reshape or drop; stops at any other, whose own function counts."""
    applied: list[_Applied] = []
    at: int | None = output
    while at is not None:
        layer = side.layer(at)
        function = function_of(layer)
        if function is not None:
            applied.append(_Applied(function=function, call=at))
        if layer.kind not in _TRANSPARENT and layer.kind is not LayerKind.ACTIVATION:
            break
        read = side.calls.producers[at]
        at = read[0] if len(read) == 1 else None
    return _Head(base=at, applied=tuple(reversed(applied)))


def _is_same(left: Function | None, right: Function | None) -> bool:
    if left is None or right is None:
        return left is right
    return is_same_function(left, right)


def _common(head: _Head, other: _Head) -> int:
    """How many functions both heads begin with."""
    count = 0
    for mine, theirs in zip(head.applied, other.applied, strict=False):
        if not is_same_function(mine.function, theirs.function):
            break
        count += 1
    return count


def _finding(mine: _Head, other: _Head, left: CallSide, right: CallSide) -> Finding:
    return Finding(
        cause=Cause.HEAD_ACTIVATION,
        effect=Effect.INFERENCE,
        left_value=_text(mine),
        right_value=_text(other),
        place=LayerPlace(left=_path(left, mine), right=_path(right, other)),
    )


def _text(head: _Head) -> str:
    return "none (logits)" if head.last is None else head.last.text


def _path(side: CallSide, head: _Head) -> str | None:
    """The layer whose outputs the functions are applied to."""
    call = head.base if head.base is not None else head.applied[0].call if head.applied else None
    found: Layer | None = side.layer(call) if call is not None else None
    return found.path if found is not None else None
