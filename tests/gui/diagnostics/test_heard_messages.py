"""What is printed of faults is in the log as well, and is still printed."""

import gc
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest
from PySide6.QtCore import qInfo, qWarning

from mbgui.gui.diagnostics.heard_messages import HeardMessages
from mbgui.gui.diagnostics.log_file import LogFile
from tests.gui.diagnostics.conftest import text_of


@pytest.fixture
def heard(log: LogFile, own_hooks: None) -> Iterator[LogFile]:
    messages = HeardMessages(log)
    messages.begin()
    yield log
    messages.end()


def test_what_qt_says_is_logged_and_printed(heard: LogFile, capsys: pytest.CaptureFixture[str]) -> None:
    qWarning("no luck")
    qInfo("by the way")
    assert "WARNING" in text_of(heard)
    assert "Qt: no luck" in text_of(heard)
    assert "INFO" in text_of(heard)
    assert "no luck" in capsys.readouterr().err


def test_what_qt_repeats_is_logged_once_and_printed_each_time(
    heard: LogFile, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        qWarning("no luck")
    assert text_of(heard).count("no luck") == 1
    assert capsys.readouterr().err.count("no luck") == 3


@pytest.mark.usefixtures("own_hooks")
def test_a_warning_of_python_is_logged_and_printed(log: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []

    def show(message: Warning | str, *_: object) -> None:
        printed.append(str(message))

    monkeypatch.setattr(warnings, "showwarning", show)
    messages = HeardMessages(log)
    messages.begin()
    warnings.showwarning("old name", DeprecationWarning, "module.py", 7)
    messages.end()
    assert "DeprecationWarning: old name (module.py:7)" in text_of(log)
    assert printed == ["old name"]


def test_a_warning_of_a_library_is_logged_with_its_traceback(heard: LogFile, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("library").warning("gave up", exc_info=ValueError("no luck"))
    logging.getLogger("library").info("chatter")
    logging.getLogger("mbgui.part").info("of its own")
    caplog.clear()
    assert "library: gave up" in text_of(heard)
    assert "    ValueError: no luck" in text_of(heard)
    assert "chatter" not in text_of(heard)
    assert "mbgui.part: of its own" in text_of(heard)


def test_a_warning_that_would_be_printed_still_is(
    heard: LogFile,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [one for one in root.handlers if type(one).__name__ == "_LogHandler"])
    logging.getLogger("library").warning("gave up")
    assert "gave up" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_a_thread_did_not_catch_is_logged(heard: LogFile) -> None:
    def fail() -> None:
        raise ValueError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "An error that nothing caught: ValueError: in a thread" in text_of(heard)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_error_that_cannot_be_passed_on_is_logged(heard: LogFile) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("at the end")

    Broken()
    gc.collect()
    assert "ValueError: at the end" in text_of(heard)


@pytest.mark.usefixtures("own_hooks")
def test_after_the_end_nothing_is_heard(log: LogFile) -> None:
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    messages = HeardMessages(log)
    messages.begin()
    messages.end()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning) == hooks
    qWarning("too late")
    assert text_of(log) == ""
