"""The common tree holds every layer once, under the modules of its own side."""

from dataclasses import replace

import pytest

from mbgui.analysis.name_groups import name_groups
from mbgui.analysis.outline import outline_network
from mbgui.domain.network import LayerKind
from mbgui.domain.outline import Outline, RowStatus
from mbgui.domain.request import Side
from tests.support.records import (
    comparison_of,
    large_network,
    layer,
    tiny_comparison,
    tiny_keras_network,
    tiny_torch_network,
)


def _labels(outline: Outline) -> list[tuple[str | None, str | None]]:
    return [(row.left.label if row.left else None, row.right.label if row.right else None) for row in outline.rows]


def test_partners_share_a_row_below_the_modules_of_the_left_side() -> None:
    outline = tiny_comparison().outline
    labels = _labels(outline)
    row = labels.index(("features.1.0", "block_1_depthwise"))
    assert labels[outline.rows[row].parent] == ("features.1", "block_1")
    assert labels[outline.rows[outline.rows[row].parent].parent] == ("features", None)


def test_a_layer_alone_on_the_right_stands_inside_its_group_in_order() -> None:
    outline = tiny_comparison().outline
    labels = _labels(outline)
    row = labels.index((None, "block_1_pad"))
    assert labels[outline.rows[row].parent] == ("features.1", "block_1")
    assert labels[row + 1] == ("features.1.0", "block_1_depthwise")


def test_parents_come_before_their_children_and_every_leaf_stands_once() -> None:
    comparison = comparison_of(large_network(200), tiny_keras_network())
    rows = comparison.outline.rows
    assert all(row.parent < index for index, row in enumerate(rows))
    pairs = [
        (row.left.layer if row.left else None, row.right.layer if row.right else None)
        for row in rows
        if not row.is_group
    ]
    assert pairs == [(pair.left, pair.right) for pair in comparison.alignment.pairs]


def test_a_group_carries_the_gravest_status_and_the_totals_below_it() -> None:
    rows = {row.left.label: row for row in tiny_comparison().outline.rows if row.left and row.is_group}
    assert rows["features.1"].status is RowStatus.DIFFERENT
    left, right = rows["features.1"].left, rows["features.1"].right
    assert left is not None
    assert right is not None
    assert (left.parameter_count, right.parameter_count) == (88, 104)
    assert (left.mac_count, right.mac_count) == (4_608, 4_608)


def test_equal_networks_have_nothing_but_equal_rows() -> None:
    network = tiny_torch_network()
    assert {row.status for row in comparison_of(network, network).outline.rows} == {RowStatus.SAME}


def test_a_module_whose_layers_are_apart_gets_a_row_each_time() -> None:
    network = tiny_torch_network()
    late = layer("features.0.3", "ReLU", LayerKind.ACTIVATION, (2,), parent="features.0", inputs=("classifier.1",))
    labels = _labels(outline_network(replace(network, layers=(*network.layers, late)), Side.LEFT))
    assert labels.count(("features.0", None)) == 2


@pytest.mark.parametrize("side", Side)
def test_one_side_alone_fills_its_own_column(side: Side) -> None:
    rows = outline_network(tiny_keras_network(), side).rows
    is_left = side is Side.LEFT
    assert all((row.left is None) != is_left and (row.right is None) == is_left for row in rows)
    assert {row.status for row in rows} == {RowStatus.SAME}


def test_layers_of_one_side_nest_as_their_framework_nests_them() -> None:
    network = tiny_torch_network()
    rows = outline_network(network, Side.LEFT).rows
    assert len(rows) == len(network.layers)
    for row, found in zip(rows, network.layers, strict=True):
        above = rows[row.parent].left if row.parent >= 0 else None
        assert (above.layer if above is not None else "") == found.parent


def test_groups_of_one_side_count_their_members() -> None:
    network = tiny_torch_network()
    cells = {row.left.layer: row.left for row in outline_network(network, Side.LEFT).rows if row.left}
    top = [found.path for found in network.layers if not found.parent]
    assert sum(cells[path].parameter_count for path in top) == network.framework_parameter_count
    assert cells["features"].mac_count == 55_296 + 4_608


def test_names_are_grouped_by_their_leading_words() -> None:
    names = ["conv", "block_1_expand", "block_1_expand_BN", "block_1_pad", "block_2_expand", "block_2_pad", "out"]
    assert name_groups(names) == [
        (),
        ("block_1", "block_1_expand"),
        ("block_1", "block_1_expand"),
        ("block_1",),
        ("block_2",),
        ("block_2",),
        (),
    ]


def test_a_group_of_everything_says_nothing() -> None:
    assert name_groups(["net_a", "net_b"]) == [(), ()]


def test_a_lone_layer_weighs_in_its_group_as_much_as_its_absence() -> None:
    left = tiny_torch_network()

    def status_without(path: str, group: str) -> RowStatus:
        right = replace(left, layers=tuple(found for found in left.layers if found.path != path))
        rows = comparison_of(left, right).outline.rows
        return next(row.status for row in rows if row.is_group and row.left and row.left.label == group)

    assert status_without("features.1.add", "features") is RowStatus.DIFFERENT
    assert status_without("classifier.0", "classifier") is RowStatus.MINOR
