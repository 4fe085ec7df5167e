"""The overview answers at a glance, and leads to the layers behind a difference."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mbgui.domain.difference import Effect
from mbgui.domain.network import TensorSpec
from mbgui.domain.request import LatencyRequest, Side
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.content_table import ContentTable
from mbgui.gui.widgets.metric_card import MetricCard
from mbgui.gui.widgets.overview_view import OverviewView
from tests.support.equivalence_records import proven, verifying
from tests.support.records import tiny_comparison, tiny_torch_network

_COMPARISON = tiny_comparison()


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[OverviewView]:
    view = OverviewView(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(view)
    view.resize(1370, 880)
    view.show()
    yield view
    view.close()


def _table(view: QWidget, name: str) -> ContentTable:
    return next(table for table in view.findChildren(ContentTable) if table.accessibleName() == name)


def _texts(view: QWidget) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def _column(table: ContentTable, column: int) -> list[str]:
    return [table.model().index(row, column).data() for row in range(table.model().rowCount())]


def test_an_empty_view_says_what_to_do_next(view: OverviewView) -> None:
    assert any("Compare" in text for text in _texts(view))


def test_the_verdict_comes_in_one_sentence_with_details(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    texts = _texts(view)
    assert _COMPARISON.verdict.headline in texts
    assert any(text.startswith("\n".join(_COMPARISON.verdict.details)) for text in texts)


def test_the_inputs_of_both_networks_are_told(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    assert any("Both were read at 32×32." in text for text in _texts(view))
    assert not any("Note:" in text for text in _texts(view))


def test_different_inputs_are_a_note(view: OverviewView) -> None:
    wide = TensorSpec(shape=(1, 32, 64, 3), dtype="float32")
    view.show_comparison(replace(_COMPARISON, right=replace(_COMPARISON.right, inputs=(wide,))))
    assert "Note: Left was read at 32×32, right at 32×64." in _texts(view)


def test_notes_of_the_networks_are_shown(view: OverviewView) -> None:
    left = replace(_COMPARISON.left, notes=("The model runs code of yours.", "It could not be traced."))
    view.show_comparison(replace(_COMPARISON, left=left))
    assert "Note: The model runs code of yours.\nNote: It could not be traced." in _texts(view)


def test_a_file_that_was_read_goes_by_its_short_name(view: OverviewView) -> None:
    source = ModelSource(kind=SourceKind.FILE, name="/a/very/long/path/to/net.keras")
    view.show_network(Side.RIGHT, replace(_COMPARISON.right, source=source))
    assert any(text.startswith("net.keras is read at 32×32: ") for text in _texts(view))


def test_what_could_not_be_done_is_said_once(view: OverviewView) -> None:
    note = "The graph could not be exported."
    left = replace(_COMPARISON.left, notes=(note,))
    view.show_comparison(replace(_COMPARISON, left=left, warnings=(note,)))
    assert f"Note: {note}" in _texts(view)
    verdict = replace(_COMPARISON.verdict, details=(f"Left: {note}",))
    view.show_comparison(replace(_COMPARISON, left=left, verdict=verdict))
    assert not any(text.startswith("Note:") for text in _texts(view))


def test_cards_carry_both_sides_in_their_accessible_name(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    names = [card.accessibleName() for card in view.findChildren(MetricCard)]
    assert "Counted by the framework: left 1,346, right 1,378, +32 (+2.38 % of the left)" in names
    assert len(names) == 6


def test_differences_come_gravest_first(view: OverviewView) -> None:
    view.show_comparison(replace(_COMPARISON, differences=tuple(reversed(_COMPARISON.differences))))
    effects = _column(_table(view, "Differences and what they touch"), 4)
    order = [effect.value for effect in Effect]
    assert effects == sorted(effects, key=order.index)
    assert effects[0] == "inference"


def test_a_double_click_on_a_difference_asks_for_its_layers(view: OverviewView, qtbot: QtBot) -> None:
    view.show_comparison(_COMPARISON)
    table = _table(view, "Differences and what they touch")
    row = _column(table, 0).index("Head activation")
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(view.layers_requested) as asked:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [("classifier.1", "predictions")]


def test_enter_on_a_difference_asks_for_its_layers(view: OverviewView, qtbot: QtBot) -> None:
    view.show_comparison(_COMPARISON)
    table = _table(view, "Differences and what they touch")
    table.setCurrentIndex(table.model().index(0, 0))
    with qtbot.waitSignal(view.layers_requested):
        QTest.keyClick(table, Qt.Key.Key_Return)


def test_a_difference_of_the_whole_network_asks_for_no_layers(view: OverviewView, qtbot: QtBot) -> None:
    view.show_comparison(_COMPARISON)
    table = _table(view, "Differences and what they touch")
    table.setCurrentIndex(table.model().index(_column(table, 0).index("Data layout"), 0))
    with qtbot.assertNotEmitted(view.layers_requested):
        QTest.keyClick(table, Qt.Key.Key_Return)


def test_the_selected_difference_is_explained(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    table = _table(view, "Differences and what they touch")
    assert any("Select a difference" in text for text in _texts(view))
    table.selectRow(_column(table, 0).index("Head activation"))
    wanted = next(found.explanation for found in _COMPARISON.differences if found.title == "Head activation")
    assert wanted in _texts(view)


def test_latency_that_comes_later_keeps_the_selection(view: OverviewView) -> None:
    view.show_comparison(replace(_COMPARISON, latency=None))
    table = _table(view, "Differences and what they touch")
    table.selectRow(2)
    assert any("not measured" in card.accessibleName() for card in view.findChildren(MetricCard))
    view.show_comparison(_COMPARISON)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]
    assert not any("not measured" in card.accessibleName() for card in view.findChildren(MetricCard))


def test_the_ledger_shows_both_totals_and_what_lies_between(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    ledger = _table(view, "Ledger: what is counted where")
    rows = {title: row for row, title in enumerate(_column(ledger, 0))}
    row = rows["Framework total"]
    assert [ledger.model().index(row, column).data() for column in (1, 3)] == ["1,346", "1,378"]
    row = rows["Moving mean and variance"]
    assert [ledger.model().index(row, column).data() for column in range(1, 5)] == [
        "32", "not counted", "32", "counted",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [1370, 1000])
def test_no_table_needs_a_scroll_bar_of_its_own(view: OverviewView, width: int, qtbot: QtBot) -> None:
    view.resize(width, 600)
    view.show_comparison(_COMPARISON)
    qtbot.waitUntil(lambda: all(_is_whole(table) for table in view.findChildren(ContentTable)))


def _is_whole(table: ContentTable) -> bool:
    rows = sum(table.rowHeight(row) for row in range(table.model().rowCount()))
    columns = sum(table.columnWidth(column) for column in range(table.model().columnCount()))
    return rows <= table.viewport().height() and columns <= table.viewport().width()


def test_cards_break_into_rows_where_the_window_is_narrow(view: OverviewView, qtbot: QtBot) -> None:
    view.show_comparison(_COMPARISON)
    cards = view.findChildren(MetricCard)
    qtbot.waitUntil(lambda: len({card.y() for card in cards}) == 1)
    view.resize(700, 600)
    qtbot.waitUntil(lambda: len({card.y() for card in cards}) > 1)
    assert all(card.width() >= card.sizeHint().width() for card in cards)


def test_latency_is_said_to_be_under_way_only_while_it_is(view: OverviewView) -> None:
    request = replace(_COMPARISON.request, latency=LatencyRequest())
    view.show_comparison(replace(_COMPARISON, latency=None))
    assert "not measured" in _texts(view)
    view.start_measuring(request, {})
    assert "being measured…" in _texts(view)
    view.stop_measuring()
    assert "being measured…" not in _texts(view)


def test_a_run_that_failed_before_measuring_leaves_the_latency_shown(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    shown = _texts(view)
    view.stop_measuring()
    assert _texts(view) == shown


def test_where_one_side_failed_the_other_ones_layer_types_stay(view: OverviewView) -> None:
    view.show_network(Side.LEFT, tiny_torch_network())
    view.stop_reading()
    assert "Only one model was read" in _texts(view)
    assert _table(view, "Layer types by parameters").model().rowCount() > 0
    assert not _table(view, "Ledger: what is counted where").isVisible()


def test_one_side_read_says_so_and_shows_no_figures(view: OverviewView) -> None:
    view.show_network(Side.LEFT, tiny_torch_network())
    assert any("torchvision:tiny_net is read" in text for text in _texts(view))
    assert not any(card.isVisible() for card in view.findChildren(MetricCard))
    view.show_comparison(_COMPARISON)
    assert all(card.isVisible() for card in view.findChildren(MetricCard))


def test_clear_takes_everything_back(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    view.clear()
    assert any("Nothing compared yet" in text for text in _texts(view))
    assert all(table.model().rowCount() == 0 for table in view.findChildren(ContentTable))


def test_copying_takes_the_rows_selected_in_the_focused_table(view: OverviewView, qtbot: QtBot) -> None:
    view.show_comparison(_COMPARISON)
    table = _table(view, "Ledger: what is counted where")
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Quantity\tPyTorch\t")
    assert lines[1] == "Learnable parameters\t1,346\tcounted\t1,346\tcounted"


def test_both_schemes_paint_without_complaint(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    view._verdict._theme.set_choice(ThemeChoice.DARK)
    assert not view.grab().isNull()


def test_a_proof_is_told_beside_the_verdict_and_leads_to_itself(qtbot: QtBot, view: OverviewView) -> None:
    shown = proven(_COMPARISON)
    assert shown.equivalence is not None
    view.show_comparison(shown)
    texts = _texts(view)
    assert texts.count(shown.equivalence.headline) == 1
    assert not any("outputs were not compared" in text for text in texts)
    button = next(found for found in view.findChildren(QPushButton) if found.text() == "Show the proof")
    with qtbot.waitSignal(view.proof_requested):
        button.click()


def test_without_a_proof_nothing_is_said_of_outputs_but_that(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    assert any("outputs were not compared" in text for text in _texts(view))
    assert not any(button.isVisible() for button in view.findChildren(QPushButton))


def test_a_proof_under_way_is_told_until_it_stops(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    view.start_verifying(verifying(_COMPARISON.request))
    assert "The outputs are being verified" in _texts(view)
    view.stop_verifying()
    assert "The outputs are being verified" not in _texts(view)


def test_a_proof_that_nobody_asked_for_is_not_announced(view: OverviewView) -> None:
    view.show_comparison(_COMPARISON)
    view.start_verifying(_COMPARISON.request)
    assert "The outputs are being verified" not in _texts(view)
