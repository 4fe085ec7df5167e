"""What the window does with files: lists, opens, saves, exports and deletes comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mbgui.gui.widgets.delete_dialog import DeleteDialog
from mbgui.gui.widgets.snapshot_list import SnapshotList

if TYPE_CHECKING:
    from mbgui.domain.alignment import PairCorrection
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.errors import Problem
    from mbgui.domain.events import Completed
    from mbgui.domain.snapshot import ReportFormat, SnapshotEntry
    from mbgui.gui.controller import Controller
    from mbgui.gui.main_window import MainWindow
    from mbgui.gui.shared import Shared, ShowsFile

_NOTICE_MS = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file, and which comparison it holds, whatever its pairs."""

    path: str = ""
    identifier: str = ""


class Archive(QObject):
    """Owns the list in the dock, and knows which file the shown comparison came from.

    `open_path` is a file to open first, in place of the newest that is kept; `owner` is who shows files here, as other
    windows know it. A file that another window shows is not opened: that window comes to the front.
    `corrected` carries the shown comparison with other pairs, `kept_changed` tells that others should list anew.
    """

    corrected = Signal(object)
    kept_changed = Signal()

    def __init__(
        self, window: MainWindow, controller: Controller, shared: Shared, owner: ShowsFile, *, open_path: str
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._shared = shared
        self._owner = owner
        self._folder = shared.backend.store.folder
        self._file = ShownFile()
        self._saving: dict[str, Comparison] = {}
        self._sample_path = ""
        self._is_first_listing = True
        self._open_path = open_path
        self._opening = open_path
        self._opened_instead = ""
        self._list = SnapshotList(shared.theme, window.dock)
        window.dock.setWidget(self._list)
        self._connect()

    @property
    def path(self) -> str:
        """The file that is shown, or the one that is being opened; "" for none."""
        return self._opening or self._path_of(self._window.comparison)

    def begin(self) -> None:
        """Open what is to be shown first, and list what is kept."""
        if self._open_path:
            self._controller.open(self._open_path)
        self._controller.list()

    def open(self, path: str) -> None:
        """Open a snapshot, unless another window shows it or a comparison is under way."""
        if not self._is_free(path):
            self._shared.front_wanted.emit(path)
            return
        if self._controller.is_running:
            self._window.show_hint("A comparison is under way.", "Stop it, or wait for its end, to open another one.")
            return
        self._opening = path
        self._controller.open(path)

    def correct(self, corrections: tuple[PairCorrection, ...]) -> None:
        """Set pairs of the shown comparison by hand, unless another one is under way."""
        if self._controller.is_running:
            self._window.show_hint("A comparison is under way.", "Stop it, or wait for its end, to correct pairs.")
        elif self._window.comparison is not None:
            self._controller.correct(self._window.comparison, corrections)

    def name_file(self, comparison: Comparison | None) -> None:
        """Say in the title which file of the user's holds what is shown, and mark in the list what is kept."""
        path = self._path_of(comparison)
        is_of_user = bool(path) and not self._is_kept(path) and comparison is not None and not comparison.is_sample
        self._window.name_file(PurePath(path).name if is_of_user else "")
        if not self._controller.is_running:
            self._list.select(path)

    def _path_of(self, comparison: Comparison | None) -> str:
        """The file of a comparison; "" for one that has none (yet)."""
        is_its = comparison is not None and comparison.identifier == self._file.identifier
        return self._file.path if is_its else ""

    def _is_kept(self, path: str) -> bool:
        return Path(path).is_relative_to(self._folder)

    def _is_free(self, path: str) -> bool:
        """Whether it can be opened here; nothing is ever written to the sample, so any window may show it."""
        return path == self._sample_path or not self._shared.is_shown_elsewhere(path, self._owner)

    def _connect(self) -> None:
        window, controller = self._window, self._controller
        window.files.open_requested.connect(self.open)
        window.files.save_requested.connect(self._on_save_requested)
        window.files.export_requested.connect(self._on_export_requested)
        self._list.open_requested.connect(self.open)
        self._list.delete_requested.connect(self._on_delete_requested)
        controller.running_changed.connect(self._on_running_changed)
        controller.completed.connect(self._on_completed)
        controller.corrected.connect(self._on_corrected)
        controller.correcting_failed.connect(window.show_problem)
        controller.opened.connect(self._on_opened)
        controller.saved.connect(self._on_saved)
        controller.exported.connect(self._on_exported)
        controller.deleted.connect(self._on_deleted)
        controller.listed.connect(self._on_listed)
        controller.file_failed.connect(self._on_file_failed)

    def _on_save_requested(self, path: str) -> None:
        if self._window.comparison is not None:
            self._saving[path] = self._window.comparison
            self._controller.save(self._window.comparison, path)

    def _on_export_requested(self, form: ReportFormat, path: str) -> None:
        if self._window.comparison is not None:
            self._controller.export(self._window.comparison, form, path)

    def _on_delete_requested(self, entry: SnapshotEntry) -> None:
        dialog = DeleteDialog(entry, self._window)
        dialog.confirmed.connect(self._controller.delete)
        dialog.open()

    def _on_running_changed(self) -> None:
        if self._controller.is_running:
            self._list.select("")
        self.name_file(self._window.comparison)

    def _on_completed(self, event: Completed) -> None:
        self._take(event.comparison, event.snapshot_path)
        self.kept_changed.emit()

    def _on_corrected(self, comparison: Comparison) -> None:
        """Show it and keep it in its file, unless something else is shown by now, or its file is being opened again.

        The sample has no file to change.
        """
        before = self._window.comparison
        if before is None or before.identifier != comparison.identifier or self._opening == self._file.path != "":
            return
        self.corrected.emit(comparison)
        path = self._path_of(comparison)
        if path and not comparison.is_sample:
            self._controller.update(comparison, before, path)
        if before.equivalence is not None and comparison.equivalence is None:
            self._window.show_hint("The proof was made with other pairs.", "Press Compare to verify the outputs again.")

    def _on_opened(self, comparison: Comparison, path: str) -> None:
        self._forget_opening(path)
        self._file = ShownFile(path=path, identifier=comparison.identifier)  # named when it is shown
        if path != self._opened_instead:
            self._window.hide_message()
        self._opened_instead = ""
        if not comparison.is_sample and not self._is_kept(path):
            self._window.files.add_recent(path)

    def _on_saved(self, path: str) -> None:
        """What was saved under another name is that file from now on."""
        comparison = self._saving.pop(path, None)
        if comparison is not None:
            self._take(comparison, path)
        if self._is_kept(path):
            self._controller.list()
            self.kept_changed.emit()
        else:
            self._window.files.add_recent(path)
        self._window.status.showMessage(f"Saved {path}", _NOTICE_MS)

    def _on_exported(self, path: str) -> None:
        self._window.status.showMessage(f"Exported {path}", _NOTICE_MS)

    def _on_deleted(self, path: str) -> None:
        """What is shown stays: it can be saved again."""
        self._window.files.remove_recent(path)
        self._window.status.showMessage(f"Deleted {path}", _NOTICE_MS)
        self._controller.list()
        self.kept_changed.emit()

    def _on_listed(self, entries: Sequence[SnapshotEntry]) -> None:
        self._list.show_entries(entries)
        self._sample_path = next((entry.path for entry in entries if entry.is_sample), "")
        if self._is_first_listing and not self._file.path and not self._open_path:
            self._open_newest([entry.path for entry in entries if self._is_free(entry.path)])
        self._is_first_listing = False
        self.name_file(self._window.comparison)

    def _open_newest(self, paths: Sequence[str]) -> None:
        if paths:
            self._opened_instead = paths[0] if self._window.has_problem else ""
            self.open(paths[0])

    def _on_file_failed(self, problem: Problem, path: str) -> None:
        """Where it was the file to be shown first, the newest that is kept takes its place below the message."""
        self._window.show_problem(problem)
        self._window.files.remove_recent(path)
        self._forget_opening(path)
        self._saving.pop(path, None)
        if path == self._open_path:
            self._open_path = ""

    def _take(self, comparison: Comparison, path: str) -> None:
        """The comparison that is shown is in this file now."""
        shown = self._window.comparison
        if shown is not None and shown.identifier == comparison.identifier:
            self._file = ShownFile(path=path, identifier=comparison.identifier)
            self.name_file(shown)

    def _forget_opening(self, path: str) -> None:
        if path == self._opening:
            self._opening = ""
