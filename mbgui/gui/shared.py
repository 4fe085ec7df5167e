"""What all windows of the application have in common, beyond Qt's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from mbgui.gui.runs import Runs
from mbgui.gui.settings import Settings
from mbgui.gui.theme import Theme, ThemeChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from mbgui.gui.backend import Backend


class ShowsFile(Protocol):
    """A window, as far as others need to know it."""

    @property
    def path(self) -> str:
        """The file that is shown or about to be; "" for none."""
        ...


class Shared(QObject):
    """Settings, theme, the runs of all windows, and one backend with one pool of children.

    The backend is made when the first window asks for it, and ends with the last window. `snapshots_changed` carries
    the window that changed what is kept; `models_listed` tells that more models can be named than before,
    `listed_kinds` of which sources that is known in this run of the application.
    `front_wanted` carries a file that another window shows already, which is to come to the front.
    """

    snapshots_changed = Signal(object)
    front_wanted = Signal(str)
    models_listed = Signal()

    def __init__(self, settings: Settings, make_backend: Callable[[], Backend], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.theme = Theme(_theme_choice(settings), self)
        self.theme.apply()
        self.runs = Runs(self)
        self.listed_kinds: set[str] = set()
        self._make_backend = make_backend
        self._backend: Backend | None = None
        self._windows: set[ShowsFile] = set()
        self._follows_system = False

    @property
    def backend(self) -> Backend:
        """The work behind all windows."""
        if self._backend is None:
            self._backend = self._make_backend()
        return self._backend

    def join(self, window: ShowsFile) -> None:
        """One more window."""
        self._windows.add(window)

    def leave(self, window: ShowsFile) -> bool:
        """One window less; whether it was the last one, with which the backend ends."""
        self._windows.discard(window)
        is_last = not self._windows
        if is_last and self._backend is not None:
            self._backend.close()
        return is_last

    def is_shown_elsewhere(self, path: str, window: ShowsFile) -> bool:
        """Whether another window than this shows a file: two would overwrite each other's pairs."""
        others = (other.path for other in self._windows if other is not window)
        return any(is_same_file(other, path) for other in others if other)

    def follow_system(self) -> None:
        """Have the theme follow the system's scheme; only the first call takes effect."""
        if not self._follows_system:
            self._follows_system = True
            self.theme.follow_system()


def is_same_file(path: str, other: str) -> bool:
    """Whether two paths lead to one file, through links and however they are spelled."""
    return os.path.normcase(os.path.realpath(path)) == os.path.normcase(os.path.realpath(other))


def _theme_choice(settings: Settings) -> ThemeChoice:
    text = settings.text("window/theme", ThemeChoice.SYSTEM.value)
    return ThemeChoice(text) if text in set(ThemeChoice) else ThemeChoice.SYSTEM
