"""Ends the application in order when the system asks for it: Ctrl-C, the end of a session, of a terminal."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if TYPE_CHECKING:
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
"""SIGHUP is none on Windows."""


class StopSignals(QObject):
    """From the time it is made, `stop_asked` carries the number of a signal that would have ended the process.

    Python sees a signal only when it runs, and Qt's event loop may run no Python for hours: so the signal goes through
    a socket that the event loop watches. A second signal ends the process at once. What was ignored before, as with
    `nohup`, stays ignored. To be made on the main thread.
    """

    stop_asked = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._wakeup_before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._before = {number: signal.getsignal(number) for number in numbers}
        self._before = {number: before for number, before in self._before.items() if before is not signal.SIG_IGN}
        for number in self._before:
            signal.signal(number, _do_nothing)

    def close(self) -> None:
        """Put everything back as it was; nothing happens the second time."""
        if not self._before:
            return
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before = {}
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        for end in (self._ours, self._theirs):
            end.close()

    def _on_activated(self) -> None:
        caught = [number for number in self._ours.recv(64) if number in self._before]
        if not caught:
            return
        for number in self._before:
            signal.signal(number, signal.SIG_DFL)
        self.stop_asked.emit(caught[0])


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """What Python calls; the socket has told already."""
