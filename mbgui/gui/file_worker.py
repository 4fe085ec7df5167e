"""Reads and writes files on a thread of its own, so that a slow disk never stalls the window."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.snapshot import ReportFormat, SnapshotEntry
from mbgui.gui.faults import unexpected_problem
from mbgui.reports.export import render
from mbgui.snapshots.codec import decode, encode
from mbgui.snapshots.store import SnapshotStore, read_entry
from mbgui.snapshots.whole_file import read_whole, write_whole

_ADVICE = "Save the snapshot under another name, or open the file again."


class FileWorker(QObject):
    """Lives on its own thread; every slot ends in its own signal or in `failed`.

    It remembers what the files it read or wrote held then; `refused` tells that one holds something else by now.
    """

    opened = Signal(object, str)
    saved = Signal(str)
    exported = Signal(str)
    deleted = Signal(str)
    listed = Signal(tuple)
    failed = Signal(object, str)
    refused = Signal(object)

    def __init__(self, store: SnapshotStore, sample: Path | None) -> None:
        super().__init__()
        self._store = store
        self._sample = sample
        self._digests: dict[str, bytes] = {}

    @Slot(str)
    def open(self, path: str) -> None:
        """Open a snapshot."""
        with self._failures(path):
            data = read_whole(Path(path))
            comparison = decode(data, name=Path(path).name)
            self._digests[path] = _digest(data)
            self.opened.emit(comparison, path)

    @Slot(object, str)
    def save(self, comparison: Comparison, path: str) -> None:
        """Write a comparison to a file of the user's."""
        with self._failures(path):
            self._write(comparison, path)

    @Slot(object, object, str)
    def update(self, comparison: Comparison, before: Comparison, path: str) -> None:
        """Write a corrected comparison to its file, which holds `before` if this worker has not touched it yet.

        What somebody else changed or deleted since is left as it is.
        """
        with self._failures(path):
            expected = self._digests.setdefault(path, _digest(encode(before)))
            problem = _change_problem(Path(path), expected)
            if problem is not None:
                self.refused.emit(problem)
            else:
                self._write(comparison, path)

    @Slot(object, object, str)
    def export(self, comparison: Comparison, form: ReportFormat, path: str) -> None:
        """Write a comparison as a report."""
        with self._failures(path):
            write_whole(Path(path), render(comparison, form).encode())
            self.exported.emit(path)

    @Slot(str)
    def delete(self, path: str) -> None:
        """Delete a snapshot file."""
        with self._failures(path):
            self._store.delete(Path(path))
            self.deleted.emit(path)

    @Slot()
    def list(self) -> None:
        """List what is kept, newest first, the sample last."""
        with self._failures(""):
            self.listed.emit((*self._store.entries(), *self._sample_entries()))

    def _write(self, comparison: Comparison, path: str) -> None:
        data = encode(comparison)
        write_whole(Path(path), data)
        self._digests[path] = _digest(data)
        self.saved.emit(path)

    def _sample_entries(self) -> tuple[SnapshotEntry, ...]:
        return (read_entry(self._sample),) if self._sample is not None else ()

    @contextmanager
    def _failures(self, path: str) -> Iterator[None]:
        try:
            yield
        except MbguiError as error:
            self.failed.emit(error.problem, path)
        except Exception as error:  # noqa: BLE001 - the border of the thread: nothing may get lost here
            self.failed.emit(unexpected_problem(error), path)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _change_problem(path: Path, expected: bytes) -> Problem | None:
    """Why a file must not be replaced, `None` where it is as it was. Raises `MbguiError` where it cannot be read."""
    if not path.exists():
        happened = "was deleted"
    elif _digest(read_whole(path)) != expected:
        happened = "was changed"
    else:
        return None
    return Problem(
        sentence=f"{path.name} {happened} since it was opened here, so the pairs set by hand are not kept in it.",
        advice=_ADVICE,
    )
