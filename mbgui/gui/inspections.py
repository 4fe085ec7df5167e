"""The windows in which files are looked into: opens them, has the files read, and hands over what comes."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mbgui.gui.widgets.file_window import FileWindow

if TYPE_CHECKING:
    from mbgui.domain.errors import Problem
    from mbgui.domain.model_file import ModelFile
    from mbgui.domain.request import Side
    from mbgui.gui.controller import Controller
    from mbgui.gui.main_window import MainWindow
    from mbgui.gui.settings import Settings
    from mbgui.gui.theme import Theme


class Inspections(QObject):
    """Keeps the windows that are open, and the files that were named and are looked into behind the scenes."""

    def __init__(self, window: MainWindow, controller: Controller, theme: Theme, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._theme = theme
        self._settings = settings
        self._numbers = count()
        self._windows: dict[int, FileWindow] = {}
        self._checked: dict[int, tuple[str, Side]] = {}
        self._references: tuple[str, ...] = ()
        window.models.inspect_requested.connect(self.open)
        window.models.check_requested.connect(self.check)
        window.closing.connect(self.close_all)
        controller.inspected.connect(self._on_inspected)
        controller.inspect_failed.connect(self._on_failed)

    def set_references(self, references: tuple[str, ...]) -> None:
        """Offer these architectures, in the windows that are open too."""
        self._references = references
        for shown in self._windows.values():
            shown.set_references(references)

    def open(self, path: str) -> None:
        """Show a file in a window of its own; one that is open already comes to the front."""
        shown = next((window for window in self._windows.values() if window.path == path), None)
        if shown is None:
            number = next(self._numbers)
            shown = self._new_window(number, path)
            self._controller.inspect(number, path, self._settings.reading_limits)
        shown.show()
        shown.activateWindow()

    def check(self, path: str, side: Side) -> None:
        """Look into a file that was named on a side; it is shown only where it is no model that can be read."""
        number = next(self._numbers)
        self._checked[number] = (path, side)
        self._controller.inspect(number, path, self._settings.reading_limits)

    def close_all(self) -> None:
        """The main window is closing."""
        for shown in tuple(self._windows.values()):
            shown.close()

    def _new_window(self, number: int, path: str) -> FileWindow:
        made = FileWindow(path, self._theme, self._references, self._window)
        made.use_requested.connect(self._window.models.use_reference)
        made.remedy_chosen.connect(self._window.take_remedy)
        made.closed.connect(self._on_closed)
        self._windows[number] = made
        return made

    def _on_closed(self) -> None:
        closed = self.sender()
        for number, shown in tuple(self._windows.items()):
            if shown is closed:
                del self._windows[number]
                self._controller.stop_inspecting(number)

    def _on_inspected(self, number: int, file: ModelFile) -> None:
        if number in self._checked:
            self._settle_check(number, file)
        elif number in self._windows:
            self._windows[number].show_file(file)

    def _settle_check(self, number: int, file: ModelFile) -> None:
        path, side = self._checked.pop(number)
        if file.holds_model and file.refusal is None:
            return
        if not file.holds_model:
            self._window.models.withdraw(side, path)
        shown = self._new_window(number, path)
        shown.show_file(file)
        shown.show()

    def _on_failed(self, number: int, problem: Problem) -> None:
        """What is wrong with a file that was named is said when it is compared; a window says it at once."""
        self._checked.pop(number, None)
        if number in self._windows:
            self._windows[number].show_problem(problem)
