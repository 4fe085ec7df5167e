"""From partners among parts to pairs of calls: which calls together do the work of one on the other side."""

from dataclasses import dataclass

from mbgui.analysis.align_matching import NOBODY, Matching
from mbgui.analysis.align_parts import PartGraph
from mbgui.analysis.graph import graph_of
from mbgui.analysis.padding import folded_padding_layers
from mbgui.domain.network import LayerKind, Network


@dataclass(slots=True, kw_only=True)
class CallPair:
    """A pair while it is being made: the part that each side is matched by, and all calls, in execution order."""

    left: int
    right: int
    left_calls: tuple[int, ...]
    right_calls: tuple[int, ...]


def call_pairs(matching: Matching) -> list[CallPair]:
    """One pair for each two calls whose first parts are partners, and what else belongs to either."""
    left, right = matching.left, matching.right
    pairs = {
        mine: CallPair(left=mine, right=other, left_calls=left.parts[mine].calls, right_calls=right.parts[other].calls)
        for mine, other in enumerate(matching.of_left)
        if other != NOBODY and not left.parts[mine].position and not right.parts[other].position
    }
    by_right = {pair.right: pair for pair in pairs.values()}
    _join_separate_calls(matching, pairs, by_right)
    _join_padding(left, {call: pair for pair in pairs.values() for call in pair.left_calls[:1]}, is_left=True)
    _join_padding(right, {call: pair for pair in pairs.values() for call in pair.right_calls[:1]}, is_left=False)
    return list(pairs.values())


def _join_separate_calls(matching: Matching, pairs: dict[int, CallPair], by_right: dict[int, CallPair]) -> None:
    """Join each call that is partner of a later part to the pair of that part's call, where it reads its last call."""
    left, right = matching.left, matching.right
    for mine, other in enumerate(matching.of_left):
        if other == NOBODY or bool(left.parts[mine].position) == bool(right.parts[other].position):
            continue
        if right.parts[other].position:
            pair = by_right.get(other - right.parts[other].position)
            if pair is not None and _continues(left, pair.left_calls[-1], mine):
                pair.left_calls = (*pair.left_calls, *left.parts[mine].calls)
        else:
            pair = pairs.get(mine - left.parts[mine].position)
            if pair is not None and _continues(right, pair.right_calls[-1], other):
                pair.right_calls = (*pair.right_calls, *right.parts[other].calls)


def _continues(graph: PartGraph, last: int, part: int) -> bool:
    """Whether a part alone reads a call, over layers at most that hand on."""
    at = part
    while len(graph.producers[at]) == 1:
        (at,) = graph.producers[at]
        if len(graph.consumers[at]) != 1:
            return False
        if last in graph.parts[at].calls:
            return True
        if not graph.parts[at].is_passing:
            return False
    return False


def _join_padding(graph: PartGraph, pair_of_call: dict[int, CallPair], *, is_left: bool) -> None:
    """Join each padding layer without a partner to the pair of the layer whose own padding it stands for."""
    folded = _folded(graph.calls.network)
    if not folded:
        return
    paired = {call for pair in pair_of_call.values() for call in (pair.left_calls if is_left else pair.right_calls)}
    for call, layer in enumerate(graph.calls.layers):
        if layer.kind is not LayerKind.PADDING or layer.path not in folded or call in paired:
            continue
        readers = graph.calls.consumers[call]
        pair = pair_of_call.get(readers[0]) if len(readers) == 1 else None
        if pair is None:
            continue
        if is_left:
            pair.left_calls = (call, *pair.left_calls)
        else:
            pair.right_calls = (call, *pair.right_calls)


def _folded(network: Network) -> frozenset[str]:
    if not any(layer.kind is LayerKind.PADDING for layer in network.layers):
        return frozenset()
    return folded_padding_layers(network, graph_of(network))
