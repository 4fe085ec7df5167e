"""How latency is to be measured: the row of controls, its menu, and the values of the sweeps."""

import dataclasses

import pytest
from PySide6.QtWidgets import QBoxLayout
from pytestqt.qtbot import QtBot

from mbgui.domain.request import BenchMode, SweepAxis
from mbgui.gui.settings import LatencyOptions, MeasureScope
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.latency_controls import LatencyControls
from mbgui.gui.widgets.sweep_dialog import SweepDialog
from mbgui.gui.widgets.sweep_values import parse_values, values_text

BESIDE_THE_DOCK = 1280 - 230 - 32
"""Pixels that are left of a narrow window."""


@pytest.fixture
def controls(qtbot: QtBot) -> LatencyControls:
    Theme().apply()
    made = LatencyControls(LatencyOptions())
    qtbot.addWidget(made)
    made.show()
    return made


def chosen_scopes(controls: LatencyControls) -> list[MeasureScope]:
    scopes: list[MeasureScope] = []
    controls.buttons.measure_requested.connect(scopes.append)
    for action in controls.buttons.more.menu().actions():
        if action.data():
            action.trigger()
    return scopes


def test_all_controls_fit_into_a_row_of_a_narrow_window_and_break_in_a_narrower_one(controls: LatencyControls) -> None:
    layout = controls.layout()
    assert isinstance(layout, QBoxLayout)
    controls.resize(BESIDE_THE_DOCK, 40)
    assert layout.direction() is QBoxLayout.Direction.LeftToRight
    controls.resize(controls.minimumSizeHint().width(), 80)
    assert layout.direction() is QBoxLayout.Direction.TopToBottom


def test_what_is_shown_is_what_is_set(controls: LatencyControls) -> None:
    options = LatencyOptions(
        is_measured=False, mode=BenchMode.RIGOROUS, batch_size=4, threads=1, budget_s=60, runs=200, batch_values=(1, 3)
    )
    controls.show_options(options)
    assert controls.options == options
    assert controls.mode.currentText() == "Duel · rigorous"
    assert controls.budget.text() == "budget 60 s"
    assert controls.threads.text() == "1 thread"
    assert not controls.buttons.measured.isChecked()


def test_showing_options_tells_nobody(qtbot: QtBot, controls: LatencyControls) -> None:
    with qtbot.assertNotEmitted(controls.options_changed):
        controls.show_options(LatencyOptions(mode=BenchMode.RIGOROUS, batch_size=4, budget_s=60, is_measured=False))


def test_a_path_that_nobody_chose_stays_the_recommended_one(controls: LatencyControls) -> None:
    controls.batch_size.setValue(2)
    assert (controls.options.left_path, controls.options.right_path) == ("", "")
    controls.right_path.setCurrentIndex(1)
    controls.right_path.activated.emit(1)
    assert controls.options.right_path == "predict"


def test_nothing_chosen_reads_as_automatic(controls: LatencyControls) -> None:
    assert controls.budget.text() == "budget auto"
    assert controls.runs.text() == "runs auto"


def test_the_menu_asks_for_what_else_can_be_measured(controls: LatencyControls) -> None:
    assert chosen_scopes(controls) == []
    controls.buttons.set_title("a · b")
    assert chosen_scopes(controls) == [scope for scope in MeasureScope if scope is not MeasureScope.DUEL]


def test_whether_compare_measures_too_is_chosen_in_the_menu(qtbot: QtBot, controls: LatencyControls) -> None:
    with qtbot.waitSignal(controls.options_changed) as told:
        controls.buttons.measured.trigger()
    assert told.args == [dataclasses.replace(LatencyOptions(), is_measured=False)]


def test_values_are_read_in_order_each_once() -> None:
    assert parse_values("8, 1 2;2,", SweepAxis.BATCH) == (1, 2, 8)
    assert parse_values(values_text((96, 224)), SweepAxis.INPUT) == (96, 224)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one batch size"),
        ("1, two", "“two” is no batch size"),
        ("0", "“0” is no batch size"),
        ("1.5", "“1.5” is no batch size"),
        ("-2", "“-2” is no batch size"),
        ("99999999999", "whole numbers from 1 to 1,024"),
        (" ".join(map(str, range(1, 40))), "at most 32 values, not 39"),
    ],
)
def test_values_that_make_no_sense_are_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_values(text, SweepAxis.BATCH)


def test_the_dialog_says_what_is_wrong_and_stays(qtbot: QtBot) -> None:
    dialog = SweepDialog(LatencyOptions(thread_values=(1, 2)))
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.fields[SweepAxis.THREADS].text() == "1, 2"
    dialog.fields[SweepAxis.BATCH].setText("many")
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog._on_accepted()
    assert "“many” is no batch size" in dialog.fault.text()
    assert dialog.isVisible()
    dialog.fields[SweepAxis.BATCH].setText("2, 1")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog._on_accepted()
    assert chosen.args[0][SweepAxis.BATCH] == (1, 2)


def test_chosen_values_become_options(qtbot: QtBot, controls: LatencyControls) -> None:
    values = {SweepAxis.BATCH: (1, 5), SweepAxis.THREADS: (1,), SweepAxis.INPUT: (32, 64)}
    with qtbot.waitSignal(controls.options_changed):
        controls._on_values_chosen(values)
    assert {axis: controls.options.values(axis) for axis in SweepAxis} == values
