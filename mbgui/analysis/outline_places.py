"""Where in an outline something is: layers by path, the first difference, the differences at a pair."""

from collections.abc import Iterable, Sequence

from mbgui.analysis.align import pair_counts
from mbgui.analysis.outline_tree import OutlineTree
from mbgui.domain.alignment import Alignment
from mbgui.domain.difference import Difference
from mbgui.domain.network import Layer, Network
from mbgui.domain.outline import Outline, OutlineRow, RowStatus

_LONE = (RowStatus.LEFT_ONLY, RowStatus.RIGHT_ONLY)
_CLEAR_DIFFERENCES = (RowStatus.DIFFERENT, RowStatus.MINOR)


def layers_by_path(network: Network) -> dict[str, Layer]:
    """Every layer of a network by its path."""
    return {layer.path: layer for layer in network.layers}


def alignment_summary(alignment: Alignment) -> str:
    """`116 pairs · 5 only right · 1 only left`."""
    pairs, left, right = pair_counts(alignment)
    parts = [f"{pairs:,} pairs"]
    parts += [f"{right:,} only right"] if right else []
    parts += [f"{left:,} only left"] if left else []
    return " · ".join(parts)


def rows_of(outline: Outline, paths: Iterable[str]) -> list[int]:
    """The rows that show one of these layers on either side."""
    wanted = set(paths)
    return [number for number, row in enumerate(outline.rows) if not wanted.isdisjoint(_paths(row))]


def is_member(row: OutlineRow) -> bool:
    """Whether a layer stands on its row alone, but does its work together with a paired one next to it."""
    is_alone = (row.left is None) != (row.right is None)
    return is_alone and not row.is_group and row.status not in _LONE


def first_difference(outline: Outline) -> list[int]:
    """The first pair that is not the same on both sides, or the first row; none where there are no rows."""
    rows = enumerate(outline.rows)
    found = next((number for number, row in rows if not row.is_group and row.status in _CLEAR_DIFFERENCES), 0)
    return [found] if outline.rows else []


def first_leaf(tree: OutlineTree) -> list[int]:
    """The first shown row without members; none where nothing is shown."""
    row = next(iter(tree.roots), None)
    while row is not None and tree.children[row]:
        row = tree.children[row][0]
    return [] if row is None else [row]


def differences_at(row: OutlineRow, differences: Sequence[Difference]) -> list[Difference]:
    """The differences that show at this pair; those of the whole network show at none, and so do groups."""
    if row.is_group:
        return []
    left, right = (cell.layer if cell is not None else None for cell in (row.left, row.right))
    return [
        difference
        for difference in differences
        if any(place.left == left and place.right == right for place in difference.places)
    ]


def _paths(row: OutlineRow) -> list[str]:
    return [cell.layer for cell in (row.left, row.right) if cell is not None and cell.layer is not None]
