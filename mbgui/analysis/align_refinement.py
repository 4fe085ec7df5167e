"""Better partners by the graph: two sequences cannot cross, branches in another order do.

A part whose neighbours are not the neighbours of its partner is moved to where they are, if the whole is better for it;
what has no partner yet gets one where its neighbours have theirs.
"""

from collections.abc import Iterable

from mbgui.analysis.align_matching import NOBODY, Matching
from mbgui.analysis.align_sequence import LEAST_LIKENESS

ROUNDS = 6
_MOST_CANDIDATES = 24
_LEAST_GAIN = 0.02


def refine(matching: Matching) -> None:
    """Move partners until nothing gets better, at most `ROUNDS` times over what stands out of place."""
    suspects: Iterable[int] = range(len(matching.left.parts))
    for _ in range(ROUNDS):
        moved = [mine for mine in suspects if _is_out_of_place(matching, mine) and _move(matching, mine)]
        if not moved:
            return
        suspects = _around(matching, moved)


def _is_out_of_place(matching: Matching, mine: int) -> bool:
    if mine in matching.fixed_left:
        return False
    other = matching.of_left[mine]
    return other == NOBODY or matching.support(mine, other) < 1


def _around(matching: Matching, moved: list[int]) -> list[int]:
    """The moved parts and their neighbours, in order."""
    near = set(moved)
    for mine in moved:
        near.update(matching.left.producers[mine], matching.left.consumers[mine])
        for partner in _neighbours_of_partner(matching, mine):
            near.add(partner)
    near.update(number for number, other in enumerate(matching.of_left) if other == NOBODY)
    return sorted(near)


def _neighbours_of_partner(matching: Matching, mine: int) -> list[int]:
    other = matching.of_left[mine]
    if other == NOBODY:
        return []
    around = (*matching.right.producers[other], *matching.right.consumers[other])
    return [matching.of_right[number] for number in around if matching.of_right[number] != NOBODY]


def _move(matching: Matching, mine: int) -> bool:
    """Give a part the best partner that its neighbours point to, where that is better than what is."""
    best, best_gain = NOBODY, _LEAST_GAIN
    for other in _candidates(matching, mine):
        gain = _gain(matching, mine, other)
        if gain > best_gain:
            best, best_gain = other, gain
    if best == NOBODY:
        return False
    _swap(matching, mine, best)
    return True


def _candidates(matching: Matching, mine: int) -> list[int]:
    """Parts on the right that lie beside the partners of a part's neighbours and could be its partner."""
    left, right = matching.left, matching.right
    found: dict[int, None] = {}
    for mine_edges, back, forth in (
        (left.producers, right.consumers, matching.of_left),
        (left.consumers, right.producers, matching.of_left),
    ):
        for neighbour in matching.matched_left(mine, mine_edges):
            for other in _within_reach(matching, forth[neighbour], back):
                found[other] = None
    current = matching.of_left[mine]
    return [
        other
        for other in list(found)[:_MOST_CANDIDATES]
        if other != current and other not in matching.fixed_right and matching.likeness(mine, other) >= LEAST_LIKENESS
    ]


def _within_reach(matching: Matching, start: int, edges: tuple[tuple[int, ...], ...]) -> list[int]:
    """What lies behind the edges of a part, and behind that where it has no partner or only hands on."""
    found: list[int] = []
    ahead = list(edges[start][:_MOST_CANDIDATES])
    while ahead and len(found) < _MOST_CANDIDATES:
        number = ahead.pop(0)
        found.append(number)
        if matching.of_right[number] == NOBODY or matching.right.parts[number].is_passing:
            ahead += [following for following in edges[number] if following not in found]
    return found


def _gain(matching: Matching, mine: int, other: int) -> float:
    """How much better it is if a part takes this partner, and whose that was takes the old one where it can."""
    rival, current = matching.of_right[other], matching.of_left[mine]
    before = matching.worth(mine, current) if current != NOBODY else 0.0
    before += matching.worth(rival, other) if rival != NOBODY else 0.0
    _swap(matching, mine, other)
    after = matching.worth(mine, other)
    exchanged = matching.of_left[rival] if rival != NOBODY else NOBODY
    after += matching.worth(rival, exchanged) if exchanged != NOBODY else 0.0
    _restore(matching, mine, current, rival, other)
    return after - before


def _swap(matching: Matching, mine: int, other: int) -> None:
    rival, current = matching.of_right[other], matching.of_left[mine]
    matching.pair(mine, other)
    if NOBODY not in {rival, current} and matching.likeness(rival, current) >= LEAST_LIKENESS:
        matching.pair(rival, current)


def _restore(matching: Matching, mine: int, current: int, rival: int, other: int) -> None:
    matching.part_from(mine)
    if rival != NOBODY:
        matching.pair(rival, other)
    if current != NOBODY:
        matching.pair(mine, current)


def pair_leftovers(matching: Matching, left_order: list[int], right_order: list[int]) -> None:
    """Pair what is left over on both sides in the same gap between partners, where it is equal but for its place."""
    offered: dict[tuple[int, tuple[object, ...]], list[int]] = {}
    before = NOBODY
    for other in right_order:
        if matching.of_right[other] != NOBODY:
            before = matching.of_right[other]
        elif other not in matching.fixed_right:
            offered.setdefault((before, matching.right.parts[other].signature), []).append(other)
    if not offered:
        return
    nearby: list[int] = []
    for mine in left_order:
        if matching.of_left[mine] != NOBODY:
            nearby = [*nearby[-_GAPS + 1 :], mine]
        elif mine not in matching.fixed_left:
            _take_offer(matching, mine, nearby, offered)


_GAPS = 3
"""How many partners may lie between two leftovers: a layer and its activation that changed places are two apart."""


def _take_offer(
    matching: Matching, mine: int, nearby: list[int], offered: dict[tuple[int, tuple[object, ...]], list[int]]
) -> None:
    signature = matching.left.parts[mine].signature
    for before in [*reversed(nearby), NOBODY] if len(nearby) < _GAPS else list(reversed(nearby)):
        offers = offered.get((before, signature))
        if offers:
            matching.pair(mine, offers.pop(0))
            return
