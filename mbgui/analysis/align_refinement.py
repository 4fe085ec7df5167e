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
_LONGEST_CHAIN = 64


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
    """Give a part the best partner that its neighbours point to, where that is better than what is.

    Tried alone, and with the chains above and below it: what lies between two places where branches were mistaken for
    each other can only move as one.
    """
    best: tuple[int, bool] | None = None
    best_gain = _LEAST_GAIN
    for other in _candidates(matching, mine):
        for with_chains in (False, True):
            change = _Change(matching)
            change.move(mine, other, with_chains=with_chains)
            gain = change.gain()
            change.take_back()
            if gain > best_gain:
                best, best_gain = (other, with_chains), gain
    if best is None:
        return False
    _Change(matching).move(mine, best[0], with_chains=best[1])
    return True


class _Change:
    """Partners being exchanged, to be judged and taken back."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._before: dict[int, int] = {}

    def move(self, mine: int, other: int, *, with_chains: bool) -> None:
        """Make two parts partners, and on request what lies in a line above and below them."""
        self._exchange(mine, other)
        if with_chains:
            left, right = self._matching.left, self._matching.right
            self._along(mine, other, left.producers, right.producers)
            self._along(mine, other, left.consumers, right.consumers)

    def gain(self) -> float:
        """How much better all that changed is than it was."""
        after = self._worth()
        changed = {mine: self._matching.of_left[mine] for mine in self._before}
        self._set(self._before)
        before = self._worth()
        self._set(changed)
        return after - before

    def take_back(self) -> None:
        """Give everybody the partner from before."""
        self._set(self._before)

    def _along(
        self, mine: int, other: int, left_edges: tuple[tuple[int, ...], ...], right_edges: tuple[tuple[int, ...], ...]
    ) -> None:
        matching = self._matching
        for _ in range(_LONGEST_CHAIN):
            if len(left_edges[mine]) != 1 or len(right_edges[other]) != 1:
                return
            mine, other = left_edges[mine][0], right_edges[other][0]
            if matching.of_left[mine] == other or mine in matching.fixed_left or other in matching.fixed_right:
                return
            if matching.left.parts[mine].signature != matching.right.parts[other].signature:
                return
            self._exchange(mine, other)

    def _exchange(self, mine: int, other: int) -> None:
        """Make two parts partners; whose they were take each other where they can."""
        matching = self._matching
        rival, current = matching.of_right[other], matching.of_left[mine]
        for part in (mine, rival):
            if part != NOBODY:
                self._before.setdefault(part, matching.of_left[part])
        matching.pair(mine, other)
        if NOBODY not in {rival, current} and matching.likeness(rival, current) >= LEAST_LIKENESS:
            matching.pair(rival, current)

    def _worth(self) -> float:
        matching = self._matching
        partners = ((mine, matching.of_left[mine]) for mine in self._before)
        return sum(matching.worth(mine, other) for mine, other in partners if other != NOBODY)

    def _set(self, partners: dict[int, int]) -> None:
        for mine in partners:
            self._matching.part_from(mine)
        for mine, other in partners.items():
            if other != NOBODY:
                self._matching.pair(mine, other)


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
