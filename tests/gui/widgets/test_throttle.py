"""Many fast calls become few, and the last one is never lost."""

from pytestqt.qtbot import QtBot

from mbgui.gui.widgets.throttle import Throttle


def counted(throttle: Throttle) -> list[bool]:
    calls: list[bool] = []

    def note() -> None:
        calls.append(True)

    throttle.triggered.connect(note)
    return calls


def test_the_first_call_comes_at_once_and_a_burst_only_once_more(qtbot: QtBot) -> None:
    throttle = Throttle(30)
    calls = counted(throttle)
    for _ in range(100):
        throttle.request()
    assert len(calls) == 1
    with qtbot.waitSignal(throttle.triggered):
        throttle.request()
    assert len(calls) == 2


def test_what_was_cancelled_does_not_come(qtbot: QtBot) -> None:
    throttle = Throttle(10)
    throttle.request()
    throttle.request()
    throttle.cancel()
    with qtbot.assertNotEmitted(throttle.triggered, wait=40):
        pass
