"""A message says what is wrong, shows its details on request, and can be copied and closed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from mbgui.domain.errors import Problem
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.message_bar import MessageBar

PROBLEM = Problem(sentence="No.", advice="Do this.", detail="Traceback")


def shown(qtbot: QtBot, problem: Problem) -> MessageBar:
    bar = MessageBar(Theme())
    qtbot.addWidget(bar)
    bar.show_problem(problem)
    return bar


def button(bar: MessageBar, text: str) -> QPushButton:
    return next(found for found in bar.findChildren(QPushButton) if found.text() == text)


def test_details_stay_hidden_until_asked_for(qtbot: QtBot) -> None:
    bar = shown(qtbot, PROBLEM)
    detail = bar.findChild(QPlainTextEdit)
    assert detail is not None
    assert not detail.isVisible()
    QTest.mouseClick(button(bar, "Details"), Qt.MouseButton.LeftButton)
    assert detail.isVisible()
    assert detail.toPlainText() == "Traceback"


def test_a_problem_without_details_offers_none(qtbot: QtBot) -> None:
    bar = shown(qtbot, Problem(sentence="No."))
    assert not button(bar, "Details").isVisible()


def test_copy_takes_everything(qtbot: QtBot) -> None:
    bar = shown(qtbot, PROBLEM)
    QTest.mouseClick(button(bar, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "No.\nDo this.\nTraceback"


def test_only_a_hint_goes_by_itself(qtbot: QtBot) -> None:
    bar = shown(qtbot, PROBLEM)
    bar.hide_hint()
    assert bar.isVisible()
    bar.show_hint("By the way.")
    bar.hide_hint()
    assert not bar.isVisible()
