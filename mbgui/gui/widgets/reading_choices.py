"""What may happen when files and modules of the user's are read: where code is looked for, what a file may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbgui.gui.settings import Settings
    from mbgui.gui.widgets.window_menus import WindowMenus


class ReadingChoices(QObject):
    """Keeps what is chosen in the menu."""

    def __init__(self, settings: Settings, menus: WindowMenus, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self._window = window
        menus.limits.setChecked(settings.has_reading_limits)
        menus.limits.toggled.connect(self._on_limits_toggled)
        menus.code_folders.triggered.connect(self._on_code_folders)

    def _on_limits_toggled(self, is_checked: bool) -> None:
        self._settings.has_reading_limits = is_checked

    def _on_code_folders(self) -> None:
        from mbgui.gui.widgets.code_folders_dialog import CodeFoldersDialog  # noqa: PLC0415 - seldom needed

        dialog = CodeFoldersDialog(self._settings.code_folders, self._window)
        dialog.changed.connect(self._on_folders_changed)
        dialog.open()

    def _on_folders_changed(self, folders: tuple[str, ...]) -> None:
        self._settings.code_folders = folders
