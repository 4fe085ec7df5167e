"""What the user said of layers, as calls."""

from dataclasses import dataclass
from itertools import zip_longest

from mbgui.analysis.align_calls import CallGraph
from mbgui.domain.alignment import PairCorrection


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Pairs of calls set by hand, and all calls that corrections settle, those without a partner, too."""

    pairs: tuple[tuple[int, int], ...]
    left: frozenset[int]
    right: frozenset[int]


def corrected_calls(left: CallGraph, right: CallGraph, corrections: tuple[PairCorrection, ...]) -> Corrected:
    """The calls that corrections settle; those of a shared layer are paired in step, what is over has no partner."""
    left_calls, right_calls = _calls_by_layer(left), _calls_by_layer(right)
    pairs: list[tuple[int, int]] = []
    settled: tuple[set[int], set[int]] = set(), set()
    for correction in _in_force(corrections, left_calls, right_calls):
        mine, other = left_calls.get(correction.left or "", ()), right_calls.get(correction.right or "", ())
        for left_call, right_call in zip_longest(mine, other):
            if left_call is not None and right_call is not None:
                pairs.append((left_call, right_call))
        settled[0].update(mine)
        settled[1].update(other)
    return Corrected(pairs=tuple(pairs), left=frozenset(settled[0]), right=frozenset(settled[1]))


def _in_force(
    corrections: tuple[PairCorrection, ...], left_calls: dict[str, list[int]], right_calls: dict[str, list[int]]
) -> list[PairCorrection]:
    """The corrections whose layers exist and that no later one takes back."""
    kept: list[PairCorrection] = []
    seen: tuple[set[str | None], set[str | None]] = {None}, {None}
    for correction in reversed(corrections):
        is_known = (correction.left is None or correction.left in left_calls) and (
            correction.right is None or correction.right in right_calls
        )
        if not is_known or (correction.left in seen[0] and correction.right in seen[1]):
            continue
        if (correction.left is not None and correction.left in seen[0]) or (
            correction.right is not None and correction.right in seen[1]
        ):
            continue
        kept.append(correction)
        seen[0].add(correction.left)
        seen[1].add(correction.right)
    return kept[::-1]


def _calls_by_layer(graph: CallGraph) -> dict[str, list[int]]:
    calls: dict[str, list[int]] = {}
    for number, call in enumerate(graph.calls):
        calls.setdefault(call.layer, []).append(number)
    return calls
