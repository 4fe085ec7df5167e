"""Pairs are set by hand in the tree: chosen from a list, by two rows, unpaired, forgotten."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mbgui.analysis.corrections import corrected_comparison, partner_choices
from mbgui.analysis.outline_places import rows_of
from mbgui.domain.alignment import PairCorrection
from mbgui.domain.request import Side
from mbgui.gui.item_models.layer_columns import LayerColumn
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.layer_pairing import LayerPairing
from mbgui.gui.widgets.layer_tree import LayerTree
from mbgui.gui.widgets.layers_view import LayersView
from mbgui.gui.widgets.partner_dialog import PartnerDialog
from mbgui.gui.widgets.tensor_table import TensorTable
from tests.support.records import tiny_comparison, tiny_torch_network

COMPARISON = tiny_comparison(with_latency=False)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[LayersView]:
    made = LayersView(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(made)
    made.resize(1370, 880)
    made.show()
    made.show_comparison(COMPARISON)
    yield made
    made.close()


def pairing(view: LayersView) -> LayerPairing:
    return view.findChildren(LayerPairing)[0]


def tree(view: LayersView) -> LayerTree:
    return view.findChildren(LayerTree)[0]


def select(view: LayersView, *paths: str, column: LayerColumn = LayerColumn.LEFT_NAME) -> None:
    """Select the rows of these layers, the last one being the current."""
    flags = QItemSelectionModel.SelectionFlag
    tree(view).selectionModel().clearSelection()
    for path in paths:
        row = rows_of(COMPARISON.outline, [path])[0]
        index = tree(view).model().index_of(row, column)  # type: ignore[attr-defined]
        tree(view).selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)


def correction(left: str | None, right: str | None) -> PairCorrection:
    return PairCorrection(left=left, right=right)


def dialog(view: LayersView) -> PartnerDialog:
    return view.findChildren(PartnerDialog)[-1]


def close(opened: PartnerDialog) -> None:
    opened.reject()


def test_unpair_takes_both_layers_apart(qtbot: QtBot, view: LayersView) -> None:
    select(view, "features.0.1")
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        pairing(view).unpair.trigger()
    assert asked.args == [(correction("features.0.1", None), correction(None, "stem_bn"))]


def test_a_layer_that_is_part_of_a_pair_is_set_apart_alone(qtbot: QtBot, view: LayersView) -> None:
    select(view, "block_1_pad")
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        pairing(view).unpair.trigger()
    assert asked.args == [(correction(None, "block_1_pad"),)]


def test_the_shortcut_works_in_the_tree(qtbot: QtBot, view: LayersView) -> None:
    qtbot.waitExposed(view)
    select(view, "features.0.1")
    tree(view).setFocus()
    with qtbot.waitSignal(view.pairs_corrected):
        QTest.keyClick(
            tree(view), Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )


def test_a_partner_is_chosen_from_a_searched_list(qtbot: QtBot, view: LayersView) -> None:
    select(view, "classifier.1")
    pairing(view).pair_with.trigger()
    opened = dialog(view)
    opened.findChildren(QLineEdit)[0].setText("flat")
    assert opened.findChildren(TensorTable)[0].model().rowCount() == 1
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        opened.accept()
    assert asked.args == [(correction("classifier.1", "flatten"),)]


def test_the_cell_says_whose_partner_is_wanted(qtbot: QtBot, view: LayersView) -> None:
    select(view, "stem_bn", column=LayerColumn.RIGHT_TYPE)
    pairing(view).pair_with.trigger()
    opened = dialog(view)
    opened.findChildren(QLineEdit)[0].setText("classifier.0")
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        opened.accept()
    assert asked.args == [(correction("classifier.0", "stem_bn"),)]


def test_nothing_found_pairs_nothing(qtbot: QtBot, view: LayersView) -> None:
    select(view, "classifier.1")
    pairing(view).pair_with.trigger()
    opened = dialog(view)
    opened.findChildren(QLineEdit)[0].setText("nowhere")
    with qtbot.assertNotEmitted(view.pairs_corrected):
        opened.accept()
    close(opened)


def test_two_rows_make_a_pair(qtbot: QtBot, view: LayersView) -> None:
    select(view, "features.0.0", "stem_bn")
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        pairing(view).pair_rows.trigger()
    assert asked.args == [(correction("features.0.0", "stem_bn"),)]


def test_two_lone_rows_pair_whichever_was_selected_first(qtbot: QtBot, view: LayersView) -> None:
    for order in (("classifier.0", "input_layer"), ("input_layer", "classifier.0")):
        select(view, *order)
        with qtbot.waitSignal(view.pairs_corrected) as asked:
            pairing(view).pair_rows.trigger()
        assert asked.args == [(correction("classifier.0", "input_layer"),)]


def test_a_new_correction_comes_with_those_of_before(qtbot: QtBot, view: LayersView) -> None:
    known = (correction("classifier.0", None), correction("features.0.1", None))
    view.show_comparison(replace(COMPARISON, request=replace(COMPARISON.request, corrections=known)))
    select(view, "features.0.1")
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        pairing(view).unpair.trigger()
    assert asked.args == [(known[0], correction("features.0.1", None), correction(None, "stem_bn"))]


def test_all_corrections_can_be_forgotten(qtbot: QtBot, view: LayersView) -> None:
    assert not pairing(view).forget.isEnabled()
    known = (correction("classifier.0", None),)
    view.show_comparison(replace(COMPARISON, request=replace(COMPARISON.request, corrections=known)))
    with qtbot.waitSignal(view.pairs_corrected) as asked:
        pairing(view).forget.trigger()
    assert asked.args == [()]


def test_groups_and_one_sided_readings_offer_nothing(view: LayersView) -> None:
    select(view, "features.0")
    assert not pairing(view).pair_with.isEnabled()
    assert not pairing(view).unpair.isEnabled()
    view.clear()
    view.show_network(Side.LEFT, tiny_torch_network())
    assert not pairing(view).pair_with.isEnabled()


def test_a_layer_without_partner_cannot_be_unpaired(view: LayersView) -> None:
    select(view, "classifier.0")
    assert pairing(view).pair_with.isEnabled()
    assert not pairing(view).unpair.isEnabled()


def test_what_was_corrected_is_selected_again(view: LayersView) -> None:
    corrections: list[tuple[PairCorrection, ...]] = []
    view.pairs_corrected.connect(corrections.append)
    select(view, "block_1_add")
    pairing(view).unpair.trigger()
    view.show_comparison(corrected_comparison(COMPARISON, corrections[0]))
    rows = tree(view).selectionModel().selectedRows()
    names = {row.siblingAtColumn(column).data() for row in rows for column in (1, LayerColumn.RIGHT_NAME)}
    assert "block_1_add" in names or "add" in names
    assert len(rows) == 2


def test_the_actions_are_the_context_menu_of_the_tree(view: LayersView) -> None:
    assert tree(view).contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    titles = [action.text().replace("&", "") for action in tree(view).actions()]
    assert titles == ["Pair with…", "Pair the two selected rows", "Unpair", "Forget all corrections"]


def test_the_dialog_closes_without_a_word_when_the_user_changes_his_mind(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    opened = PartnerDialog(Theme(), "features.0.0", Side.RIGHT, partner_choices(COMPARISON, Side.RIGHT), parent)
    opened.open()
    with qtbot.assertNotEmitted(opened.chosen):
        opened.reject()
