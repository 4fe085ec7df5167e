"""Partners for what is left over: equal parts that changed places, and what stands in the same place unnamed."""

from mbgui.analysis.align_matching import NOBODY, Matching
from mbgui.domain.network import LayerKind

_GAPS = 3
"""How many partners may lie between two leftovers: a layer and its activation that changed places are two apart."""
_NAMEABLE = frozenset(
    {
        LayerKind.OTHER,
        LayerKind.ACTIVATION,
        LayerKind.POOLING,
        LayerKind.GLOBAL_POOLING,
        LayerKind.RESCALE,
        LayerKind.MATRIX_PRODUCT,
    }
)
"""What an operation without a word of its own may turn out to be: a mean over tokens, say, is global pooling."""


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


def _take_offer(
    matching: Matching, mine: int, nearby: list[int], offered: dict[tuple[int, tuple[object, ...]], list[int]]
) -> None:
    signature = matching.left.parts[mine].signature
    for before in [*reversed(nearby), NOBODY] if len(nearby) < _GAPS else list(reversed(nearby)):
        offers = offered.get((before, signature))
        if offers:
            matching.pair(mine, offers.pop(0))
            return


def pair_unnamed(matching: Matching) -> None:
    """Pair operations that no kind is known of with what stands in the same place and gives the same shape."""
    for mine, part in enumerate(matching.left.parts):
        if matching.of_left[mine] != NOBODY or part.kind not in _NAMEABLE or mine in matching.fixed_left:
            continue
        for other in _in_the_same_place(matching, mine):
            found = matching.right.parts[other]
            is_unnamed = LayerKind.OTHER in {part.kind, found.kind} and found.kind in _NAMEABLE
            if is_unnamed and part.shape is not None and part.shape == found.shape:
                matching.pair(mine, other)
                break


def _in_the_same_place(matching: Matching, mine: int) -> list[int]:
    """What has no partner on the right, though what feeds it and what reads it have theirs around a left part."""
    left, right = matching.left, matching.right
    sources = {matching.of_left[number] for number in matching.matched_left(mine, left.producers)}
    readers = {matching.of_left[number] for number in matching.matched_left(mine, left.consumers)}
    return [
        other
        for reader in sorted(readers)
        for other in right.producers[reader]
        if matching.of_right[other] == NOBODY
        and other not in matching.fixed_right
        and set(matching.matched_right(other, right.producers)) == sources
        and set(matching.matched_right(other, right.consumers)) == readers
    ]
