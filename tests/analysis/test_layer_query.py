"""Search terms find layers on either side."""

import pytest

from mbgui.analysis.layer_query import parse_query
from mbgui.analysis.outline_search import OutlineLayers, search
from mbgui.analysis.outline_tree import HIDDEN, OutlineTree
from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.outline import RowStatus
from tests.support.records import tiny_comparison

_COMPARISON = tiny_comparison(with_latency=False)
_LAYERS = OutlineLayers(
    outline=_COMPARISON.outline,
    left={layer.path: layer for layer in _COMPARISON.left.layers},
    right={layer.path: layer for layer in _COMPARISON.right.layers},
)


def _search(text: str, *, is_differences_only: bool = False) -> OutlineTree:
    steps = search(_LAYERS, parse_query(text), is_differences_only=is_differences_only)
    try:
        while True:
            next(steps)
    except StopIteration as end:
        tree, _ = end.value
        assert isinstance(tree, OutlineTree)
        return tree


def _found(text: str, *, is_differences_only: bool = False) -> set[str]:
    """Labels of the leaves a search shows, the left one where there is one."""
    tree = _search(text, is_differences_only=is_differences_only)
    rows = enumerate(_LAYERS.outline.rows)
    shown = [row for number, row in rows if tree.positions[number] != HIDDEN and not row.is_group]
    return {(row.left or row.right).label for row in shown if row.left or row.right}  # type: ignore[union-attr]


def test_a_plain_word_finds_names_of_either_side() -> None:
    assert _found("STEM_BN") == {"features.0.1"}
    assert "features.0.1" in _found("features.0")


def test_types_are_found_by_the_framework_s_word_and_by_what_they_do() -> None:
    assert _found("type:depthwise") == {"features.1.0"}
    assert _found("type:convolution") == {"features.0.0", "features.1.0"}


def test_shapes_take_the_letter_for_the_sign() -> None:
    assert _found("shape:8x8x8 type:conv") == {"features.1.0"}


def test_counts_compare_numbers_and_know_multiples() -> None:
    assert _found("params>1000") == {"classifier.1"}
    assert _found("params>1k") == {"classifier.1"}
    assert _found("macs>=55296") == {"features.0.0"}
    assert _found("params=72, macs<5k") == {"features.1.0"}


def test_a_group_does_not_answer_for_the_sum_of_its_members() -> None:
    kept = _search("macs>56000")
    assert not any(position != HIDDEN for position in kept.positions)


def test_all_terms_hold_on_one_and_the_same_side() -> None:
    assert _found("stem_conv type:conv2d") == {"features.0.0"}
    assert _found("features.0.0 stem_conv") == set()


def test_causes_find_the_pairs_that_differ_by_them() -> None:
    assert _found("cause:epsilon") == {"features.0.1", "features.1.1"}


def test_differences_only_leaves_out_what_is_the_same() -> None:
    shown = _found("", is_differences_only=True)
    same = {row.left.label for row in _LAYERS.outline.rows if row.status is RowStatus.SAME and row.left}
    assert shown
    assert not shown & same
    assert _found("type:conv", is_differences_only=True) <= shown


def test_half_a_term_says_what_it_needs() -> None:
    with pytest.raises(MbguiError) as caught:
        parse_query("params>")
    assert caught.value.problem.kind is ProblemKind.WRONG_USE
    assert "number" in caught.value.problem.sentence


def test_an_empty_text_means_every_row() -> None:
    assert parse_query(" , ").is_empty
    assert len(_found("")) == sum(not row.is_group for row in _LAYERS.outline.rows)
