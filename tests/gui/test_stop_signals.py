"""Signals of the system come in as signals of Qt, once; the next one is not asked about."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mbgui.gui.stop_signals import StopSignals

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends itself no signals"),
]
NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TWICE = """
import os, signal
from PySide6.QtCore import QCoreApplication, QTimer
from mbgui.gui.stop_signals import StopSignals
application = QCoreApplication([])
caught = StopSignals()
caught.stop_asked.connect(lambda number: os.kill(os.getpid(), signal.SIGINT))
QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
application.exec()
"""


@pytest.fixture
def caught(qapp: object) -> Iterator[StopSignals]:
    made = StopSignals()
    yield made
    made.close()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_is_told(qtbot: QtBot, caught: StopSignals, number: int) -> None:
    with qtbot.waitSignal(caught.stop_asked) as told:
        os.kill(os.getpid(), number)
    assert told.args == [number]


def test_after_the_first_signal_every_one_has_its_usual_effect(qtbot: QtBot, caught: StopSignals) -> None:
    with qtbot.waitSignal(caught.stop_asked):
        os.kill(os.getpid(), signal.SIGTERM)
    assert {signal.getsignal(number) for number in NUMBERS} == {signal.SIG_DFL}


def test_a_second_signal_ends_the_process_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], check=False, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGINT, done.stderr


@pytest.mark.usefixtures("qapp")
def test_what_was_ignored_stays_ignored() -> None:
    """As `nohup` has it, and a shell for what it starts in the background."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        made = StopSignals()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        made.close()
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("qapp")
def test_closing_it_puts_everything_back() -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    made = StopSignals()
    made.close()
    made.close()
    assert [signal.getsignal(number) for number in NUMBERS] == before
    descriptor = signal.set_wakeup_fd(-1)
    assert descriptor == -1
