"""Both layer trees as one list of rows, partners on one row.

Modules of either side that hold mostly the same pairs of layers share a row. Where one side has no modules, groups made
from its layers' names take their place.
"""

from collections import defaultdict
from dataclasses import replace

from mbgui.analysis.merged_tree import MergedNode, merged_tree
from mbgui.analysis.outline_entries import OutlineEntry, outline_entries
from mbgui.analysis.side_tree import SideTree, side_tree
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.difference import Cause, Difference, Effect
from mbgui.domain.network import Network
from mbgui.domain.outline import Outline, OutlineCell, OutlineRow, RowStatus
from mbgui.domain.request import Side

_GRAVITY = (RowStatus.SAME, RowStatus.MINOR, RowStatus.DIFFERENT)
_CausesByPlace = dict[tuple[str | None, str | None], list[tuple[Effect, Cause]]]


def build_outline(left: Network, right: Network, alignment: Alignment, differences: tuple[Difference, ...]) -> Outline:
    """All rows, each parent before its children, layers in the order of the alignment."""
    left_tree, right_tree = side_tree(left), side_tree(right)
    root = merged_tree(outline_entries(alignment, left_tree.chains, right_tree.chains), left_tree, right_tree)
    causes = _causes_by_place(differences)
    rows: list[OutlineRow] = []
    for child in root.children:
        _append(child, -1, rows, causes, (left_tree, right_tree))
    return Outline(rows=_with_group_status(rows, causes))


def outline_network(network: Network, side: Side) -> Outline:
    """The tree of one network alone, for the time until the other side is read; nothing stands out in it."""
    tree, empty = side_tree(network), SideTree(chains={}, cells={})
    is_left = side is Side.LEFT
    pairs = tuple(
        LayerPair(left=path if is_left else None, right=None if is_left else path, confidence=0.0, evidence=())
        for path in tree.chains
    )
    trees = (tree, empty) if is_left else (empty, tree)
    entries = outline_entries(Alignment(pairs=pairs), trees[0].chains, trees[1].chains)
    rows: list[OutlineRow] = []
    for child in merged_tree(entries, *trees).children:
        _append(child, -1, rows, {}, trees)
    return Outline(rows=tuple(replace(row, status=RowStatus.SAME) for row in rows))


def _append(
    node: MergedNode,
    parent: int,
    rows: list[OutlineRow],
    causes: _CausesByPlace,
    trees: tuple[SideTree, SideTree],
) -> None:
    entry = node.entry
    found = causes.get((node.left, node.right), []) if entry is not None else []
    rows.append(
        OutlineRow(
            parent=parent,
            left=_cell(node.left, entry.left_again if entry is not None else None, trees[0]),
            right=_cell(node.right, entry.right_again if entry is not None else None, trees[1]),
            is_group=entry is None,
            status=_status(entry, [effect for effect, _ in found]),
            causes=tuple(dict.fromkeys(cause for _, cause in found)),
            confidence=entry.pair.confidence if entry is not None else 0.0,
            evidence=entry.pair.evidence if entry is not None else (),
        )
    )
    index = len(rows) - 1
    for child in node.children:
        _append(child, index, rows, causes, trees)


def _cell(key: str | None, called_again: str | None, tree: SideTree) -> OutlineCell | None:
    """The cell of a layer or container, or of a layer's later call, which counts nothing anew."""
    if called_again is not None:
        return OutlineCell(label=called_again, layer=None, parameter_count=0, mac_count=0)
    return tree.cells[key] if key is not None else None


def _status(entry: OutlineEntry | None, effects: list[Effect]) -> RowStatus:
    if entry is not None and entry.is_alone:
        return RowStatus.LEFT_ONLY if entry.pair.right is None else RowStatus.RIGHT_ONLY
    return _gravity(effects)


def _gravity(effects: list[Effect]) -> RowStatus:
    if Effect.INFERENCE in effects:
        return RowStatus.DIFFERENT
    return RowStatus.MINOR if {Effect.TRAINING, Effect.ACCOUNTING} & set(effects) else RowStatus.SAME


def _causes_by_place(differences: tuple[Difference, ...]) -> _CausesByPlace:
    causes: _CausesByPlace = defaultdict(list)
    for difference in differences:
        for place in difference.places:
            causes[place.left, place.right].append((difference.effect, difference.cause))
    return causes


def _with_group_status(rows: list[OutlineRow], causes: _CausesByPlace) -> tuple[OutlineRow, ...]:
    """Every group takes the gravest status below it; a lone layer weighs as much as what its absence touches.

    Children come after parents, so one pass from the end suffices.
    """
    gravest = [0] * len(rows)
    for index in range(len(rows) - 1, -1, -1):
        row = rows[index]
        if row.causes:
            place = (row.left.layer if row.left else None, row.right.layer if row.right else None)
            gravest[index] = _GRAVITY.index(_gravity([effect for effect, _ in causes[place]]))
        if row.parent >= 0:
            gravest[row.parent] = max(gravest[row.parent], gravest[index])
    return tuple(
        replace(row, status=_GRAVITY[level]) if row.is_group else row for row, level in zip(rows, gravest, strict=True)
    )
