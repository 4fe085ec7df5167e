"""The trace of this process: a file that is there while it lives, and what the next start learns a crash from."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile

from mbgui.domain.error_text import error_detail, error_summary
from mbgui.gui.diagnostics.log_file import moment_text
from mbgui.gui.software_versions import system_lines, version_lines

if TYPE_CHECKING:
    from pathlib import Path

TRACE_PATTERN = "session-*.trace"
ERROR_MARK = "The error that ended it:"


class Trace:
    """Open from the first picture to the end; a crash of native code writes the stacks of all threads into its file.

    Only a session that is ended takes its file away.

    Raises:
        OSError: nothing can be written in the folder.
    """

    def __init__(self, folder: Path) -> None:
        now = datetime.now().astimezone()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"session-{os.getpid()}-{now:%Y%m%d-%H%M%S}.trace"
        self._lock = trace_lock(self.path)
        if not self._lock.tryLock(0):
            raise OSError(f"{self.path} cannot be locked")
        try:
            self._stream = self.path.open("w", encoding="utf-8", errors="backslashreplace")
        except OSError:
            self._lock.unlock()
            raise
        try:
            self._begin(now)
        except OSError:
            self.end()
            raise

    def end(self, error: BaseException | None = None) -> None:
        """Leave nothing behind; or, where an error ends this process, that for the next start."""
        faulthandler.disable()
        with contextlib.suppress(OSError):
            if error is not None:
                self._stream.write(f"{ERROR_MARK} {error_summary(error)}\n{error_detail(error)}\n")
            self._stream.close()
        with contextlib.suppress(OSError):
            if error is None:
                self.path.unlink()
        self._lock.unlock()

    def _begin(self, now: datetime) -> None:
        faulthandler.enable(self._stream)
        self._stream.write(f"{_header(now)}\n\n")
        self._stream.flush()


def trace_lock(path: Path) -> QLockFile:
    """What the process of a trace holds for as long as it lives; whoever can take it knows that it has ended."""
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)  # however old, it is held while its process runs
    return lock


def _header(now: datetime) -> str:
    return "\n".join([f"Started: {moment_text(now)}, process {os.getpid()}", *version_lines(), *system_lines()])
