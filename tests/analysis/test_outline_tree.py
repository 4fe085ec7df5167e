"""Rows know their siblings, and each side its own depth."""

from mbgui.analysis.outline_tree import HIDDEN, arrange, with_ancestors
from mbgui.domain.outline import Outline, OutlineCell, OutlineRow, RowStatus


def _row(parent: int, *, left: bool = True, right: bool = True) -> OutlineRow:
    cell = OutlineCell(label="x", layer=None, parameter_count=0, mac_count=0)
    return OutlineRow(
        parent=parent,
        left=cell if left else None,
        right=cell if right else None,
        is_group=False,
        status=RowStatus.SAME,
        causes=(),
        confidence=1.0,
        evidence=(),
    )


_OUTLINE = Outline(rows=(_row(-1, right=False), _row(0), _row(1), _row(0), _row(-1)))


def test_members_lie_below_their_parent_in_order() -> None:
    tree = arrange(_OUTLINE)
    assert list(tree.roots) == [0, 4]
    assert list(tree.children[0]) == [1, 3]
    assert list(tree.positions) == [0, 0, 0, 1, 1]
    assert tree.groups == (0, 1)


def test_a_side_without_a_cell_above_is_not_indented() -> None:
    tree = arrange(_OUTLINE)
    assert tree.left_depths[2] == 2
    assert tree.right_depths[2] == 1


def test_hidden_rows_leave_no_gap() -> None:
    tree = arrange(_OUTLINE, with_ancestors(_OUTLINE, [False, False, False, True, False]))
    assert list(tree.roots) == [0]
    assert list(tree.children[0]) == [3]
    assert list(tree.positions) == [0, HIDDEN, HIDDEN, 0, HIDDEN]


def test_what_lies_above_a_match_is_kept() -> None:
    assert with_ancestors(_OUTLINE, [False, False, True, False, False]) == [True, True, True, False, False]
