"""What the window does with files: lists, opens, saves, exports and deletes comparisons."""

from __future__ import annotations

from collections.abc import Sequence
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
    from mbgui.gui.theme import Theme

_NOTICE_MS = 6_000


class Archive(QObject):
    """Owns the list in the dock, and knows which file the shown comparison came from.

    `folder` is where comparisons are kept; `open_path` a file to open first, in place of the newest that is kept.
    `corrected` carries the shown comparison with other pairs, `kept_changed` tells that others should list anew.
    """

    corrected = Signal(object)
    kept_changed = Signal()

    def __init__(
        self, window: MainWindow, controller: Controller, theme: Theme, *, folder: Path, open_path: str = ""
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._folder = folder
        self._shown_path = ""
        self._is_first_listing = True
        self._open_path = open_path
        self._opening = open_path
        self._opened_instead = ""
        self._list = SnapshotList(theme, window.dock)
        window.dock.setWidget(self._list)
        self._connect()

    @property
    def path(self) -> str:
        """The file that is shown, or the one that is being opened; "" for none."""
        return self._opening or self._shown_path

    def begin(self) -> None:
        """Open what is to be shown first, and list what is kept."""
        if self._open_path:
            self._controller.open(self._open_path)
        self._controller.list()

    def open(self, path: str) -> None:
        """Open a snapshot, unless a comparison is under way."""
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

    def _connect(self) -> None:
        window, controller = self._window, self._controller
        window.files.open_requested.connect(self.open)
        window.files.save_requested.connect(self._on_save_requested)
        window.files.export_requested.connect(self._on_export_requested)
        self._list.open_requested.connect(self.open)
        self._list.delete_requested.connect(self._on_delete_requested)
        controller.run_started.connect(self._on_run_started)
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
            self._controller.save(self._window.comparison, path)

    def _on_export_requested(self, form: ReportFormat, path: str) -> None:
        if self._window.comparison is not None:
            self._controller.export(self._window.comparison, form, path)

    def _on_delete_requested(self, entry: SnapshotEntry) -> None:
        dialog = DeleteDialog(entry, self._window)
        dialog.confirmed.connect(self._controller.delete)
        dialog.open()

    def _on_run_started(self) -> None:
        self._list.select("")
        self._window.name_file("")

    def _on_completed(self, event: Completed) -> None:
        self._shown_path = event.snapshot_path
        self.kept_changed.emit()

    def _on_corrected(self, comparison: Comparison) -> None:
        """Show it and keep it in its file, unless something else is shown by now; the sample has no file to change."""
        before = self._window.comparison
        if before is None or before.identifier != comparison.identifier:
            return
        self.corrected.emit(comparison)
        if self._shown_path and not comparison.is_sample:
            self._controller.save(comparison, self._shown_path)
        if before.equivalence is not None and comparison.equivalence is None:
            self._window.show_hint("The proof was made with other pairs.", "Press Compare to verify the outputs again.")

    def _on_opened(self, comparison: Comparison, path: str) -> None:
        self._shown_path = path
        self._forget_opening(path)
        self._list.select(path)
        if path != self._opened_instead:
            self._window.hide_message()
        self._opened_instead = ""
        is_of_user = not comparison.is_sample and not path.startswith(str(self._folder))
        self._window.name_file(PurePath(path).name if is_of_user else "")
        if is_of_user:
            self._window.files.add_recent(path)

    def _on_saved(self, path: str) -> None:
        if path.startswith(str(self._folder)):
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
        if self._is_first_listing and entries and not self._shown_path and not self._open_path:
            self._opened_instead = entries[0].path if self._window.has_problem else ""
            self.open(entries[0].path)
        self._is_first_listing = False
        if not self._controller.is_running:
            self._list.select(self._shown_path)

    def _on_file_failed(self, problem: Problem, path: str) -> None:
        """Where it was the file to be shown first, the newest that is kept takes its place below the message."""
        self._window.show_problem(problem)
        self._window.files.remove_recent(path)
        self._forget_opening(path)
        if path == self._open_path:
            self._open_path = ""

    def _forget_opening(self, path: str) -> None:
        if path == self._opening:
            self._opening = ""
