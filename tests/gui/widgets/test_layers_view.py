"""Both trees on one list of rows: search, filter, expand, details, copy."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from mbgui.domain.performance import LayerTimings
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_columns import LayerColumn
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.layer_tree import LayerTree, chevron_area
from mbgui.gui.widgets.layers_view import LayersView
from tests.support.performance_records import layer_timing, timings_of
from tests.support.records import large_comparison, tiny_comparison, tiny_keras_network, tiny_torch_network

_COMPARISON = tiny_comparison(with_latency=False)
_LEAVES = sum(not row.is_group for row in _COMPARISON.outline.rows)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[LayersView]:
    view = LayersView(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(view)
    view.resize(1370, 880)
    view.show()
    view.show_comparison(_COMPARISON)
    yield view
    view.close()


def _tree(view: LayersView) -> LayerTree:
    return view.findChildren(LayerTree)[0]


def _field(view: LayersView) -> QLineEdit:
    return view.findChildren(QLineEdit)[0]


def _button(view: LayersView, text: str) -> QPushButton:
    return next(button for button in view.findChildren(QPushButton) if button.text() == text)


def _labels(view: LayersView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def _visible(view: LayersView) -> list[QModelIndex]:
    """Every row that is shown, closed groups' members left out."""
    tree = _tree(view)
    rows, index = [], tree.model().index(0, 0)
    while index.isValid():
        rows.append(index)
        index = tree.indexBelow(index)
    return rows


def _names(view: LayersView) -> list[str]:
    columns = (LayerColumn.LEFT_NAME, LayerColumn.RIGHT_NAME)
    return [" | ".join(row.siblingAtColumn(column).data() for column in columns) for row in _visible(view)]


def _select(view: LayersView, name: str) -> None:
    row = next(row for row in _visible(view) if row.siblingAtColumn(LayerColumn.LEFT_NAME).data() == name)
    _tree(view).setCurrentIndex(row)


def _attributes(view: LayersView) -> dict[str, tuple[str, str, str]]:
    table = next(t for t in view.findChildren(ContentTable) if t.accessibleName() == "Attributes of both layers")
    model = table.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    return {name: (left, right, mark) for name, left, right, mark in rows}


def test_a_small_comparison_is_shown_open(view: LayersView) -> None:
    assert len(_visible(view)) == len(_COMPARISON.outline.rows)
    assert "features.0.0 | stem_conv" in _names(view)


def test_the_summary_counts_pairs_and_lone_layers(view: LayersView) -> None:
    assert "8 pairs · 1 only right · 1 only left" in _labels(view)


def test_collapse_and_expand_act_on_both_trees(view: LayersView, qtbot: QtBot) -> None:
    QTest.mouseClick(_button(view, "Collapse"), Qt.MouseButton.LeftButton)
    assert len(_visible(view)) == _tree(view).model().rowCount()
    QTest.mouseClick(_button(view, "Expand all"), Qt.MouseButton.LeftButton)
    assert len(_visible(view)) == len(_COMPARISON.outline.rows)


@pytest.mark.parametrize("column", [LayerColumn.LEFT_NAME, LayerColumn.RIGHT_NAME])
def test_the_chevron_of_either_side_closes_the_row(view: LayersView, qtbot: QtBot, column: LayerColumn) -> None:
    tree = _tree(view)
    row = next(row for row in _visible(view) if row.siblingAtColumn(LayerColumn.RIGHT_NAME).data() == "block_1")
    cell = row.siblingAtColumn(column)
    place = chevron_area(tree.visualRect(cell), cell).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not tree.isExpanded(row)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert tree.isExpanded(row)


def test_search_shows_what_matches_below_its_groups(view: LayersView, qtbot: QtBot) -> None:
    QTest.keyClicks(_field(view), "type:dense")
    assert _names(view) == ["classifier | ", "classifier.1 | predictions"]
    assert f"1 of {len(_COMPARISON.outline.rows)} rows found" in _labels(view)
    _field(view).clear()
    assert len(_visible(view)) == len(_COMPARISON.outline.rows)


def test_a_search_gives_back_what_was_closed_before_and_keeps_the_selected_row_in_sight(view: LayersView) -> None:
    QTest.mouseClick(_button(view, "Collapse"), Qt.MouseButton.LeftButton)
    closed = set(_names(view))
    QTest.keyClicks(_field(view), "bn")
    assert "features.1.1 | block_1_depthwise_bn" in _names(view)
    _select(view, "features.1.1")
    QTest.keyClick(_field(view), Qt.Key.Key_Escape)
    names = set(_names(view))
    assert closed | {"features.1.1 | block_1_depthwise_bn"} <= names
    assert not names & {"classifier.1 | predictions", "features.0.1 | stem_bn"}


def test_half_a_term_keeps_the_rows_and_says_what_is_missing(view: LayersView, qtbot: QtBot) -> None:
    before = _names(view)
    _field(view).setText("params>")
    assert _names(view) == before
    assert "needs a number" in _labels(view)
    _field(view).setText("params>1000")
    assert "needs a number" not in _labels(view)


def test_differences_only_hides_what_is_the_same(view: LayersView, qtbot: QtBot) -> None:
    QTest.mouseClick(_button(view, "Differences only"), Qt.MouseButton.LeftButton)
    signs = {row.data() for row in _visible(view) if not view._model.hasChildren(row)}
    assert signs == {"≠", "+", "−"}
    assert "features.0.2 | stem_relu" not in _names(view)
    QTest.mouseClick(_button(view, "Differences only"), Qt.MouseButton.LeftButton)
    assert len(_visible(view)) == len(_COMPARISON.outline.rows)


def test_the_selected_row_shows_both_layers_attributes(view: LayersView) -> None:
    _select(view, "features.0.0")
    attributes = _attributes(view)
    assert attributes["padding"] == ("1, 1, 1, 1", "0, 1, 0, 1", "differs")
    assert attributes["kernel size"][2] == "equal"
    assert attributes["type"] == ("Conv2d", "Conv2D", "")
    assert "paired with confidence" in _labels(view)
    assert "Differences at this pair" in _labels(view)


def test_what_differs_comes_before_what_does_not(view: LayersView) -> None:
    _select(view, "features.0.0")
    facts = ["type", "output shape", "parameters counted", "MACs"]
    assert list(_attributes(view))[:6] == [*facts, "padding", "kernel size"]


def test_a_lone_layer_says_that_it_has_no_partner(view: LayersView) -> None:
    _select(view, "classifier.0")
    assert "no partner on the other side" in _labels(view)


def test_the_selection_outlives_a_search_that_keeps_its_row(view: LayersView, qtbot: QtBot) -> None:
    _select(view, "classifier.1")
    QTest.keyClicks(_field(view), "classifier")
    assert _tree(view).currentIndex().siblingAtColumn(LayerColumn.LEFT_NAME).data() == "classifier.1"
    assert _attributes(view)["MACs"][0] == "1,024"


def test_a_search_that_hides_the_selected_row_shows_the_first_one_found(view: LayersView) -> None:
    _select(view, "classifier.1")
    QTest.keyClicks(_field(view), "type:depthwise")
    assert "features.1.0  ⟷  block_1_depthwise" in _labels(view)
    _field(view).setText("no layer is called so")
    assert _visible(view) == []
    assert "Select a row" in _labels(view)


def test_ctrl_c_copies_whole_rows_with_titles(view: LayersView, qtbot: QtBot) -> None:
    _select(view, "features.0.0")
    QTest.keyClick(_tree(view), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, row = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[1:3] == ["PyTorch layer", "Type"]
    assert row.split("\t")[:3] == ["≠", "features.0.0", "Conv2d 3×3 /2"]
    assert len(row.split("\t")) == len(LayerColumn)


def test_focus_search_takes_the_focus_and_enter_leads_to_the_rows(view: LayersView, qtbot: QtBot) -> None:
    with qtbot.waitActive(view):
        view.activateWindow()
    view.focus_search()
    assert _field(view).hasFocus()
    QTest.keyClick(_field(view), Qt.Key.Key_Return)
    assert _tree(view).hasFocus()


def test_plus_and_minus_open_and_close_a_row(view: LayersView, qtbot: QtBot) -> None:
    tree = _tree(view)
    _select(view, "features")
    QTest.keyClick(tree, Qt.Key.Key_Minus)
    assert not tree.isExpanded(tree.currentIndex().siblingAtColumn(0))
    QTest.keyClick(tree, Qt.Key.Key_Plus)
    assert tree.isExpanded(tree.currentIndex().siblingAtColumn(0))


def test_layers_asked_for_are_selected_wherever_they_hide(view: LayersView, qtbot: QtBot) -> None:
    QTest.keyClicks(_field(view), "classifier")
    view.select_layers(("features.0.1", "block_1_depthwise_bn"))
    rows = _tree(view).selectionModel().selectedRows(LayerColumn.LEFT_NAME)
    assert {row.data() for row in rows} == {"features.0.1", "features.1.1"}
    assert _field(view).text() == ""


def test_one_side_alone_is_shown_without_signs(view: LayersView) -> None:
    view.clear()
    view.show_network(Side.RIGHT, tiny_keras_network())
    view.show_network(Side.LEFT, tiny_torch_network())
    assert all(name.startswith(" | ") for name in _names(view))
    assert {row.data() for row in _visible(view)} == {""}
    assert "waiting for the other side" in _labels(view)


def test_the_same_layers_with_latency_measured_keep_what_the_user_did(view: LayersView) -> None:
    _select(view, "classifier.1")
    QTest.keyClicks(_field(view), "classifier")
    view.show_comparison(replace(_COMPARISON, latency=tiny_comparison().latency))
    assert _field(view).text() == "classifier"
    assert _tree(view).currentIndex().siblingAtColumn(LayerColumn.LEFT_NAME).data() == "classifier.1"


def test_clear_says_what_to_do_next(view: LayersView) -> None:
    view.clear()
    assert "press Compare" in _labels(view)
    assert view._model.rowCount() == 0


def test_controls_have_accessible_names(view: LayersView) -> None:
    assert _field(view).accessibleName() == "Search layers"
    assert _tree(view).accessibleName() == "Layers of both models"


def test_narrow_windows_leave_out_the_macs(view: LayersView, qtbot: QtBot) -> None:
    header = _tree(view).header()
    assert not header.isSectionHidden(LayerColumn.LEFT_MACS)
    view.resize(1000, 600)
    qtbot.waitUntil(lambda: header.isSectionHidden(LayerColumn.LEFT_MACS))


def test_many_rows_are_searched_in_slices_and_the_last_search_wins(view: LayersView, qtbot: QtBot) -> None:
    view.show_comparison(large_comparison(6_000))
    qtbot.waitUntil(lambda: len(view._model.layers.outline.rows) == 6_600)
    last = view._model.layers.outline.rows[-1].left
    assert last is not None
    with qtbot.waitSignal(view.search_finished, timeout=20_000):
        _field(view).setText("type:conv")
        _field(view).setText(last.label)
    assert "of 6,600 rows found" in _labels(view)
    assert _names(view)[-1].startswith(last.label)


def test_layers_are_selected_also_while_a_large_tree_is_being_filled(view: LayersView) -> None:
    comparison = large_comparison(20_000)
    path = comparison.left.layers[-1].path
    view.show_comparison(comparison)
    assert view._filling.is_running, "large enough to take more than one slice"
    view.select_layers((path,))
    assert path in _labels(view)


def test_what_is_cleared_while_it_is_being_filled_stays_empty(view: LayersView, qtbot: QtBot) -> None:
    view.show_comparison(large_comparison(20_000))
    view.clear()
    assert not view._filling.is_running
    assert "No layers to show yet" in _labels(view)


def test_a_layer_of_one_side_alone_is_not_said_to_lack_a_partner(view: LayersView) -> None:
    view.clear()
    view.show_network(Side.LEFT, tiny_torch_network())
    view.select_layers((tiny_torch_network().layers[-1].path,))
    assert "· not compared" in _labels(view)
    assert "no partner" not in _labels(view)


_TIME_COLUMNS = (LayerColumn.LEFT_TIME, LayerColumn.RIGHT_TIME)
_TIMED = replace(_COMPARISON, layer_times=timings_of(_COMPARISON))


def _time(view: LayersView, name: str, column: LayerColumn = LayerColumn.LEFT_TIME) -> str:
    row = next(row for row in _visible(view) if row.siblingAtColumn(column - 5).data() == name)
    return str(row.siblingAtColumn(column).data())


def _are_times_shown(view: LayersView) -> bool:
    hidden = {_tree(view).isColumnHidden(column) for column in _TIME_COLUMNS}
    assert len(hidden) == 1
    return hidden == {False}


def test_columns_of_times_are_hidden_while_there_are_none(view: LayersView) -> None:
    assert not _are_times_shown(view)
    view.show_comparison(_TIMED)
    assert _are_times_shown(view)
    view.show_comparison(_COMPARISON)
    assert not _are_times_shown(view)


def test_a_side_that_could_not_be_timed_does_not_hide_the_other(view: LayersView) -> None:
    neither = LayerTimings(left=None, right=None)
    view.show_comparison(replace(_COMPARISON, layer_times=neither))
    assert not _are_times_shown(view)
    view.show_comparison(replace(_COMPARISON, layer_times=replace(neither, right=timings_of(_COMPARISON).right)))
    assert _are_times_shown(view)
    assert _time(view, "stem_conv", LayerColumn.RIGHT_TIME) == "1.248"
    assert _time(view, "features.0.0") == ""


def test_a_group_takes_what_all_of_its_members_take(view: LayersView) -> None:
    timing = layer_timing({"features.0": 0.001, "features.0.0": 0.002, "features.0.1": 0.004})
    view.show_comparison(replace(_COMPARISON, layer_times=LayerTimings(left=timing, right=None)))
    assert _time(view, "features.0.0") == "2.000"
    assert _time(view, "features.0") == "7.000"


def test_times_of_another_run_replace_those_shown_and_keep_open_rows_and_selection(view: LayersView) -> None:
    view.show_comparison(_TIMED)
    _select(view, "features.0.1")
    group = next(row for row in _visible(view) if row.siblingAtColumn(LayerColumn.LEFT_NAME).data() == "classifier")
    _tree(view).collapse(group)
    count = len(_visible(view))
    twice = LayerTimings(left=layer_timing({"features.0.1": 0.123}), right=None)
    view.show_comparison(replace(_COMPARISON, layer_times=twice))
    assert _time(view, "features.0.1") == "123.000"
    assert len(_visible(view)) == count
    assert _tree(view).currentIndex().siblingAtColumn(LayerColumn.LEFT_NAME).data() == "features.0.1"
    assert _attributes(view)["time, ms"] == ("123.000", "–", "")


def test_the_details_tell_times_where_there_are_any(view: LayersView) -> None:
    _select(view, "features.0.0")
    assert "time, ms" not in _attributes(view)
    view.show_comparison(_TIMED)
    assert _attributes(view)["time, ms"] == ("0.640", "1.248", "")


def test_times_and_names_share_a_narrow_window(view: LayersView) -> None:
    view.show_comparison(_TIMED)
    view.resize(1060, 700)
    tree = _tree(view)
    assert _are_times_shown(view)
    assert tree.isColumnHidden(LayerColumn.LEFT_OUTPUT)
    assert tree.header().length() <= tree.viewport().width()
    view.show_comparison(_COMPARISON)
    assert not tree.isColumnHidden(LayerColumn.LEFT_OUTPUT)


def test_widths_that_the_user_chose_stay_when_times_come(view: LayersView) -> None:
    header = _tree(view).header()
    header.resizeSection(LayerColumn.LEFT_NAME, 333)
    view.show_comparison(_TIMED)
    assert _are_times_shown(view)
    assert header.sectionSize(LayerColumn.LEFT_NAME) == 333
    assert header.sectionSize(LayerColumn.LEFT_TIME) > 40


def test_times_of_a_large_comparison_come_after_its_rows(view: LayersView, qtbot: QtBot) -> None:
    large = large_comparison(5_000)
    view.show_comparison(replace(large, layer_times=timings_of(large)))
    qtbot.waitUntil(lambda: _are_times_shown(view))
    assert _tree(view).model().index(0, LayerColumn.LEFT_TIME).data() != ""


def test_another_comparison_and_clear_forget_times(view: LayersView) -> None:
    view.show_comparison(_TIMED)
    view.show_network(Side.LEFT, tiny_torch_network())
    assert not _are_times_shown(view)
    view.show_comparison(_TIMED)
    assert _are_times_shown(view)
    view.clear()
    assert not _are_times_shown(view)
