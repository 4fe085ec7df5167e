"""Pairs the calls of two networks by structure: where they stand in the graph, what they are, what they store.

Names and the order of definition play no part. Both graphs are written alike, their parts put into an order of their
structure, lined up, and moved where the graph shows a better partner; then parts become calls again. Time grows nearly
linearly with the number of layers.
"""

from collections.abc import Iterable

import numpy as np

from mbgui.analysis.align_calls import CallGraph, call_graph
from mbgui.analysis.align_corrections import Corrected, corrected_calls
from mbgui.analysis.align_evidence import confidence_of, evidence_of
from mbgui.analysis.align_functions import functions_of, written_functions
from mbgui.analysis.align_leftovers import pair_leftovers, pair_unnamed
from mbgui.analysis.align_likeness import Codes, features_of_both
from mbgui.analysis.align_matching import Matching
from mbgui.analysis.align_members import CallPair, call_pairs
from mbgui.analysis.align_order import canonical_order
from mbgui.analysis.align_parts import PartGraph, part_graph
from mbgui.analysis.align_refinement import refine
from mbgui.analysis.align_sequence import line_up
from mbgui.domain.alignment import Alignment, LayerPair, PairCorrection
from mbgui.domain.network import Network

BY_HAND = "set by hand"


def align(left: Network, right: Network, corrections: tuple[PairCorrection, ...] = ()) -> Alignment:
    """Every call of a leaf layer of both networks once, in the left side's execution order.

    What `corrections` say holds, and the rest is paired around it; of two that name the same layer the later one holds,
    and one that names an unknown layer is passed over.
    """
    left_calls, right_calls = call_graph(left), call_graph(right)
    corrected = corrected_calls(left_calls, right_calls, corrections)
    matching = _matching(*_part_graphs(left_calls, right_calls, corrected), corrected)
    orders = canonical_order(matching.left), canonical_order(matching.right)
    _line_up(matching, *orders)
    refine(matching)
    pair_leftovers(matching, *orders)
    pair_unnamed(matching)
    return Alignment(pairs=tuple(_rows(matching, call_pairs(matching), orders[1], corrected)))


def pair_counts(alignment: Alignment) -> tuple[int, int, int]:
    """Numbers of pairs, of layers on the left only and of layers on the right only."""
    left_only = sum(1 for pair in alignment.pairs if pair.right is None)
    right_only = sum(1 for pair in alignment.pairs if pair.left is None)
    return len(alignment.pairs) - left_only - right_only, left_only, right_only


def _part_graphs(left: CallGraph, right: CallGraph, corrected: Corrected) -> tuple[PartGraph, PartGraph]:
    """Both sides in parts; a function is only put together where the other side has it as one layer."""
    mine = written_functions(left, functions_of(right), corrected.left)
    other = written_functions(right, functions_of(left), corrected.right)
    return part_graph(left, mine), part_graph(right, other)


def _matching(left: PartGraph, right: PartGraph, corrected: Corrected) -> Matching:
    """The partners set by hand; nothing else is paired yet."""
    matching = Matching(left, right, *features_of_both(left, right))
    for mine, other in corrected.pairs:
        matching.pair(left.first_part[mine], right.first_part[other])
    matching.fixed_left.update(left.first_part[call] for call in corrected.left)
    matching.fixed_right.update(right.first_part[call] for call in corrected.right)
    return matching


def _line_up(matching: Matching, left_order: list[int], right_order: list[int]) -> None:
    mine, other = _free(left_order, matching.fixed_left), _free(right_order, matching.fixed_right)
    for pair in line_up(matching.left_features, matching.right_features, mine, other):
        matching.pair(*pair)


def _free(order: list[int], fixed: set[int]) -> Codes:
    return np.array([number for number in order if number not in fixed], dtype=np.int32)


def _rows(
    matching: Matching, pairs: list[CallPair], right_order: list[int], corrected: Corrected
) -> Iterable[LayerPair]:
    """All pairs and lone calls: the left side in execution order, what is on the right only behind its predecessor."""
    left, right = matching.left.calls, matching.right.calls
    by_main = {_main(matching.left, pair.left): pair for pair in pairs}
    members = {call for pair in pairs for call in pair.left_calls} - set(by_main)
    lone = _lone_on_the_right(matching.right, pairs, right_order)
    yield from (_alone_on_the_right(right, call, corrected) for call in lone.get(None, ()))
    for call in range(len(left.calls)):
        if call in members:
            continue
        pair = by_main.get(call)
        yield _alone_on_the_left(left, call, corrected) if pair is None else _layer_pair(matching, pair, corrected)
        behind = lone.get(pair.right, ()) if pair is not None else ()
        yield from (_alone_on_the_right(right, found, corrected) for found in behind)


def _main(graph: PartGraph, part: int) -> int:
    """The call that a part is named after: the only one, or of a function written as several the one that ends it."""
    return graph.parts[part].calls[-1]


def _lone_on_the_right(graph: PartGraph, pairs: list[CallPair], right_order: list[int]) -> dict[int | None, list[int]]:
    """The calls that are on the right only, by the part of the pair that stands before them in the order."""
    paired = {call for pair in pairs for call in pair.right_calls}
    mains = {pair.right for pair in pairs}
    lone: dict[int | None, list[int]] = {}
    before: int | None = None
    for part in right_order:
        if part in mains:
            before = part
        elif not graph.parts[part].position:
            lone.setdefault(before, []).extend(call for call in graph.parts[part].calls if call not in paired)
    return lone


def _layer_pair(matching: Matching, pair: CallPair, corrected: Corrected) -> LayerPair:
    left, right = matching.left.calls, matching.right.calls
    mine, other = left.calls[_main(matching.left, pair.left)], right.calls[_main(matching.right, pair.right)]
    is_by_hand = _main(matching.left, pair.left) in corrected.left
    evidence = (BY_HAND,) if is_by_hand else evidence_of(matching, pair)
    return LayerPair(
        left=mine.layer,
        right=other.layer,
        left_call=mine.index,
        right_call=other.index,
        left_members=_names(left, pair.left_calls),
        right_members=_names(right, pair.right_calls),
        confidence=1.0 if is_by_hand else confidence_of(evidence),
        evidence=evidence,
        is_by_hand=is_by_hand,
    )


def _names(graph: CallGraph, calls: tuple[int, ...]) -> tuple[str, ...]:
    """The names of the calls in execution order, none where there is but one."""
    return tuple(graph.calls[call].name for call in sorted(calls)) if len(calls) > 1 else ()


def _alone_on_the_left(graph: CallGraph, call: int, corrected: Corrected) -> LayerPair:
    found, is_by_hand = graph.calls[call], call in corrected.left
    return LayerPair(
        left=found.layer,
        right=None,
        left_call=found.index,
        confidence=float(is_by_hand),
        evidence=(BY_HAND,) if is_by_hand else (),
        is_by_hand=is_by_hand,
    )


def _alone_on_the_right(graph: CallGraph, call: int, corrected: Corrected) -> LayerPair:
    found, is_by_hand = graph.calls[call], call in corrected.right
    return LayerPair(
        left=None,
        right=found.layer,
        right_call=found.index,
        confidence=float(is_by_hand),
        evidence=(BY_HAND,) if is_by_hand else (),
        is_by_hand=is_by_hand,
    )
