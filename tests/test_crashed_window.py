"""The program as its user starts it, and what the next start learns of how it ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mbgui.gui.diagnostics.crash_reports import take_crashes
from mbgui.gui.diagnostics.log_file import LogFile, log_folder

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have other signals"),
]
TIMEOUT_S = 60.0


def logged() -> str:
    path = log_folder() / "mbgui.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def started() -> Iterator[subprocess.Popen[bytes]]:
    """The program, when its trace is there, and that in the log."""
    app = subprocess.Popen(
        [sys.executable, "-m", "mbgui"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline_s = time.monotonic() + TIMEOUT_S
        while f"[{app.pid}] mbgui was started." not in logged():
            assert app.poll() is None
            assert time.monotonic() < deadline_s
            time.sleep(0.02)  # another process's file gives no signal to wait for
        yield app
    finally:
        app.kill()
        app.wait()


def tell() -> str:
    problem = take_crashes(log_folder(), LogFile(log_folder()))
    return f"{problem.sentence}\n{problem.detail}" if problem is not None else ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGSEGV, ("a segmentation fault in native code", "Thread 0x")),
        (signal.SIGABRT, ("native code gave up (abort)", "Thread 0x")),
        (signal.SIGKILL, ("it was killed", "mbgui was started.")),
    ],
)
def test_a_killed_window_is_a_crash(number: signal.Signals, words: tuple[str, ...]) -> None:
    with started() as app:
        app.send_signal(number)
        assert app.wait(TIMEOUT_S) < 0  # while threads run, telling of one fault can end in another
    told = tell()
    assert all(word in told for word in words), told
    assert tell() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_window_that_is_asked_to_end_is_none(number: signal.Signals) -> None:
    with started() as app:
        app.send_signal(number)
        app.wait(TIMEOUT_S)
    assert tell() == ""
    assert "mbgui was closed." in (log_folder() / "mbgui.log").read_text(encoding="utf-8")


def test_a_window_beside_it_is_none() -> None:
    with started():
        assert tell() == ""
