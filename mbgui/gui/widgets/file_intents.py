"""What the user wants with files: which to open, where to save, what to export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbgui.gui.settings import Settings
    from mbgui.gui.widgets.window_menus import WindowMenus

SNAPSHOT_SUFFIX = ".mbsnap"


class FileIntents(QObject):
    """Asks for the names of files, and remembers the folder and the files used last."""

    open_requested = Signal(str)
    save_requested = Signal(str)
    export_requested = Signal(object, str)

    def __init__(self, settings: Settings, menus: WindowMenus, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self._menus = menus
        self._window = window
        self._title = ""
        menus.open.triggered.connect(self.ask_open)
        menus.save.triggered.connect(self.ask_save)
        menus.recent_chosen.connect(self.open_requested)
        menus.export_chosen.connect(self._ask_export)
        menus.file_menu.aboutToShow.connect(self.show_recent)
        self.show_recent()

    def show_recent(self) -> None:
        """Offer the files used last, in whatever window that was."""
        self._menus.show_recent(self._settings.recent_files)

    def set_title(self, title: str) -> None:
        """What is shown, for the names of its files."""
        self._title = title

    def add_recent(self, path: str) -> None:
        """Remember a file of the user's."""
        self._settings.add_recent_file(path)
        self.show_recent()

    def remove_recent(self, path: str) -> None:
        """Forget a file that could not be opened."""
        self._settings.remove_recent_file(path)
        self.show_recent()

    def ask_open(self) -> None:
        """Ask which snapshot to open."""
        from mbgui.gui.widgets.file_dialogs import ask_snapshot_to_open  # noqa: PLC0415 - not for the first picture

        path = ask_snapshot_to_open(self._window, self._last_folder())
        if path:
            self.open_requested.emit(path)

    def ask_save(self) -> None:
        """Ask where to save what is shown."""
        from mbgui.gui.widgets.file_dialogs import ask_snapshot_to_save  # noqa: PLC0415 - not for the first picture

        path = ask_snapshot_to_save(self._window, self._suggested_path(SNAPSHOT_SUFFIX))
        if path:
            self._settings.set("files/folder", str(Path(path).parent))
            self.save_requested.emit(path)

    def _ask_export(self, name: str) -> None:
        from mbgui.domain.snapshot import ReportFormat  # noqa: PLC0415 - not for the first picture
        from mbgui.gui.widgets.file_dialogs import ask_report_to_save  # noqa: PLC0415

        form = ReportFormat(name)
        path = ask_report_to_save(self._window, self._suggested_path(form.suffix), name)
        if path:
            self._settings.set("files/folder", str(Path(path).parent))
            self.export_requested.emit(form, path)

    def _last_folder(self) -> str:
        return self._settings.text("files/folder", str(Path.home()))

    def _suggested_path(self, suffix: str) -> Path:
        title = self._title.replace(" · ", "-") or "comparison"
        return Path(self._last_folder()) / f"{title}{suffix}"
