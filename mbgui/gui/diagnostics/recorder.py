"""Keeps the log and the trace of this process, and tells what earlier ones left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QObject, QThread, Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from mbgui.domain.errors import Problem
    from mbgui.gui.controller import Controller
    from mbgui.gui.diagnostics.heard_messages import HeardMessages
    from mbgui.gui.diagnostics.log_file import LogFile
    from mbgui.gui.diagnostics.run_log import RunLog
    from mbgui.gui.diagnostics.trace import Trace

_ORDERLY = (KeyboardInterrupt, SystemExit)


class _Step(QThread):
    """Does one thing in the background, so that a slow disk never stalls the window."""

    def __init__(self, work: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.setObjectName("Recorder")

    def run(self) -> None:
        """Do it."""
        self._work()


class Recorder(QObject):
    """One for the process, around everything it does; `start` it with the first picture, since it reads and imports.

    `opened` tells that log and trace are there, as far as they can be.
    `problem_raised` and `hint_raised` come after `tell`, once: a crash of an earlier process, or what cannot be kept.
    An error that leaves the `with` block is left for the next start, like a crash.
    """

    opened = Signal()
    problem_raised = Signal(object)
    hint_raised = Signal(str, str)

    def __init__(self, settings_file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings_file = settings_file
        self._log: LogFile | None = None
        self._trace: Trace | None = None
        self._messages: HeardMessages | None = None
        self._runs: RunLog | None = None
        self._controllers: list[Controller] = []
        self._crash: Problem | None = None
        self._unkept: tuple[str, str] | None = None
        self._may_tell = self._is_open = self._is_closed = False
        self._opening = _Step(self._open, self)
        self._looking = _Step(self._look, self)
        self._opening.finished.connect(self._on_opened)
        self._looking.finished.connect(self._on_looked)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(None if isinstance(error, _ORDERLY) else error)

    def start(self) -> None:
        """Open the log and the trace; can be called again."""
        if not self._is_open and not self._opening.isRunning():
            self._opening.start()

    def tell(self) -> None:
        """The window is at rest, and messages stay: look what there is to tell."""
        self._may_tell = True
        self._begin_to_look()

    def watch(self, controller: Controller) -> None:
        """Write into the log what this one does."""
        self._controllers.append(controller)
        self._watch_all()

    def close(self, error: BaseException | None = None) -> None:
        """Write the end; without an error nothing is left for the next start."""
        for step in (self._opening, self._looking):
            step.wait()
        if not self._is_closed:
            self._is_closed = True
            self._write_end(error)
        if self._messages is not None:
            self._messages.end()
        if self._trace is not None:
            self._trace.end(error)
        self._trace = self._messages = None

    def _open(self) -> None:
        """What reads, writes and imports; in the background."""
        from mbgui.gui.diagnostics import heard_messages, run_log  # noqa: F401, PLC0415 - for the thread of the window
        from mbgui.gui.diagnostics.crash_reports import take_crashes  # noqa: PLC0415 - none of it before the picture
        from mbgui.gui.diagnostics.log_file import Level, LogFile, log_folder  # noqa: PLC0415
        from mbgui.gui.diagnostics.trace import Trace  # noqa: PLC0415
        from mbgui.gui.software_versions import system_lines, version_lines  # noqa: PLC0415

        folder = log_folder()
        self._log = LogFile(folder)
        self._crash = take_crashes(folder, self._log)  # before a record of this process, whose number may be the same
        untraced = ""
        try:
            self._trace = Trace(folder)
        except OSError as error:
            untraced = str(error)
        self._log.write(Level.INFO, "mbgui was started.", "\n".join((*version_lines(), *system_lines())))
        if untraced:
            self._log.write(Level.WARNING, f"A crash would leave no trace: {untraced}")

    def _on_opened(self) -> None:
        if self._log is None or self._is_closed:
            return
        from mbgui.gui.diagnostics.heard_messages import HeardMessages  # noqa: PLC0415 - imported by now
        from mbgui.gui.diagnostics.run_log import RunLog  # noqa: PLC0415

        self._is_open = True
        self._messages = HeardMessages(self._log)
        self._messages.begin()
        self._runs = RunLog(self._log, self)
        self._watch_all()
        self.opened.emit()
        self._begin_to_look()

    def _watch_all(self) -> None:
        if self._runs is not None:
            for controller in self._controllers:
                self._runs.watch(controller)
            self._controllers.clear()

    def _begin_to_look(self) -> None:
        if self._may_tell and self._is_open and not self._looking.isRunning():
            self._may_tell = False
            self._looking.start()

    def _look(self) -> None:
        """Find out what cannot be kept; in the background."""
        from mbgui.gui.diagnostics.kept_places import Place, unkept_words  # noqa: PLC0415 - none of it at the start
        from mbgui.gui.diagnostics.log_file import Level, log_folder  # noqa: PLC0415
        from mbgui.snapshots.store import default_folder  # noqa: PLC0415

        places = [
            Place(content="Comparisons", folder=default_folder()),
            Place(content="Logs", folder=log_folder()),
        ]
        if self._settings_file is not None:
            places.insert(0, Place(content="Settings", folder=self._settings_file.parent, file=self._settings_file))
        self._unkept = unkept_words(places)
        if self._log is not None and self._unkept is not None:
            self._log.write(Level.WARNING, self._unkept[0], self._unkept[1])

    def _on_looked(self) -> None:
        if self._is_closed:
            return
        if self._crash is not None:  # the bar has room for one; what cannot be kept is told by the next start, too
            self.problem_raised.emit(self._crash)
        elif self._unkept is not None:
            self.hint_raised.emit(*self._unkept)
        self._crash = self._unkept = None

    def _write_end(self, error: BaseException | None) -> None:
        from mbgui.domain.error_text import error_detail, error_summary  # noqa: PLC0415 - seldom needed
        from mbgui.gui.diagnostics.log_file import Level, LogFile, log_folder  # noqa: PLC0415

        if error is not None:
            log = self._log or LogFile(log_folder())
            log.write(Level.ERROR, f"mbgui was ended by {error_summary(error)}", error_detail(error))
        elif self._log is not None:
            self._log.write(Level.INFO, "mbgui was closed.")
