"""Reads and writes files on a thread of its own, so that a slow disk never stalls the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError
from mbgui.domain.snapshot import ReportFormat, SnapshotEntry
from mbgui.gui.faults import unexpected_problem
from mbgui.reports.export import render
from mbgui.snapshots.store import SnapshotStore, read_entry
from mbgui.snapshots.whole_file import write_whole


class FileWorker(QObject):
    """Lives on its own thread; every slot ends in its own signal or in `failed`."""

    opened = Signal(object, str)
    saved = Signal(str)
    exported = Signal(str)
    deleted = Signal(str)
    listed = Signal(tuple)
    failed = Signal(object, str)

    def __init__(self, store: SnapshotStore, sample: Path | None) -> None:
        super().__init__()
        self._store = store
        self._sample = sample

    @Slot(str)
    def open(self, path: str) -> None:
        """Open a snapshot."""
        with self._failures(path):
            self.opened.emit(self._store.open(Path(path)), path)

    @Slot(object, str)
    def save(self, comparison: Comparison, path: str) -> None:
        """Write a comparison to a file of the user's."""
        with self._failures(path):
            self._store.save(comparison, Path(path))
            self.saved.emit(path)

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
