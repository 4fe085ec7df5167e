"""The chart of errors: pointing, choosing, widening; and 100,000 pairs."""

from collections.abc import Iterator
from time import perf_counter

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbgui.analysis.equivalence_rows import ErrorCurves, curves_of
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.equivalence_chart import EquivalenceChart
from tests.support.equivalence_records import rising_pairs

PAIRS = rising_pairs(20)


@pytest.fixture
def chart(qtbot: QtBot) -> Iterator[EquivalenceChart]:
    made = EquivalenceChart(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(made)
    made.resize(900, 330)
    made.show()
    made.show_curves(curves_of(PAIRS, first_divergence=13))
    yield made
    made.close()


def point_of(chart: EquivalenceChart, place: int) -> QPoint:
    """Where a pair is drawn, at half the height of the plot."""
    area = chart.plot_area()
    share = (place + 0.5) / len(PAIRS)
    return QPoint(int(area.left() + share * area.width()), int(area.center().y()))


def wheel(chart: EquivalenceChart, steps: int, modifier: Qt.KeyboardModifier) -> bool:
    point = QPointF(point_of(chart, 10))
    event = QWheelEvent(
        point,
        QPointF(chart.mapToGlobal(point.toPoint())),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(chart.viewport(), event)
    return event.isAccepted()


def test_pointing_at_a_pair_tells_which(qtbot: QtBot, chart: EquivalenceChart) -> None:
    qtbot.waitExposed(chart)
    with qtbot.waitSignal(chart.pair_pointed) as pointed:
        QTest.mouseMove(chart.viewport(), point_of(chart, 12))
    assert pointed.args == [12]


def test_a_click_chooses_the_pair(qtbot: QtBot, chart: EquivalenceChart) -> None:
    with qtbot.waitSignal(chart.pair_chosen) as chosen:
        QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=point_of(chart, 7))
    assert chosen.args == [7]


def test_a_click_beside_the_plot_chooses_nothing(qtbot: QtBot, chart: EquivalenceChart) -> None:
    with qtbot.assertNotEmitted(chart.pair_chosen):
        QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_the_keyboard_moves_from_pair_to_pair_and_chooses(qtbot: QtBot, chart: EquivalenceChart) -> None:
    for key, place in (
        (Qt.Key.Key_Right, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_End, 19),
        (Qt.Key.Key_Right, 19),
        (Qt.Key.Key_PageUp, 9),
        (Qt.Key.Key_Home, 0),
    ):
        with qtbot.waitSignal(chart.pair_pointed) as pointed:
            QTest.keyClick(chart, key)
        assert pointed.args == [place]
    with qtbot.waitSignal(chart.pair_chosen) as chosen:
        QTest.keyClick(chart, Qt.Key.Key_Return)
    assert chosen.args == [0]


def test_the_tab_key_brings_the_cursor_to_the_first_divergence(qtbot: QtBot, chart: EquivalenceChart) -> None:
    with qtbot.waitSignal(chart.pair_pointed) as pointed:
        QApplication.sendEvent(chart, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert pointed.args == [13]


def test_the_wheel_belongs_to_the_page_unless_ctrl_is_held(chart: EquivalenceChart) -> None:
    assert not wheel(chart, 1, Qt.KeyboardModifier.NoModifier)
    assert chart.visible_places == range(20)
    assert wheel(chart, 1, Qt.KeyboardModifier.ControlModifier)
    assert len(chart.visible_places) == 13
    assert 10 in chart.visible_places


def test_keys_widen_and_show_all_again(chart: EquivalenceChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert len(chart.visible_places) == 13
    QTest.keyClick(chart, Qt.Key.Key_0)
    assert chart.visible_places == range(20)


def test_a_pair_out_of_sight_is_brought_into_it(chart: EquivalenceChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Home)
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert 19 not in chart.visible_places
    chart.mark(19)
    assert 19 in chart.visible_places


def test_what_was_widened_stays_while_causes_are_switched(chart: EquivalenceChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    seen = chart.visible_places
    chart.show_curves(curves_of(PAIRS, (1e-15,) * 20))
    assert chart.visible_places == seen


def test_no_pairs_take_pointing_and_keys_without_harm(chart: EquivalenceChart) -> None:
    chart.show_curves(ErrorCurves())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Plus):
        QTest.keyClick(chart, key)
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 150))
    assert chart.place == -1


def test_the_axis_names_zero_and_powers_of_ten(chart: EquivalenceChart) -> None:
    labels = chart.axis_labels()
    assert labels[0] == "0"
    assert set(labels) >= {"1e-15", "1e-1"}


def test_100_000_pairs_are_drawn_in_no_time(qtbot: QtBot, chart: EquivalenceChart) -> None:
    curves = curves_of(rising_pairs(100_000))
    began = perf_counter()
    chart.show_curves(curves)
    chart.repaint()
    assert perf_counter() - began < 0.5, "about 0.05 s on an idle machine"
    assert chart.visible_places == range(100_000)
