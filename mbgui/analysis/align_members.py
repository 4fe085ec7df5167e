"""From partners among parts to pairs of calls: which calls together do the work of one on the other side."""

from collections.abc import Iterator
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
    _join_padding(matching, list(pairs.values()))
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


def _join_padding(matching: Matching, pairs: list[CallPair]) -> None:
    """Join each padding layer to the pair of the layer whose own padding it stands for."""
    paired = {call for pair in pairs for call in pair.left_calls}
    by_first = {pair.left_calls[0]: pair for pair in pairs}
    for call, reader in _padding(matching.left, matching.fixed_left, paired):
        if reader in by_first:
            by_first[reader].left_calls = (call, *by_first[reader].left_calls)
    paired = {call for pair in pairs for call in pair.right_calls}
    by_first = {pair.right_calls[0]: pair for pair in pairs}
    for call, reader in _padding(matching.right, matching.fixed_right, paired):
        if reader in by_first:
            by_first[reader].right_calls = (call, *by_first[reader].right_calls)


def _padding(graph: PartGraph, fixed: set[int], paired: set[int]) -> Iterator[tuple[int, int]]:
    """Each padding layer without a partner and the call that alone reads it, where that could pad for itself."""
    folded = _folded(graph.calls.network)
    for call, layer in enumerate(graph.calls.layers):
        if layer.kind is not LayerKind.PADDING or layer.path not in folded:
            continue
        readers = graph.calls.consumers[call]
        if len(readers) == 1 and call not in paired and graph.first_part[call] not in fixed:
            yield call, readers[0]


def _folded(network: Network) -> frozenset[str]:
    if not any(layer.kind is LayerKind.PADDING for layer in network.layers):
        return frozenset()
    return folded_padding_layers(network, graph_of(network))
