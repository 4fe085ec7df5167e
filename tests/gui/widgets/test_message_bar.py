"""A message says what is wrong, shows its details on request, and can be copied and closed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from mbgui.domain.errors import Problem, Remedy
from mbgui.gui.theme import Theme
from mbgui.gui.widgets.message_bar import MessageBar, RemedyButton

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


REMEDIES = (
    Remedy(title="Strip “module.”", replaces="keras:A@w.h5", reference="keras:A@w.h5?strip=module."),
    Remedy(title="Load what fits", replaces="keras:A@w.h5", reference="keras:A@w.h5?partial=true"),
)


def test_a_way_out_is_a_button(qtbot: QtBot) -> None:
    bar = shown(qtbot, Problem(sentence="No.", remedies=REMEDIES))
    with qtbot.waitSignal(bar.remedy_chosen) as chosen:
        QTest.mouseClick(button(bar, "Load what fits"), Qt.MouseButton.LeftButton)
    assert chosen.args == [REMEDIES[1]]


def test_the_ways_out_of_a_problem_go_with_it(qtbot: QtBot) -> None:
    bar = shown(qtbot, Problem(sentence="No.", remedies=REMEDIES))
    bar.show_problem(Problem(sentence="Another.", remedies=REMEDIES[:1]))
    offered = [found.text() for found in bar.findChildren(RemedyButton) if found.isVisible()]
    assert offered == ["Strip “module.”"]
    bar.show_hint("All is well.")
    assert not any(found.isVisible() for found in bar.findChildren(RemedyButton))


def test_details_can_be_selected_by_keyboard_and_are_monospaced(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme()
    theme.apply()
    bar = shown(qtbot, PROBLEM)
    detail = bar.findChild(QPlainTextEdit)
    assert detail is not None
    QTest.mouseClick(button(bar, "Details"), Qt.MouseButton.LeftButton)
    assert detail.isReadOnly()
    detail.setFocus()
    detail.selectAll()
    QTest.keyClick(detail, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Traceback"
    assert QFontMetrics(detail.font()).horizontalAdvance("iii") == QFontMetrics(detail.font()).horizontalAdvance("MMM")


def test_a_long_path_is_broken_on_screen_and_whole_on_the_clipboard(qtbot: QtBot) -> None:
    path = "/" + "/".join(f"folder_{number}" for number in range(40)) + "/net.keras"
    bar = shown(qtbot, Problem(sentence=f"{path} is damaged.", advice="Get it again."))
    assert bar.minimumSizeHint().width() < 700
    QTest.mouseClick(button(bar, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"{path} is damaged.\nGet it again."
