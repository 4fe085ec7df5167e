"""What tests of the log and of crashes share."""

import faulthandler
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from PySide6.QtCore import qInstallMessageHandler

from mbgui.gui.diagnostics.log_file import LogFile


@pytest.fixture
def log(tmp_path: Path) -> LogFile:
    return LogFile(tmp_path / "logs")


@pytest.fixture
def own_hooks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back whatever hears of errors and messages, faults of native code included."""
    for place, name in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (warnings, "showwarning"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(logging.getLogger("mbgui"), "level", logging.getLogger("mbgui").level)
    qt_before = qInstallMessageHandler(None)
    qInstallMessageHandler(qt_before)
    yield
    qInstallMessageHandler(qt_before)
    faulthandler.enable(request.config.stash[fault_handler_stderr_fd_key])


def text_of(log: LogFile) -> str:
    return log.path.read_text(encoding="utf-8") if log.path.exists() else ""
