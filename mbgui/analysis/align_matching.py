"""Who is whose partner so far, and how well that fits what lies around both in their graphs."""

from collections.abc import Sequence

from mbgui.analysis.align_likeness import Features, Likeness
from mbgui.analysis.align_parts import PartGraph

NOBODY = -1
_NEIGHBOURS_SHARE = 0.5
_BEFORE_SHARE = 0.6
"""What a part reads counts more than what reads it, so that a chain between two doubtful ends follows its source."""
_REACH = 32
"""How far what has no partner is looked through on the way to a neighbour."""


class Matching:
    """Partners by number on both sides, `NOBODY` where there is none; `fixed` parts of either side are not touched."""

    def __init__(self, left: PartGraph, right: PartGraph, left_features: Features, right_features: Features) -> None:
        self.left, self.right = left, right
        self.left_features, self.right_features = left_features, right_features
        self.of_left = [NOBODY] * len(left.parts)
        self.of_right = [NOBODY] * len(right.parts)
        self.fixed_left: set[int] = set()
        self.fixed_right: set[int] = set()
        self._likeness = Likeness(left_features, right_features)

    def pair(self, mine: int, other: int) -> None:
        """Make two parts partners; who was theirs before has none."""
        self.part_from(mine)
        if self.of_right[other] != NOBODY:
            self.of_left[self.of_right[other]] = NOBODY
        self.of_left[mine], self.of_right[other] = other, mine

    def part_from(self, mine: int) -> None:
        """Take the partner of a left part away."""
        if self.of_left[mine] != NOBODY:
            self.of_right[self.of_left[mine]] = NOBODY
            self.of_left[mine] = NOBODY

    def likeness(self, mine: int, other: int) -> float:
        """How alike two parts are in themselves, 0 for what cannot be partners."""
        return self._likeness.of(mine, other)

    def worth(self, mine: int, other: int) -> float:
        """What it is worth that two parts are partners, 0 for what cannot be."""
        alike = self.likeness(mine, other)
        if not alike:
            return 0.0
        importance = min(self.left_features.importances[mine], self.right_features.importances[other])
        return float(importance) * (alike + _NEIGHBOURS_SHARE * self.support(mine, other))

    def support(self, mine: int, other: int) -> float:
        """Which share of the neighbours of two parts are partners of each other."""
        before = self._shared(self.left.producers, self.right.producers, mine, other)
        behind = self._shared(self.left.consumers, self.right.consumers, mine, other)
        return _BEFORE_SHARE * before + (1 - _BEFORE_SHARE) * behind

    def sources_agree(self, mine: int, other: int) -> bool:
        """Whether two parts read the same, as far as that has partners."""
        mapped = {self.of_left[number] for number in self.matched_left(mine, self.left.producers)}
        return mapped == set(self.matched_right(other, self.right.producers))

    def matched_left(self, mine: int, edges: Sequence[tuple[int, ...]]) -> list[int]:
        """The nearest parts along the edges that have partners and do not only hand on."""
        return _nearest(mine, edges, self.left, self.of_left)

    def matched_right(self, other: int, edges: Sequence[tuple[int, ...]]) -> list[int]:
        """The same on the right."""
        return _nearest(other, edges, self.right, self.of_right)

    def _shared(
        self, left_edges: Sequence[tuple[int, ...]], right_edges: Sequence[tuple[int, ...]], mine: int, other: int
    ) -> float:
        mapped = {self.of_left[number] for number in self.matched_left(mine, left_edges)}
        found = set(self.matched_right(other, right_edges))
        return len(mapped & found) / max(len(mapped | found), 1) if mapped or found else 1.0


def _nearest(start: int, edges: Sequence[tuple[int, ...]], graph: PartGraph, partners: list[int]) -> list[int]:
    found: list[int] = []
    ahead = list(edges[start])
    for _ in range(_REACH):
        if not ahead:
            break
        number = ahead.pop()
        if partners[number] == NOBODY or graph.parts[number].is_passing:
            ahead += edges[number]
        elif number not in found:
            found.append(number)
    return found
