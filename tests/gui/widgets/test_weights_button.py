"""Weights and seed are chosen in one place, with the mouse or the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from mbgui.domain.request import Weights
from mbgui.gui.settings import StartingWeights
from mbgui.gui.widgets.weights_button import WeightsButton


def shown(qtbot: QtBot, chosen: StartingWeights) -> WeightsButton:
    button = WeightsButton(chosen)
    button.add_menu()
    qtbot.addWidget(button)
    button.show()
    return button


def test_the_button_says_what_is_chosen(qtbot: QtBot) -> None:
    button = shown(qtbot, StartingWeights(weights=Weights.IMAGENET, seed=7))
    assert button.text() == "ImageNet · seed 7"
    assert button.accessibleName() == "Weights: ImageNet, seed 7"
    assert [action.isChecked() for action in button.menu().actions()[:2]] == [False, True]


def test_choosing_other_weights_keeps_the_seed(qtbot: QtBot) -> None:
    button = shown(qtbot, StartingWeights(seed=7))
    with qtbot.waitSignal(button.changed) as changed:
        button.menu().actions()[1].trigger()
    assert changed.args == [StartingWeights(weights=Weights.IMAGENET, seed=7)]
    assert button.chosen == changed.args[0]


def test_the_arrow_keys_of_the_menu_lead_to_the_seed(qtbot: QtBot) -> None:
    button = shown(qtbot, StartingWeights())
    box = button.menu().findChild(QSpinBox)
    assert box is not None
    row = box.parentWidget()
    assert row is not None
    assert row.focusPolicy() & Qt.FocusPolicy.TabFocus, "a menu passes over what takes no focus"
    assert row.focusProxy() is box
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert button.chosen.seed == 1
    assert button.text() == "untrained · seed 1"
