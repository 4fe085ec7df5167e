"""All main windows of the application: opened, found again, brought to the front, closed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from mbgui.gui.desktop import Desktop
from mbgui.gui.faults import tell_of_faults
from mbgui.gui.shared import is_same_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWindow
    from PySide6.QtWidgets import QWidget

    from mbgui.domain.errors import Problem
    from mbgui.gui.instance.handover import Handover
    from mbgui.gui.shared import Shared
    from mbgui.gui.theme import ThemeChoice

_STEP = 32
"""Pixels to the right and down: how far a further window stands from the one below it, so that both are seen."""


class Windows(QObject):
    """Owns the windows; the last used one is the last of them.

    `painted`, `ready` and `loaded` tell of the first window that is so far, `emptied` that the last one is being
    closed, `failed` that a part of one cannot be loaded.
    `begun` carries the controller of every window that hears intents from now on.
    """

    painted = Signal()
    ready = Signal()
    loaded = Signal()
    failed = Signal()
    emptied = Signal()
    begun = Signal(object)
    _fault_raised = Signal(object)

    def __init__(self, shared: Shared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self._desktops: list[Desktop] = []
        self._ending: list[Desktop] = []
        self._waiting: tuple[str, ...] = ()
        self._is_painted = False
        self._is_ready = False
        self._is_loaded = False
        self._fault_raised.connect(self._on_fault_raised)
        shared.front_wanted.connect(self.open)

    @property
    def desktops(self) -> tuple[Desktop, ...]:
        """The windows that are open, the last used one last."""
        return tuple(self._desktops)

    def open(self, path: str = "") -> Desktop:
        """A window that shows a file: the one that does already, else a new one.

        Without a file it is a new one with what was compared last, as far as no other window shows that.
        """
        desktop = self._showing(path) if path else None
        if desktop is None:
            return self._open_new(path)
        self._bring_to_front(desktop)
        return desktop

    def start(self, names: Sequence[str]) -> Desktop:
        """The first window; those of further files come when it hears intents, so that none delays it."""
        self._waiting = tuple(names) if len(names) > 1 else ()
        return self.open(os.path.abspath(names[0]) if names else "")  # noqa: PTH100  a link stays what it is called

    def take(self, handover: Handover) -> None:
        """What a later start was for: a window for each file, or the last used window to the front."""
        if handover.activation_token:  # Qt's Wayland platform looks for it here when it shows or activates a window
            os.environ["XDG_ACTIVATION_TOKEN"] = handover.activation_token
        try:
            self._open_all(handover)
        finally:
            os.environ.pop("XDG_ACTIVATION_TOKEN", None)

    def close(self) -> None:
        """Close every window, and wait until nothing is under way."""
        for desktop in self.desktops:
            desktop.window.close()
        for desktop in tuple(self._ending):
            desktop.wait()

    def watch_faults(self) -> None:
        """Show from now on every error that nothing catches, on this thread or another, in the last used window."""
        tell_of_faults(self._fault_raised.emit)

    def show_crash(self, problem: Problem) -> None:
        """Tell in the last used window how an earlier process ended, with a way to its report."""
        if self._desktops:
            window = self._desktops[-1].window
            window.show_problem(problem, (window.menus.show_logs,))

    def show_hint(self, sentence: str, advice: str) -> None:
        """Say something worth knowing in the last used window."""
        if self._desktops:
            self._desktops[-1].window.show_hint(sentence, advice)

    def _open_all(self, handover: Handover) -> None:
        for path in handover.paths:
            self.open(path)
        if not self._desktops:
            return
        if not handover.paths:
            self._bring_to_front(self._desktops[-1])
        if handover.omitted:
            count = len(handover.paths)
            self.show_hint(
                f"Only {count} of {count + handover.omitted} files were opened.", "Open the others a few at a time."
            )

    def _open_new(self, path: str) -> Desktop:
        below = self._desktops[-1].window if self._desktops else None
        desktop = Desktop(self._shared, path)
        self._desktops.append(desktop)
        self._connect(desktop)
        if below is not None and not desktop.window.isMaximized() and not desktop.window.isFullScreen():
            desktop.window.move(_beside(below))
        desktop.show()
        if below is not None:
            _raise(desktop.window)
        return desktop

    def _connect(self, desktop: Desktop) -> None:
        menus = desktop.window.menus
        menus.new_window.triggered.connect(self._on_new_window)
        menus.quit.triggered.connect(self._on_quit)
        menus.theme_chosen.connect(self._on_theme_chosen)
        desktop.window.painted.connect(self._on_painted)
        desktop.ready.connect(self._on_ready)
        desktop.loaded.connect(self._on_loaded)
        desktop.failed.connect(self.failed)
        desktop.closing.connect(self._on_closing)
        desktop.ended.connect(self._on_ended)

    def _showing(self, path: str) -> Desktop | None:
        shown = (desktop for desktop in self._desktops if desktop.path)
        return next((desktop for desktop in shown if is_same_file(desktop.path, path)), None)

    def _bring_to_front(self, desktop: Desktop) -> None:
        self._desktops.remove(desktop)
        self._desktops.append(desktop)
        _raise(desktop.window)

    def _on_new_window(self) -> None:
        self._open_new("")

    def _on_quit(self) -> None:
        """Close every window; the event loop ends with the last."""
        for desktop in self.desktops:
            desktop.window.close()

    def _on_theme_chosen(self, choice: ThemeChoice) -> None:
        for desktop in self._desktops:
            desktop.window.menus.set_theme(choice)

    def _on_focus_changed(self, focused: QWindow | None) -> None:
        """Keep the last used window last."""
        for desktop in self.desktops[:-1]:
            if focused is not None and desktop.window.windowHandle() is focused:
                self._desktops.remove(desktop)
                self._desktops.append(desktop)

    def _on_painted(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def _on_ready(self) -> None:
        desktop = self.sender()
        if isinstance(desktop, Desktop):
            self.begun.emit(desktop.controller)
        if self._is_ready:
            return
        self._is_ready = True
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_focus_changed)
        if self._waiting:
            from mbgui.gui.instance.handover import Handover  # noqa: PLC0415  seldom needed

            self.take(Handover.of_start(self._waiting, {}))
        self.ready.emit()

    def _on_loaded(self) -> None:
        if not self._is_loaded:
            self._is_loaded = True
            self.loaded.emit()

    def _on_closing(self) -> None:
        desktop = self.sender()
        if isinstance(desktop, Desktop) and desktop in self._desktops:
            self._desktops.remove(desktop)
            self._ending.append(desktop)
            if not self._desktops:
                self.emptied.emit()

    def _on_ended(self) -> None:
        """Give back what a closed window took, while others stay."""
        desktop = self.sender()
        if isinstance(desktop, Desktop) and desktop in self._ending:
            self._ending.remove(desktop)
            desktop.window.deleteLater()
            desktop.deleteLater()

    def _on_fault_raised(self, error: BaseException) -> None:
        if self._desktops:
            self._desktops[-1].show_unexpected(error)


def _raise(window: QWidget) -> None:
    """Bring a window before the user; where the desktop does not let it, it asks for attention."""
    if window.isMinimized():
        window.showNormal()
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)


def _beside(window: QWidget) -> QPoint:
    """Where another window of the same size stands: a step away, at the corner of the screen where it has no room.

    Never in the very same place: it would hide the one below.
    """
    corner = window.screen().availableGeometry().topLeft()
    moved = window.frameGeometry().translated(_STEP, _STEP)
    has_room = window.screen().availableGeometry().contains(moved)
    return moved.topLeft() if has_room or window.pos() == corner else corner
