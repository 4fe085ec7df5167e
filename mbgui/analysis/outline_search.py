"""Finds rows of an outline a few at a time, so that a window stays alive while it searches many."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from mbgui.analysis.layer_query import LayerQuery
from mbgui.analysis.outline_tree import OutlineTree, arrange, with_ancestors
from mbgui.domain.network import Layer
from mbgui.domain.outline import Outline, OutlineRow, RowStatus

ROWS_A_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineLayers:
    """An outline and the layers it names, by path."""

    outline: Outline
    left: Mapping[str, Layer]
    right: Mapping[str, Layer]

    def pair(self, row: OutlineRow) -> tuple[Layer | None, Layer | None]:
        """The layers on both sides of a row; `None` for an empty side and for a group made from names."""
        left = self.left.get(row.left.layer) if row.left is not None and row.left.layer is not None else None
        right = self.right.get(row.right.layer) if row.right is not None and row.right.layer is not None else None
        return left, right


def search(
    layers: OutlineLayers, query: LayerQuery, *, is_differences_only: bool
) -> Generator[None, None, tuple[OutlineTree, int]]:
    """Yields between steps; returns the tree of what was found and the number of matching rows."""
    rows = layers.outline.rows
    if query.is_empty and not is_differences_only:
        return arrange(layers.outline), len(rows)
    matches = [False] * len(rows)
    for index, row in enumerate(rows):
        if index % ROWS_A_STEP == ROWS_A_STEP - 1:
            yield
        if is_differences_only and (row.is_group or row.status is RowStatus.SAME):
            continue
        matches[index] = query.is_empty or query.accepts(row, *layers.pair(row))
    yield
    kept = with_ancestors(layers.outline, matches)
    yield
    return arrange(layers.outline, kept), sum(matches)
