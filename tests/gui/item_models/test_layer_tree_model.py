"""The tree model keeps Qt's rules, empty, filled and filtered, and answers by integer ids."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from mbgui.analysis.outline_search import OutlineLayers
from mbgui.analysis.outline_times import OutlineTimes
from mbgui.analysis.outline_tree import arrange, with_ancestors
from mbgui.domain.framework import Framework
from mbgui.domain.outline import OutlineRow
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_columns import LayerColumn
from mbgui.gui.item_models.layer_tree_model import LayerTreeModel
from mbgui.gui.item_models.roles import BADGES_ROLE, DEPTH_ROLE, RECORD_ROLE, SIDE_ROLE, SORT_ROLE, TONE_ROLE
from tests.support.records import tiny_comparison

_COMPARISON = tiny_comparison(with_latency=False)
_LAYERS = OutlineLayers(
    outline=_COMPARISON.outline,
    left={layer.path: layer for layer in _COMPARISON.left.layers},
    right={layer.path: layer for layer in _COMPARISON.right.layers},
)
_ROWS = _COMPARISON.outline.rows


@pytest.fixture
def model(qapp: object) -> LayerTreeModel:
    model = LayerTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.show_layers(_LAYERS, arrange(_LAYERS.outline), Framework.PYTORCH, Framework.KERAS)
    return model


def _row_number(left: str | None = None, right: str | None = None) -> int:
    def has(row: OutlineRow) -> bool:
        cell, wanted = (row.left, left) if left is not None else (row.right, right)
        return cell is not None and cell.layer == wanted

    return next(number for number, row in enumerate(_ROWS) if has(row))


def _count(model: LayerTreeModel, parent: QModelIndex | None = None) -> int:
    above = parent if parent is not None else QModelIndex()
    children = range(model.rowCount(above))
    return sum(1 + _count(model, model.index(row, 0, above)) for row in children)


def test_an_empty_model_keeps_qt_s_rules(qapp: object) -> None:
    model = LayerTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    assert model.rowCount() == 0


def test_every_row_of_the_outline_is_reached_once(model: LayerTreeModel) -> None:
    assert _count(model) == len(_ROWS)


def test_an_index_leads_back_to_its_row_and_its_parent(model: LayerTreeModel) -> None:
    for number, row in enumerate(_ROWS):
        index = model.index_of(number)
        assert model.row_of(index) == number
        assert index.data(RECORD_ROLE) is row
        assert model.row_of(index.parent()) == row.parent


def test_partners_stand_on_one_row(model: LayerTreeModel) -> None:
    number = _row_number(left="features.0.0")
    texts = [model.index_of(number, column).data() for column in LayerColumn]
    assert texts[LayerColumn.STATUS] == "≠"
    assert texts[LayerColumn.LEFT_TYPE] == "Conv2d 3×3 /2"
    assert texts[LayerColumn.RIGHT_NAME] == "stem_conv"
    assert texts[LayerColumn.RIGHT_OUTPUT] == "16×16×8"
    assert texts[LayerColumn.LEFT_MACS] == "55.3 k"
    assert "padding" in texts[LayerColumn.DIFFERENCES]


def test_a_lone_layer_leaves_the_other_side_empty_and_says_so(model: LayerTreeModel) -> None:
    number = _row_number(right="input_layer")
    assert model.index_of(number, LayerColumn.STATUS).data() == "+"
    assert model.index_of(number, LayerColumn.LEFT_NAME).data() == ""
    assert model.index_of(number, LayerColumn.LEFT_PARAMETERS).data(SORT_ROLE) is None
    assert [badge.text for badge in model.index_of(number, LayerColumn.DIFFERENCES).data(BADGES_ROLE)] == ["only right"]


def test_a_layer_that_works_together_with_the_one_next_to_it_says_so(model: LayerTreeModel) -> None:
    number = _row_number(right="block_1_pad")
    assert model.index_of(number, LayerColumn.STATUS).data() == "="
    badges = model.index_of(number, LayerColumn.DIFFERENCES).data(BADGES_ROLE)
    assert [badge.text for badge in badges] == ["part of a pair"]


def test_signs_are_also_words(model: LayerTreeModel) -> None:
    index = model.index_of(_row_number(left="features.0.0"), LayerColumn.STATUS)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "differs where inference is touched"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "differs where inference is touched"


def test_each_side_is_as_deep_as_its_own_hierarchy(model: LayerTreeModel) -> None:
    number = _row_number(left="features.0.0")
    assert model.index_of(number, LayerColumn.LEFT_NAME).data(DEPTH_ROLE) == 2
    assert model.index_of(number, LayerColumn.RIGHT_NAME).data(DEPTH_ROLE) == 1


def test_filtered_rows_are_gone_and_the_rest_keeps_its_place(model: LayerTreeModel) -> None:
    number = _row_number(left="classifier.1")
    kept = with_ancestors(_COMPARISON.outline, [row == number for row in range(len(_ROWS))])
    model.show_tree(arrange(_COMPARISON.outline, kept))
    assert _count(model) == 2
    assert not model.index_of(_row_number(left="features.0.0")).isValid()
    assert model.index_of(number).row() == 0


def test_nothing_is_called_equal_before_it_is_compared(qapp: object) -> None:
    model = LayerTreeModel()
    model.show_layers(_LAYERS, arrange(_LAYERS.outline), Framework.PYTORCH, None, is_compared=False)
    assert {model.index_of(row, LayerColumn.STATUS).data() for row in range(len(_ROWS))} == {""}
    assert not any(model.index_of(row, LayerColumn.DIFFERENCES).data(BADGES_ROLE) for row in range(len(_ROWS)))


def test_headers_name_both_sides(model: LayerTreeModel) -> None:
    assert model.headerData(LayerColumn.LEFT_NAME, Qt.Orientation.Horizontal) == "PyTorch layer"
    assert model.headerData(LayerColumn.RIGHT_NAME, Qt.Orientation.Horizontal, SIDE_ROLE) == Side.RIGHT
    model.show_layers(_LAYERS, arrange(_LAYERS.outline), Framework.KERAS, Framework.KERAS)
    assert model.headerData(LayerColumn.LEFT_NAME, Qt.Orientation.Horizontal) == "Keras (left)"


def test_every_cell_answers_every_role(model: LayerTreeModel) -> None:
    for number in range(len(_ROWS)):
        for column in LayerColumn:
            index = model.index_of(number, column)
            assert isinstance(index.data(), str)
            for role in (SORT_ROLE, TONE_ROLE, BADGES_ROLE, Qt.ItemDataRole.ToolTipRole):
                index.data(role)


def test_times_stand_beside_their_layers_and_groups(model: LayerTreeModel) -> None:
    number = _row_number(left="features.0.0")
    left = [0.001 * row for row in range(len(_ROWS))]
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.append(last.row() - first.row()))
    model.show_times(OutlineTimes(left=left, right=[None] * len(_ROWS)))
    assert model.index_of(number, LayerColumn.LEFT_TIME).data() == f"{number}.000"
    assert model.index_of(number, LayerColumn.LEFT_TIME).data(SORT_ROLE) == left[number]
    assert model.index_of(number, LayerColumn.RIGHT_TIME).data() == ""
    assert changed == [model.rowCount() - 1]


def test_other_rows_have_no_times_of_the_ones_before(model: LayerTreeModel) -> None:
    model.show_times(OutlineTimes(left=[1.0] * len(_ROWS), right=[1.0] * len(_ROWS)))
    model.show_layers(_LAYERS, arrange(_LAYERS.outline), Framework.PYTORCH, Framework.KERAS)
    assert model.index_of(0, LayerColumn.LEFT_TIME).data() == ""
