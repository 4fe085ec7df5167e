"""Every stored tensor, sorted by value, filtered, summed and copied."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from mbgui.domain.request import Side
from mbgui.gui.item_models.parameter_table_model import ParameterColumn
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.parameter_table import ParameterTable
from mbgui.gui.widgets.parameters_view import ParametersView
from tests.support.records import large_comparison, tiny_comparison, tiny_keras_network, tiny_torch_network

_COMPARISON = tiny_comparison(with_latency=False)
_COUNT = len(_COMPARISON.left.tensors) + len(_COMPARISON.right.tensors)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ParametersView]:
    view = ParametersView(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(view)
    view.resize(1370, 880)
    view.show()
    view.show_comparison(_COMPARISON)
    yield view
    view.close()


def _table(view: ParametersView) -> ParameterTable:
    return view.findChildren(ParameterTable)[0]


def _column(view: ParametersView, column: ParameterColumn) -> list[str]:
    model = _table(view).model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def _field(view: ParametersView) -> QLineEdit:
    return next(field for field in view.findChildren(QLineEdit) if field.accessibleName() == "Filter parameters")


def _choice(view: ParametersView, name: str) -> QComboBox:
    return next(box for box in view.findChildren(QComboBox) if box.accessibleName() == name)


def _labels(view: ParametersView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_every_tensor_of_both_sides_is_shown_left_first(view: ParametersView) -> None:
    sides = _column(view, ParameterColumn.SIDE)
    assert sides == ["PyTorch"] * len(_COMPARISON.left.tensors) + ["Keras"] * len(_COMPARISON.right.tensors)
    assert f"{_COUNT} tensors · 2,758 values" in _labels(view)


def test_a_click_on_a_header_sorts_by_value(view: ParametersView, qtbot: QtBot) -> None:
    header = _table(view).horizontalHeader()
    place = header.rect().center()
    place.setX(header.sectionViewportPosition(ParameterColumn.COUNT) + 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    counts = [int(text.replace(",", "")) for text in _column(view, ParameterColumn.COUNT)]
    assert counts == sorted(counts)
    assert counts[-1] == 1024


def test_words_narrow_the_rows_and_the_totals(view: ParametersView, qtbot: QtBot) -> None:
    QTest.keyClicks(_field(view), "num_batches")
    assert _column(view, ParameterColumn.PURPOSE) == ["batch counter"] * 2
    assert f"2 of {_COUNT} tensors · 2 values" in _labels(view)
    QTest.keyClick(_field(view), Qt.Key.Key_Escape)
    assert len(_column(view, ParameterColumn.NAME)) == _COUNT


def test_side_and_purpose_narrow_together(view: ParametersView) -> None:
    _choice(view, "Side").setCurrentIndex(2)
    _choice(view, "Purpose").setCurrentText("Moving mean and variance")
    assert set(_column(view, ParameterColumn.SIDE)) == {"Keras"}
    assert set(_column(view, ParameterColumn.PURPOSE)) == {"moving statistic"}
    assert len(_column(view, ParameterColumn.NAME)) == 4


def test_the_sides_are_named_by_framework(view: ParametersView) -> None:
    box = _choice(view, "Side")
    assert [box.itemText(place) for place in range(3)] == ["Both sides", "PyTorch (left)", "Keras (right)"]


def test_ctrl_c_copies_the_selected_rows_in_the_order_shown(view: ParametersView, qtbot: QtBot) -> None:
    table = _table(view)
    table.sortByColumn(ParameterColumn.COUNT, Qt.SortOrder.DescendingOrder)
    table.setSelectionMode(table.SelectionMode.MultiSelection)
    table.selectRow(2)
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, *rows = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[:4] == ["Side", "Name", "Layer", "Shape"]
    assert [row.split("\t")[ParameterColumn.COUNT] for row in rows] == ["1,024", "216"]


def test_nothing_selected_leaves_the_clipboard_alone(view: ParametersView) -> None:
    QGuiApplication.clipboard().setText("mine")
    view.copy_selection()
    assert QGuiApplication.clipboard().text() == "mine"


def test_the_current_row_outlives_a_filter_that_keeps_it(view: ParametersView, qtbot: QtBot) -> None:
    table = _table(view)
    table.selectRow(_column(view, ParameterColumn.NAME).index("predictions/kernel"))
    QTest.keyClicks(_field(view), "kernel")
    assert table.currentIndex().siblingAtColumn(ParameterColumn.NAME).data() == "predictions/kernel"


def test_numbers_are_right_aligned(view: ParametersView) -> None:
    index = _table(view).model().index(0, ParameterColumn.BYTES)
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_sides_that_are_read_one_after_the_other_are_both_shown(view: ParametersView) -> None:
    view.show_network(Side.RIGHT, tiny_keras_network())
    assert set(_column(view, ParameterColumn.SIDE)) == {"Keras"}
    view.show_network(Side.LEFT, tiny_torch_network())
    assert set(_column(view, ParameterColumn.SIDE)) == {"PyTorch", "Keras"}


def test_clear_says_what_to_do_next(view: ParametersView) -> None:
    view.clear()
    assert "press Compare" in _labels(view)
    assert _table(view).model().rowCount() == 0


def test_a_new_comparison_takes_the_filters_back(view: ParametersView, qtbot: QtBot) -> None:
    QTest.keyClicks(_field(view), "kernel")
    view.show_comparison(tiny_comparison())
    assert _field(view).text() == ""
    assert len(_column(view, ParameterColumn.NAME)) == _COUNT


def test_the_same_tensors_with_latency_measured_keep_what_the_user_did(view: ParametersView) -> None:
    QTest.keyClicks(_field(view), "kernel")
    view.show_comparison(replace(_COMPARISON, latency=tiny_comparison().latency))
    assert _field(view).text() == "kernel"
    assert len(_column(view, ParameterColumn.NAME)) < _COUNT


def test_the_table_has_an_accessible_name(view: ParametersView) -> None:
    assert _table(view).accessibleName() == "Stored tensors of both models"


def test_words_find_tensors_before_all_texts_are_ready(view: ParametersView) -> None:
    del view._texts[1:]  # as in the middle of making them
    name = _COMPARISON.right.tensors[-1].name
    _field(view).setText(name)
    assert name in _column(view, ParameterColumn.NAME)


def test_a_large_table_is_filled_in_slices(view: ParametersView, qtbot: QtBot) -> None:
    comparison = large_comparison(20_000)
    view.show_comparison(comparison)
    assert view._task.is_running
    total = len(comparison.left.tensors) + len(comparison.right.tensors)
    qtbot.waitUntil(lambda: view._model.rowCount() == total)
    qtbot.waitUntil(lambda: f"{total:,} tensors" in _labels(view))
