"""Puts into the log what is otherwise only printed: by Qt, by libraries, and by Python of errors nobody caught."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qFormatLogMessage, qInstallMessageHandler

from mbgui.domain.error_text import error_detail, error_summary
from mbgui.gui.diagnostics.log_file import Level, LogFile
from mbgui.gui.faults import tell_of_faults

_QT_LEVELS = {
    QtMsgType.QtDebugMsg: Level.INFO,
    QtMsgType.QtInfoMsg: Level.INFO,
    QtMsgType.QtWarningMsg: Level.WARNING,
}
_OWN = "mbgui"
"""The logger of the program itself, whose plain information is kept as well."""


class HeardMessages:
    """Hears from `begin` to `end`; everything is printed as it was before."""

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._handler = _LogHandler(log)
        self._last_qt = ""
        self._state = threading.local()

    def begin(self) -> None:
        """Hear from now on."""
        self._warn_before = warnings.showwarning
        self._unraisable_before = sys.unraisablehook
        self._own_level = logging.getLogger(_OWN).level
        self._forget_faults = tell_of_faults(self._on_fault)
        qInstallMessageHandler(self._on_qt)
        logging.getLogger().addHandler(self._handler)
        logging.getLogger(_OWN).setLevel(logging.INFO)
        warnings.showwarning = self._on_warning
        sys.unraisablehook = self._on_unraisable

    def end(self) -> None:
        """Hear nothing more."""
        self._forget_faults()
        qInstallMessageHandler(None)
        logging.getLogger().removeHandler(self._handler)
        logging.getLogger(_OWN).setLevel(self._own_level)
        warnings.showwarning = self._warn_before
        sys.unraisablehook = self._unraisable_before

    def _on_fault(self, error: BaseException) -> None:
        self._log.write(Level.ERROR, f"An error that nothing caught: {error_summary(error)}", error_detail(error))

    def _on_qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        text = qFormatLogMessage(kind, context, message)
        if sys.stderr is not None:  # the packaged app on Windows has none
            sys.stderr.write(f"{text}\n")
        if text == self._last_qt or getattr(self._state, "is_writing", False):
            return  # one that comes with every picture would push out all else; writing may make Qt speak, too
        self._last_qt = text
        self._state.is_writing = True
        self._log.write(_QT_LEVELS.get(kind, Level.ERROR), f"Qt: {text}")
        self._state.is_writing = False

    def _on_warning(
        self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any, **named: Any
    ) -> None:
        self._warn_before(message, category, filename, lineno, *rest, **named)
        self._log.write(Level.WARNING, f"{category.__name__}: {message} ({filename}:{lineno})")

    def _on_unraisable(self, fault: sys.UnraisableHookArgs) -> None:
        self._unraisable_before(fault)
        detail = "".join(traceback.format_exception(fault.exc_type, fault.exc_value, fault.exc_traceback))
        self._log.write(Level.ERROR, f"{fault.err_msg or 'An error that could not be passed on'}", detail)


class _LogHandler(logging.Handler):
    """Writes what libraries log as warnings, and prints what would have been printed without it."""

    def __init__(self, log: LogFile) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        last = logging.lastResort
        if last is not None and record.levelno >= last.level and logging.getLogger().handlers == [self]:
            last.handle(record)
        detail = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self._log.write(_level(record.levelno), f"{record.name}: {record.getMessage()}", detail)


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return Level.ERROR
    return Level.WARNING if number >= logging.WARNING else Level.INFO
