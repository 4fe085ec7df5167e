"""The trees of two networks merged into one, along the pairs of their layers."""

from collections import Counter
from dataclasses import dataclass, field

from mbgui.analysis.outline_entries import OutlineEntry
from mbgui.analysis.side_tree import SideTree

MINIMUM_OVERLAP = 0.5
"""Two containers share a row where at least half of their paired layers are common (Jaccard index)."""

Chain = tuple[tuple[str | None, str | None], ...]
"""Containers above a row, outermost first: keys of the left and of the right container of each."""


@dataclass(slots=True, kw_only=True)
class MergedNode:
    """A row while the tree is being built: keys into the trees of either side; `entry` is `None` for a container."""

    left: str | None
    right: str | None
    entry: OutlineEntry | None = None
    children: list["MergedNode"] = field(default_factory=list)


def merged_tree(entries: tuple[OutlineEntry, ...], left_tree: SideTree, right_tree: SideTree) -> MergedNode:
    """The root above all rows, in the order of the entries.

    A container whose layers do not follow each other gets a row of its own each time it comes again.
    """
    root = MergedNode(left=None, right=None)
    open_nodes = [root]
    for entry, chain in zip(entries, _chains(entries, left_tree, right_tree), strict=True):
        del open_nodes[_common_length([(node.left, node.right) for node in open_nodes[1:]], chain) + 1 :]
        for left, right in chain[len(open_nodes) - 1 :]:
            container = MergedNode(left=left, right=right)
            open_nodes[-1].children.append(container)
            open_nodes.append(container)
        open_nodes[-1].children.append(MergedNode(left=entry.left, right=entry.right, entry=entry))
    return root


def _chains(entries: tuple[OutlineEntry, ...], left_tree: SideTree, right_tree: SideTree) -> list[Chain]:
    """The containers above each row; a layer that stands alone on the right stays with its neighbours where it can."""
    partners = _container_partners(entries, left_tree, right_tree)
    placement = _Placement(left_tree=left_tree, right_tree=right_tree, partners=partners)
    chains = [placement.own_chain(entry) for entry in entries]
    following: Chain = ()
    between: list[Chain] = []
    for entry, chain in zip(reversed(entries), reversed(chains), strict=True):
        between.append(following)
        following = chain if entry.left is not None else following
    previous: Chain = ()
    for index, entry in enumerate(entries):
        if entry.left is None:
            after = between[-1 - index]
            neighbours = previous[: _common_length(previous, after)]
            chains[index] = neighbours if set(chains[index]) <= set(neighbours) else chains[index]
        previous = chains[index]
    return chains


def _common_length(first: list[tuple[str | None, str | None]] | Chain, second: Chain) -> int:
    length = 0
    for mine, other in zip(first, second, strict=False):
        if mine != other:
            break
        length += 1
    return length


class _Placement:
    """Where a row belongs by its own containers."""

    def __init__(self, *, left_tree: SideTree, right_tree: SideTree, partners: dict[str, str]) -> None:
        self._left_tree = left_tree
        self._right_tree = right_tree
        self._partners = partners
        self._left_chain_of_right = {
            partners[name]: chain[: level + 1]
            for chain in left_tree.chains.values()
            for level, name in enumerate(chain)
            if name in partners
        }

    def own_chain(self, entry: OutlineEntry) -> Chain:
        """The left layer's containers, or those of the right layer where the left has none."""
        left_chain = self._left_tree.chains[entry.left] if entry.left is not None else ()
        if left_chain or entry.right is None:
            return self._with_partners(left_chain)
        right_chain = self._right_tree.chains[entry.right]
        for level in reversed(range(len(right_chain))):
            above = self._left_chain_of_right.get(right_chain[level])
            if above is not None:
                return (*self._with_partners(above), *((None, name) for name in right_chain[level + 1 :]))
        return tuple((None, name) for name in right_chain)

    def _with_partners(self, left_chain: tuple[str, ...]) -> Chain:
        return tuple((name, self._partners.get(name)) for name in left_chain)


def _container_partners(entries: tuple[OutlineEntry, ...], left_tree: SideTree, right_tree: SideTree) -> dict[str, str]:
    """For each left container the right one that shares its row; the best overlap first, then the outermost."""
    common: Counter[tuple[str, str]] = Counter()
    left_sizes: Counter[str] = Counter()
    right_sizes: Counter[str] = Counter()
    depth: dict[str, int] = {}
    for entry in entries:
        if entry.left is None or entry.right is None:
            continue
        left_chain, right_chain = left_tree.chains[entry.left], right_tree.chains[entry.right]
        left_sizes.update(left_chain)
        right_sizes.update(right_chain)
        common.update((mine, other) for mine in left_chain for other in right_chain)
        depth.update({name: level for level, name in enumerate(left_chain)})
    overlaps = sorted(
        (-shared / (left_sizes[mine] + right_sizes[other] - shared), depth[mine], mine, other)
        for (mine, other), shared in common.items()
    )
    partners: dict[str, str] = {}
    taken: set[str] = set()
    for overlap, _, mine, other in overlaps:
        if -overlap >= MINIMUM_OVERLAP and mine not in partners and other not in taken:
            partners[mine] = other
            taken.add(other)
    return partners
