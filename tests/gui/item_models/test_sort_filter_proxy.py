"""Sorting goes by raw values, filtering keeps rows, and both keep Qt's rules."""

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from mbgui.domain.request import Side
from mbgui.gui.item_models.parameter_table_model import ParameterColumn, ParameterTableModel, SidedTensor
from mbgui.gui.item_models.sort_filter_proxy import SortFilterProxy, sorted_rows
from tests.support.records import tiny_torch_network

_RECORDS = tuple(SidedTensor(side=Side.LEFT, tensor=tensor) for tensor in tiny_torch_network().tensors)
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def proxy(qapp: object) -> SortFilterProxy:
    model = ParameterTableModel()
    proxy = SortFilterProxy(model)
    model.setParent(proxy)
    QAbstractItemModelTester(proxy, QAbstractItemModelTester.FailureReportingMode.Warning, proxy)
    model.show_records(_RECORDS)
    return proxy


def _column(proxy: SortFilterProxy, column: ParameterColumn) -> list[str]:
    return [proxy.index(row, column).data() for row in range(proxy.rowCount())]


def test_numbers_sort_by_value_not_by_text(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.COUNT, _DESCENDING)
    assert _column(proxy, ParameterColumn.COUNT)[:3] == ["1,024", "216", "72"]


def test_shapes_sort_by_their_number_of_values(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.SHAPE, _DESCENDING)
    assert _column(proxy, ParameterColumn.SHAPE)[:3] == ["2×512", "8×3×3×3", "8×1×3×3"]


def test_what_is_unknown_sorts_last_either_way() -> None:
    values = [2.0, None, 1.0]
    assert sorted_rows(values, is_descending=False) == [2, 0, 1]
    assert sorted_rows(values, is_descending=True) == [0, 2, 1]


def test_equal_values_keep_their_order_either_way() -> None:
    assert sorted_rows([1, 1, 0], is_descending=True) == [0, 1, 2]


def test_filtering_keeps_the_order_of_sorting(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.COUNT, _DESCENDING)
    biases = [row for row, record in enumerate(_RECORDS) if record.tensor.role in ("weight", "bias")]
    proxy.keep_rows(biases)
    counts = [int(text.replace(",", "")) for text in _column(proxy, ParameterColumn.COUNT)]
    assert counts == sorted(counts, reverse=True)
    assert proxy.rowCount() == len(biases)
    proxy.keep_rows(None)
    assert proxy.rowCount() == len(_RECORDS)


def test_no_column_restores_the_order_of_the_source(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.COUNT, _ASCENDING)
    proxy.sort(-1, _ASCENDING)
    assert _column(proxy, ParameterColumn.NAME) == [record.tensor.name for record in _RECORDS]


def test_the_selection_stays_on_its_row_through_sorting(proxy: SortFilterProxy) -> None:
    chosen = QPersistentModelIndex(proxy.index(3, ParameterColumn.NAME))
    name = chosen.data()
    proxy.sort(ParameterColumn.COUNT, _DESCENDING)
    assert chosen.isValid()
    assert chosen.data() == name


def test_rows_map_there_and_back(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.NAME, _ASCENDING)
    proxy.keep_rows([0, 2, 5])
    for row in range(proxy.rowCount()):
        index = proxy.index(row, ParameterColumn.NAME)
        assert proxy.mapFromSource(proxy.mapToSource(index)) == index
    hidden = proxy.sourceModel().index(1, 0)
    assert not proxy.mapFromSource(hidden).isValid()


def test_headers_stay_where_no_row_is_left(proxy: SortFilterProxy) -> None:
    proxy.keep_rows([])
    assert proxy.headerData(ParameterColumn.NAME, Qt.Orientation.Horizontal) == "Name"


def test_new_records_drop_the_filter_and_keep_the_sorting(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.COUNT, _DESCENDING)
    proxy.keep_rows([0])
    source = proxy.sourceModel()
    assert isinstance(source, ParameterTableModel)
    source.show_records(_RECORDS)
    assert proxy.rowCount() == len(_RECORDS)
    assert _column(proxy, ParameterColumn.COUNT)[0] == "1,024"


def test_every_row_of_the_source_finds_its_place_however_many_are_asked_for(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.COUNT, _DESCENDING)
    proxy.keep_rows(range(0, len(_RECORDS), 2))
    source = proxy.sourceModel()
    places = {row: proxy.mapFromSource(source.index(row, 0)).row() for row in range(len(_RECORDS))}
    assert places == {row: list(proxy.shown_rows).index(row) if row % 2 == 0 else -1 for row in places}
    assert len(_RECORDS) > 8, "enough to take both ways"


def test_rows_are_sorted_anew_when_their_records_are_others(proxy: SortFilterProxy) -> None:
    proxy.sort(ParameterColumn.COUNT, _ASCENDING)
    model = proxy.sourceModel()
    assert isinstance(model, ParameterTableModel)
    model.show_records(tuple(reversed(_RECORDS)))
    counts = [int(text.replace(",", "")) for text in _column(proxy, ParameterColumn.COUNT)]
    assert counts == sorted(counts)


def test_being_asked_twice_for_one_order_sorts_once(proxy: SortFilterProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy.sort(ParameterColumn.COUNT, _ASCENDING)

    def refuse(self: ParameterTableModel, column: int) -> list[object]:
        raise AssertionError("sorted a second time")

    monkeypatch.setattr(ParameterTableModel, "sort_values", refuse)
    proxy.sort(ParameterColumn.COUNT, _ASCENDING)
