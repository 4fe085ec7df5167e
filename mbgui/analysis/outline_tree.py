"""Which rows of an outline are shown, and where each lies among its siblings."""

from collections.abc import Sequence
from dataclasses import dataclass

from mbgui.domain.outline import Outline

HIDDEN = -1
TOP = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineTree:
    """Rows by their index in the outline.

    `children[i]` are the shown members of row `i`, `roots` the shown rows at the top; `positions[i]` is the place of
    row `i` among its shown siblings, `HIDDEN` where it is not shown; `left_depths[i]` is how many rows above it have a
    left cell, and likewise on the right: each side keeps a hierarchy of its own.
    """

    roots: Sequence[int]
    children: Sequence[Sequence[int]]
    positions: Sequence[int]
    left_depths: Sequence[int]
    right_depths: Sequence[int]

    @property
    def groups(self) -> tuple[int, ...]:
        """Shown rows that have shown members, in the order of the outline."""
        return tuple(row for row, members in enumerate(self.children) if members)


def arrange(outline: Outline, kept: Sequence[bool] | None = None) -> OutlineTree:
    """The tree of all rows, or of those kept; the ancestors of a kept row have to be kept as well."""
    rows = outline.rows
    roots: list[int] = []
    members: dict[int, list[int]] = {TOP: roots}  # of the rows that have any: most rows are leaves
    positions, left_depths, right_depths = [HIDDEN] * len(rows), [0] * len(rows), [0] * len(rows)
    for index, row in enumerate(rows):
        if kept is not None and not kept[index]:
            continue
        siblings = members.setdefault(row.parent, [])
        positions[index] = len(siblings)
        siblings.append(index)
        if row.parent != TOP:
            above = rows[row.parent]
            left_depths[index] = left_depths[row.parent] + (above.left is not None)
            right_depths[index] = right_depths[row.parent] + (above.right is not None)
    children: list[Sequence[int]] = [()] * len(rows)
    for parent, below in members.items():
        if parent != TOP:
            children[parent] = below
    return OutlineTree(
        roots=roots, children=children, positions=positions, left_depths=left_depths, right_depths=right_depths
    )


def with_ancestors(outline: Outline, matches: Sequence[bool]) -> list[bool]:
    """The matching rows and every row above one."""
    kept = list(matches)
    for index in range(len(kept) - 1, -1, -1):  # each parent comes before its children
        parent = outline.rows[index].parent
        if kept[index] and parent != TOP:
            kept[parent] = True
    return kept
