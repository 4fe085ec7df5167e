"""The log: a text file of bounded size that several processes may write at once."""

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QLockFile

LARGEST_BYTES = 1_000_000
"""A file that would grow beyond this is set aside."""
KEPT_FILES = 3
"""The file in use among them."""
_LONGEST_RECORD = 20_000
_INDENT = "    "
_LOCK_WAIT_MS = 50


class Level(StrEnum):
    """How much a record matters."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def log_folder() -> Path:
    """Where logs and reports of crashes are kept: the user's folder for logs on this platform."""
    import platformdirs  # noqa: PLC0415 - not needed for the first picture

    return platformdirs.user_log_path("mbgui", appauthor=False)


class LogFile:
    """`mbgui.log` in a folder, older records in `mbgui.1.log` and so on; can be written from any thread.

    A log that cannot be written is no reason to fail: what it was to hold is lost then.
    """

    def __init__(self, folder: Path, *, largest_bytes: int = LARGEST_BYTES) -> None:
        self.path = folder / "mbgui.log"
        self._largest_bytes = largest_bytes

    def write(self, level: Level, text: str, detail: str = "") -> None:
        """Add a record: the time, the level, the process, the text; the detail follows in lines of its own."""
        data = _record(level, text, detail).encode("utf-8", "backslashreplace")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):  # Windows renames nothing that another process has open: it grows then
                if self._is_too_large_with(data):
                    self._set_aside(data)
            self._append(data)

    def tail(self, process_id: int, count: int, since: datetime | None = None) -> str:
        """The last records of one process, at most so many, and none from before `since`; "" where there are none.

        Processes have the same number one after the other: in a container perhaps all of them.
        """
        lines: list[str] = []
        for path in (self._older(1), self.path):
            with contextlib.suppress(OSError):
                lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
        records = [record for record in _records(lines) if _is_of(record, process_id) and not _is_before(record, since)]
        return "\n".join(records[-count:])

    def _append(self, data: bytes) -> None:
        """Write at the end in one step, so that records of several processes do not mix."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)

    def _is_too_large_with(self, data: bytes) -> bool:
        return self.path.is_file() and self.path.stat().st_size + len(data) > self._largest_bytes

    def _set_aside(self, data: bytes) -> None:
        """Give every file the name of the next older one. Whoever else is at it does it for all."""
        lock = QLockFile(str(self.path.with_suffix(".lock")))
        if not lock.tryLock(_LOCK_WAIT_MS):
            return
        try:
            if self._is_too_large_with(data):  # another process may have been faster
                for age in reversed(range(1, KEPT_FILES)):
                    with contextlib.suppress(FileNotFoundError):
                        self._older(age - 1).replace(self._older(age))
        finally:
            lock.unlock()

    def _older(self, age: int) -> Path:
        return self.path if age == 0 else self.path.with_suffix(f".{age}.log")


def moment_text(moment: datetime) -> str:
    """A moment in local time with the distance from UTC, as it is read: `2026-11-27 20:01:03+01:00`."""
    return moment.astimezone().isoformat(" ", "seconds")


def record_moment(record: str) -> datetime | None:
    """When a record was written; `None` for what is none."""
    try:
        moment = datetime.fromisoformat(" ".join(record.split(" ", 2)[:2]))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _record(level: Level, text: str, detail: str) -> str:
    now = datetime.now().astimezone().isoformat(" ", "milliseconds")
    head, *further = f"{text}\n{detail}".strip()[:_LONGEST_RECORD].splitlines() or [""]
    lines = [f"{now} {level:<7} [{os.getpid()}] {head}", *(f"{_INDENT}{line}" for line in further)]
    return "\n".join(lines) + "\n"


def _records(lines: list[str]) -> Iterator[str]:
    """Lines put together to records: what is indented belongs to the line before it."""
    record: list[str] = []
    for line in lines:
        if record and not line.startswith(_INDENT):
            yield "\n".join(record)
            record = []
        record.append(line)
    if record:
        yield "\n".join(record)


def _is_of(record: str, process_id: int) -> bool:
    return f" [{process_id}] " in record.partition("\n")[0][:60]


def _is_before(record: str, since: datetime | None) -> bool:
    moment = record_moment(record)
    return since is not None and moment is not None and moment < since
