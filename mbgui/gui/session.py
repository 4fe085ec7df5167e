"""One run of the application, from its first window to its last."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from mbgui.gui import resources
from mbgui.gui.diagnostics.recorder import Recorder
from mbgui.gui.settings import Settings
from mbgui.gui.shared import Shared
from mbgui.gui.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mbgui.gui.backend import Backend
    from mbgui.gui.desktop import Desktop
    from mbgui.gui.instance.claim import Claim
    from mbgui.gui.instance.place import Place
    from mbgui.gui.instance.server import InstanceServer
    from mbgui.gui.stop_signals import StopSignals

_LOG = logging.getLogger(__name__)
_SIGNALLED = 128
"""What shells add to the number of a signal for the exit code of a program that it ended."""
_SWITCH_INTERVAL_S = 0.001
"""How long a worker may keep the interpreter from the window; Python's own 5 ms add up where many calls wait."""
_COLLECTION_THRESHOLDS = (10_000, 5, 100)
"""Collections of the two young generations then take under 5 ms, and that of the old one, which takes 40 ms and more
with Python's own (700, 10, 10), hardly ever comes: records hold no cycles, and counting references frees them."""


class Session(QObject):
    """The windows, and what comes to them from outside: later starts, and signals of the system."""

    def __init__(self, shared: Shared, claim: Claim) -> None:
        super().__init__()
        self._claim = claim
        self._server: InstanceServer | None = None
        self._signals: StopSignals | None = None
        self.exit_code = 0
        self.windows = Windows(shared, self)
        self.windows.painted.connect(self._on_painted)
        self.windows.ready.connect(self._on_ready)
        self.windows.failed.connect(self._on_failed)
        self.windows.emptied.connect(self.stop_listening)

    def open_file(self, path: str) -> None:
        """Open a file that the system wants opened."""
        self.windows.open(os.path.abspath(path))  # noqa: PTH100  a link stays what the user called it

    def stop_listening(self) -> None:
        """Let the next start be the first one again."""
        if self._server is not None:
            self._server.close()
        if self._claim.lock is not None:
            self._claim.lock.release()

    def close(self) -> None:
        """Close what is open, and wait until nothing is under way."""
        self.stop_listening()
        self.windows.close()
        if self._signals is not None:
            self._signals.close()

    def _on_painted(self) -> None:
        from mbgui.gui.stop_signals import StopSignals  # noqa: PLC0415  not for the first picture

        self._signals = StopSignals(self)
        self._signals.stop_asked.connect(self._on_stop_asked)

    def _on_ready(self) -> None:
        """Listen where others look for the first instance; where that cannot be, everyone runs on their own."""
        place, lock = self._claim.place, self._claim.lock
        if place is None or lock is None or not lock.is_held:
            return
        is_listening = False
        try:
            is_listening = self._listen(place)
        except (ImportError, OSError) as error:  # Qt's library for networks needs some of the system's
            _LOG.warning("Later starts open windows of their own: %s", error)
        finally:
            if not is_listening:
                lock.release()

    def _listen(self, place: Place) -> bool:
        """Whether later starts can hand over here. Raises `ImportError` or `OSError` where that cannot be found out."""
        from mbgui.gui.instance.server import InstanceServer  # noqa: PLC0415  takes the library for networks

        self._server = InstanceServer(self)
        self._server.received.connect(self.windows.take)
        return self._server.listen(place.server_name)

    def _on_failed(self) -> None:
        """A window that lacks a part may never hear intents, and nobody is to wait for that."""
        if self._server is None and self._claim.lock is not None:
            self._claim.lock.release()

    def _on_stop_asked(self, number: int) -> None:
        self.exit_code = _SIGNALLED + number
        self.windows.close()
        QApplication.exit(self.exit_code)


def run_session(names: Sequence[str], claim: Claim) -> int:
    """Show windows until the last one is closed, one for each file, or one without; returns the exit code."""
    application = _application()
    application.setApplicationName("mbgui")
    application.setDesktopFileName("mbgui")
    _let_interrupts_end_it()
    settings = Settings()
    with Recorder(settings.file) as recorder:
        session = Session(Shared(settings, _pipeline_backend), claim)
        windows = session.windows
        windows.watch_faults()
        _record(recorder, windows)
        tune_interpreter(windows)
        if sys.platform == "darwin":
            _open_what_the_system_names(application, session)
        if names or not windows.desktops:
            windows.start(names)
        try:
            code = application.exec()
        finally:
            session.close()
    return session.exit_code or code


def _record(recorder: Recorder, windows: Windows) -> None:
    """Keep a log from the first picture on, and have an earlier crash told where messages stay."""
    windows.painted.connect(recorder.start)
    windows.begun.connect(recorder.watch)
    windows.loaded.connect(recorder.tell)
    recorder.problem_raised.connect(windows.show_crash)
    recorder.hint_raised.connect(windows.show_hint)


def tune_interpreter(shown: Windows | Desktop) -> None:
    """Let neither other threads nor the search for garbage keep a window waiting; for the process as a whole."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    gc.set_threshold(*_COLLECTION_THRESHOLDS)
    shown.loaded.connect(gc.freeze)  # modules stay to the end: no need to look at them ever again


def _let_interrupts_end_it() -> None:
    """Until the first picture: then signals end the session in order. Who ignores Ctrl-C, as `nohup` does, means it."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _application() -> QApplication:
    if sys.platform == "darwin":
        from mbgui.gui.application import FileOpeningApplication  # noqa: PLC0415

        application: QApplication = FileOpeningApplication(["mbgui"])
    else:
        application = QApplication(["mbgui"])
    if not sys.platform.startswith("linux"):  # where it is the only style there is, asking for it only takes time
        application.setStyle("Fusion")
    return application


def _open_what_the_system_names(application: QApplication, session: Session) -> None:
    """An event tells, soon after the start, which file was double-clicked; others may follow at any time."""
    from mbgui.gui.application import FileOpeningApplication  # noqa: PLC0415

    if isinstance(application, FileOpeningApplication):
        application.file_opened.connect(session.open_file)
        application.processEvents()


def _pipeline_backend() -> Backend:
    from mbgui.gui.backend import pipeline_backend  # noqa: PLC0415 - imported in the background

    return pipeline_backend(resources.sample_path())
