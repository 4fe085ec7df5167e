"""How outputs are to be compared is set by mouse or keyboard, and told."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.gui.settings import VerifyOptions
from mbgui.gui.widgets.verify_controls import VerifyControls


@pytest.fixture
def controls(qtbot: QtBot) -> VerifyControls:
    made = VerifyControls(VerifyOptions())
    qtbot.addWidget(made)
    made.show()
    return made


def test_outputs_are_verified_unless_switched_off(controls: VerifyControls) -> None:
    assert controls.options == VerifyOptions(is_verified=True, transfer=None, precision=Precision.FLOAT64)
    controls.verified.click()
    assert not controls.options.is_verified
    assert not controls.transfer.isEnabled()
    assert controls.export_button.isEnabled(), "weights can be exported without asking for a proof"


def test_what_is_shown_comes_back(controls: VerifyControls) -> None:
    options = VerifyOptions(
        is_verified=False,
        transfer=WeightTransfer.RIGHT_TO_LEFT,
        precision=Precision.FLOAT32,
        further_inputs="225x225; 160x160",
    )
    controls.show_options(options)
    assert controls.options == options


def test_a_change_is_told_with_everything(qtbot: QtBot, controls: VerifyControls) -> None:
    controls.further_inputs.setText(" 225x225 ")
    with qtbot.waitSignal(controls.options_changed) as told:
        QTest.keyClick(controls.further_inputs, Qt.Key.Key_Return)
    assert told.args == [VerifyOptions(further_inputs="225x225")]
    with qtbot.waitSignal(controls.options_changed) as told:
        QTest.keyClick(controls.transfer, Qt.Key.Key_Down)
        controls.transfer.activated.emit(controls.transfer.currentIndex())
    assert told.args == [VerifyOptions(transfer=WeightTransfer.AS_IS, further_inputs="225x225")]


def test_the_button_asks_for_an_export(qtbot: QtBot, controls: VerifyControls) -> None:
    with qtbot.waitSignal(controls.export_requested):
        controls.export_button.click()


def test_every_control_has_a_name_and_takes_the_focus(controls: VerifyControls) -> None:
    widgets: tuple[QWidget, ...] = (
        controls.verified,
        controls.transfer,
        controls.precision,
        controls.further_inputs,
        controls.export_button,
    )
    for widget in widgets:
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName() or widget.property("text")
