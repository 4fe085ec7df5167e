"""Rows, layers and differences are found where they are."""

from mbgui.analysis.outline_places import (
    alignment_summary,
    differences_at,
    first_difference,
    first_leaf,
    rows_of,
)
from mbgui.analysis.outline_tree import arrange
from mbgui.domain.outline import Outline, OutlineRow
from tests.support.records import tiny_comparison

_COMPARISON = tiny_comparison(with_latency=False)
_ROWS = _COMPARISON.outline.rows


def _row(left: str) -> OutlineRow:
    return next(row for row in _ROWS if row.left is not None and row.left.layer == left)


def test_the_summary_counts_pairs_and_lone_layers() -> None:
    assert alignment_summary(_COMPARISON.alignment) == "8 pairs · 1 only right · 1 only left"


def test_layers_of_either_side_lead_to_their_rows() -> None:
    rows = rows_of(_COMPARISON.outline, ("features.0.1", "predictions", "no such layer"))
    assert [_ROWS[row].left.layer for row in rows if _ROWS[row].left] == ["features.0.1", "classifier.1"]  # type: ignore[union-attr]


def test_the_first_difference_is_a_pair_not_a_group_nor_a_lone_layer() -> None:
    (found,) = first_difference(_COMPARISON.outline)
    assert _ROWS[found] is _row("features.0.0")
    assert first_difference(Outline(rows=())) == []


def test_the_first_leaf_has_no_members() -> None:
    tree = arrange(_COMPARISON.outline)
    (found,) = first_leaf(tree)
    assert not _ROWS[found].is_group
    assert first_leaf(arrange(Outline(rows=()))) == []


def test_only_the_differences_of_this_pair_show_at_it() -> None:
    titles = {difference.title for difference in differences_at(_row("features.0.1"), _COMPARISON.differences)}
    assert {"BatchNorm epsilon", "BatchNorm momentum"} <= titles
    assert "Padding" not in titles
    assert differences_at(_row("features"), _COMPARISON.differences) == []
