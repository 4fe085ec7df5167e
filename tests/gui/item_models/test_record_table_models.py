"""Every flat model passes Qt's own test, empty and filled, and gives texts, records and raw values."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from mbgui.analysis.attributes import compare_attributes
from mbgui.analysis.ledger_rows import ledger_rows
from mbgui.domain.difference import Effect
from mbgui.domain.framework import Framework
from mbgui.domain.request import Side
from mbgui.gui.item_models.attribute_table_model import AttributeColumn, AttributeTableModel
from mbgui.gui.item_models.difference_table_model import DifferenceColumn, DifferenceTableModel
from mbgui.gui.item_models.file_fact_table_model import FactColumn, FileFactTableModel
from mbgui.gui.item_models.file_tensor_table_model import FileTensorColumn, FileTensorTableModel
from mbgui.gui.item_models.layer_type_table_model import LayerTypeColumn, LayerTypeTableModel, SidedLayerType
from mbgui.gui.item_models.ledger_table_model import LedgerColumn, LedgerTableModel
from mbgui.gui.item_models.parameter_table_model import ParameterColumn, ParameterTableModel, SidedTensor
from mbgui.gui.item_models.record_table_model import RecordTableModel
from mbgui.gui.item_models.roles import BADGES_ROLE, RECORD_ROLE, SHARE_ROLE, SIDE_ROLE, SORT_ROLE, TONE_ROLE, Tone
from tests.support.records import tiny_comparison, tiny_model_file

_COMPARISON = tiny_comparison(with_latency=False)
_LEFT = {layer.path: layer for layer in _COMPARISON.left.layers}
_RIGHT = {layer.path: layer for layer in _COMPARISON.right.layers}


def _attributes() -> AttributeTableModel:
    model = AttributeTableModel()
    model.show_records(compare_attributes(_LEFT["features.0.0"], _RIGHT["stem_conv"]))
    return model


def _differences() -> DifferenceTableModel:
    model = DifferenceTableModel()
    model.show_records(_COMPARISON.differences, Framework.PYTORCH, Framework.KERAS)
    return model


def _layer_types() -> LayerTypeTableModel:
    model = LayerTypeTableModel()
    model.show_records(
        [SidedLayerType(side=Side.LEFT, share=share) for share in _COMPARISON.accounting.left.layer_types]
    )
    return model


def _ledger() -> LedgerTableModel:
    model = LedgerTableModel()
    model.show_records(ledger_rows(_COMPARISON.accounting), Framework.KERAS, Framework.KERAS)
    return model


def _parameters() -> ParameterTableModel:
    model = ParameterTableModel()
    records = [SidedTensor(side=Side.LEFT, tensor=tensor) for tensor in _COMPARISON.left.tensors]
    model.show_records(records, Framework.PYTORCH, Framework.KERAS)
    return model


def _file_tensors() -> FileTensorTableModel:
    model = FileTensorTableModel()
    model.show_records(tiny_model_file().tensors)
    return model


def _file_facts() -> FileFactTableModel:
    model = FileFactTableModel()
    model.show_records(tiny_model_file().facts)
    return model


_MAKERS = (_attributes, _differences, _layer_types, _ledger, _parameters, _file_tensors, _file_facts)


@pytest.mark.parametrize("make", _MAKERS)
def test_a_filled_model_keeps_qt_s_rules(qapp: object, make: Callable[[], RecordTableModel[Any]]) -> None:
    model = make()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    assert model.rowCount() > 0


@pytest.mark.parametrize("make", _MAKERS)
def test_an_emptied_model_keeps_qt_s_rules(qapp: object, make: Callable[[], RecordTableModel[Any]]) -> None:
    model = make()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.show_records(())
    assert model.rowCount() == 0
    assert model.columnCount() > 0


@pytest.mark.parametrize("make", _MAKERS)
def test_every_cell_answers_every_role(qapp: object, make: Callable[[], RecordTableModel[Any]]) -> None:
    model = make()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            assert isinstance(index.data(), str)
            assert index.data(RECORD_ROLE) is model.records[row]
            for role in (SORT_ROLE, SIDE_ROLE, TONE_ROLE, BADGES_ROLE, SHARE_ROLE, Qt.ItemDataRole.ToolTipRole):
                index.data(role)


def test_headers_name_the_frameworks_and_their_sides(qapp: object) -> None:
    model = _differences()
    left = model.headerData(DifferenceColumn.LEFT, Qt.Orientation.Horizontal)
    assert left == "PyTorch"
    assert model.headerData(DifferenceColumn.RIGHT, Qt.Orientation.Horizontal, SIDE_ROLE) == Side.RIGHT


def test_two_models_of_one_framework_are_told_apart_by_side(qapp: object) -> None:
    model = _ledger()
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in (LedgerColumn.LEFT, LedgerColumn.RIGHT)]
    assert titles == ["Keras (left)", "Keras (right)"]


def test_effects_sort_by_gravity_not_by_word(qapp: object) -> None:
    model = _differences()
    values = {
        record.effect: model.index(row, DifferenceColumn.EFFECT).data(SORT_ROLE)
        for row, record in enumerate(model.records)
    }
    assert sorted(values, key=values.__getitem__) == [effect for effect in Effect if effect in values]


def test_what_differs_is_marked_by_a_word(qapp: object) -> None:
    model = _attributes()
    marks = {record.name: model.index(row, AttributeColumn.MARK).data() for row, record in enumerate(model.records)}
    assert marks["padding"] == "differs"
    assert marks["kernel size"] == "equal"
    row = next(row for row, record in enumerate(model.records) if record.name == "padding")
    assert model.index(row, AttributeColumn.LEFT).data(TONE_ROLE) == Tone.WARNING
    assert model.index(row, AttributeColumn.LEFT).data(Qt.ItemDataRole.ToolTipRole).startswith("padding=")


def test_shares_are_drawn_on_the_side_they_belong_to(qapp: object) -> None:
    model = _layer_types()
    bar = model.index(0, LayerTypeColumn.BAR)
    assert bar.data(SHARE_ROLE) == model.records[0].share.share
    assert bar.data(SIDE_ROLE) == Side.LEFT
    assert "of the framework's total" in bar.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_ledger_says_what_is_counted(qapp: object) -> None:
    model = _ledger()
    marks = {
        record.title: (
            model.index(row, LedgerColumn.LEFT_COUNTED).data(),
            model.index(row, LedgerColumn.RIGHT_COUNTED).data(),
        )
        for row, record in enumerate(model.records)
    }
    assert marks["Moving mean and variance"] == ("not counted", "counted")
    assert marks["Framework total"] == ("", "")


def test_statistics_sort_by_raw_numbers(qapp: object) -> None:
    model = _parameters()
    tensor = model.records[0].tensor
    assert model.index(0, ParameterColumn.MEAN).data(SORT_ROLE) == tensor.statistics.mean
    assert model.index(0, ParameterColumn.BYTES).data(SORT_ROLE) == 864
    assert model.index(0, ParameterColumn.COUNT).data() == "216"


def test_tensors_of_a_file_show_dashes_for_what_was_not_read(qapp: object) -> None:
    model = _file_tensors()
    shown = [[model.index(row, column).data() for column in FileTensorColumn] for row in range(2)]
    assert shown[0] == ["conv.weight", "4×3×3×3", "float32", "108", "432", "0.5", "0.25", "0", "1"]
    assert shown[1] == ["steps", "scalar", "int64", "1", "8", "–", "–", "–", "–"]


def test_tensors_of_a_file_sort_by_raw_numbers(qapp: object) -> None:
    model = _file_tensors()
    assert model.sort_values(FileTensorColumn.COUNT) == [108, 1]
    assert model.sort_values(FileTensorColumn.MEAN) == [0.5, None]
    assert model.index(0, FileTensorColumn.SHAPE).data(SORT_ROLE) == 108


def test_tensors_of_a_file_say_what_their_statistics_leave_out(qapp: object) -> None:
    model = _file_tensors()
    tips = [model.index(row, FileTensorColumn.STD).data(Qt.ItemDataRole.ToolTipRole) for row in range(2)]
    assert tips == ["1 values are not finite and left out", "The values were not read"]


def test_facts_of_a_file_can_be_read_in_full(qapp: object) -> None:
    model = _file_facts()
    assert [model.index(0, column).data() for column in FactColumn] == ["Format version", "1"]
    assert model.index(0, FactColumn.VALUE).data(Qt.ItemDataRole.ToolTipRole) == "1"
