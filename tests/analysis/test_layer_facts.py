"""The facts of two partners stand side by side."""

from mbgui.analysis.layer_facts import layer_facts
from tests.support.records import tiny_comparison

_COMPARISON = tiny_comparison(with_latency=False)


def test_counts_are_marked_where_they_differ_and_layouts_are_not() -> None:
    row = next(row for row in _COMPARISON.outline.rows if row.left and row.left.layer == "features.0.1")
    left = next(layer for layer in _COMPARISON.left.layers if layer.path == "features.0.1")
    right = next(layer for layer in _COMPARISON.right.layers if layer.path == "stem_bn")
    facts = {fact.name: fact for fact in layer_facts(row, left, right)}
    assert (facts["parameters counted"].left, facts["parameters counted"].right) == ("16", "32")
    assert facts["parameters counted"].is_different
    assert not facts["output shape"].is_different
    assert not facts["type"].is_different


def test_an_empty_side_is_a_dash() -> None:
    row = next(row for row in _COMPARISON.outline.rows if row.left is None)
    facts = layer_facts(row, None, None)
    assert {fact.left for fact in facts} == {"–"}
    assert not any(fact.is_different for fact in facts)
