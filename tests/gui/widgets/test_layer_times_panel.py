"""Where the time goes: pairs with both sides' times, how they were timed, and the way to the layers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mbgui.analysis.layer_time_rows import layer_time_rows
from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import Framework
from mbgui.domain.performance import LayerTimings
from mbgui.gui.item_models.layer_times_table_model import LayerTimesColumn, LayerTimesTableModel
from mbgui.gui.item_models.roles import SORT_ROLE
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.layer_times_panel import LayerTimesPanel
from tests.support.performance_records import layer_timing, timings_of
from tests.support.records import large_comparison, tiny_comparison

COMPARISON = tiny_comparison(with_latency=False)
TIMED = replace(COMPARISON, layer_times=timings_of(COMPARISON))
Column = LayerTimesColumn


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[LayerTimesPanel]:
    made = LayerTimesPanel(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(made)
    made.resize(1300, 500)
    made.show()
    yield made
    made.close()


def timed(left: dict[str, float] | None, right: dict[str, float] | None, **reasons: str) -> Comparison:
    timings = LayerTimings(
        left=layer_timing(left) if left is not None else None,
        right=layer_timing(right) if right is not None else None,
        **reasons,
    )
    return replace(COMPARISON, layer_times=timings)


def cell(panel: LayerTimesPanel, row: int, column: Column) -> QModelIndex:
    return panel.table.model().index(row, column)


def texts(panel: LayerTimesPanel, row: int) -> list[str]:
    return [cell(panel, row, column).data() for column in Column]


def column_texts(panel: LayerTimesPanel, column: Column) -> list[str]:
    return [cell(panel, row, column).data() for row in range(panel.table.model().rowCount())]


def visible_texts(panel: LayerTimesPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_the_model_is_sound_empty_and_filled(qtmodeltester: ModelTester) -> None:
    model = LayerTimesTableModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    rows = layer_time_rows(timings_of(COMPARISON), COMPARISON.alignment)
    model.show_records(rows, Framework.PYTORCH, Framework.KERAS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_without_times_it_says_how_to_get_them(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(COMPARISON)
    assert not panel.is_filled
    assert "“Time by layer”" in panel.sentence


def test_the_largest_difference_stands_first(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(
        timed({"features.0.0": 0.001, "classifier.1": 0.003}, {"stem_conv": 0.0012, "predictions": 0.001})
    )
    assert texts(panel, 0) == ["classifier.1", "predictions", "3.000", "1.000", "-2.000", "75.0", "45.5"]
    assert texts(panel, 1) == ["features.0.0", "stem_conv", "1.000", "1.200", "+0.200", "25.0", "54.5"]


def test_partners_that_do_their_work_together_are_one_row(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    assert "block_1_pad + block_1_depthwise" in column_texts(panel, Column.RIGHT)


def test_a_layer_that_was_not_timed_by_itself_shows_a_dash_and_why(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(timed({"features.1": 0.002}, {"block_1_add": 0.001}))
    row = column_texts(panel, Column.LEFT).index("features.1.add")
    assert texts(panel, row)[2:5] == ["–", "1.000", "–"]
    assert "what contains it" in cell(panel, row, Column.LEFT_TIME).data(Qt.ItemDataRole.ToolTipRole)
    assert cell(panel, row, Column.DIFFERENCE).data(SORT_ROLE) is None


def test_a_side_without_a_layer_is_empty(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(timed({}, {"input_layer": 0.001}))
    assert texts(panel, 0) == ["", "input_layer", "", "1.000", "+1.000", "", "100.0"]


def test_it_sorts_by_any_column_and_by_the_size_of_differences(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    sizes = [cell(panel, row, Column.DIFFERENCE).data(SORT_ROLE) for row in range(panel.table.model().rowCount())]
    known = [size for size in sizes if size is not None]
    assert known == sorted(known, reverse=True)
    assert len(known) > 3
    assert all(size is None for size in sizes[len(known) :])
    panel.table.sortByColumn(Column.LEFT_TIME, Qt.SortOrder.DescendingOrder)
    assert cell(panel, 0, Column.LEFT).data() == "features.1.0"


def test_both_methods_and_their_overhead_are_told(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    words = visible_texts(panel)
    assert "eager passes with module hooks" in words
    assert "(+5.0 %)" in words
    assert "(+31.0 %); read the shares rather than the milliseconds" in words


def test_a_side_that_could_not_be_timed_says_why(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(timed(None, {"stem_conv": 0.001}, left_reason="It has no modules."))
    assert "not timed by layer: It has no modules." in visible_texts(panel)
    assert texts(panel, 0)[:5] == ["features.0.0", "stem_conv", "–", "1.000", "–"]


def test_two_sides_that_could_not_be_timed_leave_no_table(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(timed(None, None, left_reason="A.", right_reason="B."))
    assert "Neither side" in panel.sentence
    assert not panel.table.isVisible()
    panel.show_layer_times(TIMED)
    assert panel.table.isVisible()


def test_a_double_click_or_enter_leads_to_the_layers_as_sorted(panel: LayerTimesPanel, qtbot: QtBot) -> None:
    panel.show_layer_times(TIMED)
    panel.table.sortByColumn(Column.LEFT, Qt.SortOrder.AscendingOrder)
    row = column_texts(panel, Column.LEFT).index("features.0.0")
    with qtbot.waitSignal(panel.layers_requested) as asked:
        panel.table.setCurrentIndex(cell(panel, row, Column.LEFT))
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert asked.args == [("features.0.0", "stem_conv")]
    with qtbot.waitSignal(panel.layers_requested):
        place = panel.table.visualRect(cell(panel, 0, Column.LEFT)).center()
        QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_rows_are_copied(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    panel.table.selectRow(0)
    panel.copy_selection()
    titles, line = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[:3] == ["PyTorch", "Keras", "left, ms"]
    assert line.split("\t")[:2] == ["features.0.0", "stem_conv"]


def test_the_same_times_keep_what_is_selected(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    panel.table.selectRow(2)
    panel.show_layer_times(replace(TIMED, identifier="another"))
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [2]


def test_a_narrow_table_gives_up_shares(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    panel.resize(700, 500)
    assert panel.table.isColumnHidden(Column.LEFT_SHARE)
    assert not panel.table.isColumnHidden(Column.DIFFERENCE)


def test_many_layers_are_all_filled_in(panel: LayerTimesPanel, qtbot: QtBot) -> None:
    large = large_comparison(8_000)
    panel.show_layer_times(replace(large, layer_times=timings_of(large)))
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 8_000 + 2 * 800)


def test_clear_brings_the_hint_back(panel: LayerTimesPanel) -> None:
    panel.show_layer_times(TIMED)
    panel.clear()
    assert not panel.is_filled
    assert panel.table.model().rowCount() == 0
    panel.show_layer_times(TIMED)
    assert panel.is_filled
