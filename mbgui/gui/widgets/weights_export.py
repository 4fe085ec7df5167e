"""Asking where the weights that a proof moves are to be written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbgui.gui.settings import Settings
    from mbgui.gui.widgets.request_form import RequestForm

_FOLDER_KEY = "files/folder"


class WeightsExport(QObject):
    """`requested` carries the file; the form of the side that gets the weights is offered first."""

    requested = Signal(str)

    def __init__(self, settings: Settings, form: RequestForm, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self._form = form
        self._window = window

    def ask(self) -> None:
        """Ask for the file."""
        from mbgui.gui.widgets.file_dialogs import ask_weights_to_save  # noqa: PLC0415 - not for the first picture

        folder = self._settings.text(_FOLDER_KEY, str(Path.home()))
        path = ask_weights_to_save(self._window, Path(folder) / "moved", self._form.moved_to())
        if path:
            self._settings.set(_FOLDER_KEY, str(Path(path).parent))
            self.requested.emit(path)
