"""The trace of this process: a file that is there while it lives, and what the next start learns a crash from."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from datetime import datetime
from typing import TYPE_CHECKING

from mbgui.domain.error_text import error_detail, error_summary
from mbgui.gui.diagnostics.log_file import moment_text
from mbgui.gui.instance.file_lock import FileLock
from mbgui.gui.software_versions import system_lines, version_lines

if TYPE_CHECKING:
    from pathlib import Path

TRACE_PATTERN = "session-*.trace"
ERROR_MARK = "The error that ended it:"
_STARTED = "Started: "


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
        if not self._lock.take():
            raise OSError(f"{self.path} cannot be locked")
        try:
            self._stream = self.path.open("w", encoding="utf-8", errors="backslashreplace")
        except OSError:
            self._lock.release()
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
        self._lock.release()

    def _begin(self, now: datetime) -> None:
        faulthandler.enable(self._stream)
        self._stream.write(f"{_header(now)}\n\n")
        self._stream.flush()


def trace_lock(path: Path) -> FileLock:
    """What the process of a trace holds for as long as it lives; whoever can take it knows that it has ended.

    The number of the process would not tell: in a container every start may have the same.
    """
    return FileLock(path.with_name(f"{path.name}.lock"))


def start_moment(trace: str) -> datetime | None:
    """When the process of a trace began to keep it, to the second below; `None` where its text does not say so."""
    text = trace.partition("\n")[0].removeprefix(_STARTED).partition(",")[0]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _header(now: datetime) -> str:
    return "\n".join([f"{_STARTED}{moment_text(now)}, process {os.getpid()}", *version_lines(), *system_lines()])
