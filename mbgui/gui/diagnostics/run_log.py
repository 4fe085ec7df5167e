"""What the log tells of runs and files: when they began, how they ended, and what went wrong."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mbgui.domain import events
from mbgui.domain.errors import Problem, ProblemKind
from mbgui.domain.input_shape import inputs_text
from mbgui.gui.diagnostics.log_file import Level, LogFile

if TYPE_CHECKING:
    from mbgui.domain.comparison import Comparison
    from mbgui.domain.request import CompareRequest
    from mbgui.gui.controller import Controller


class RunLog(QObject):
    """Writes into the log what controllers tell."""

    def __init__(self, log: LogFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log

    def watch(self, controller: Controller) -> None:
        """Write what this one tells as well."""
        controller.run_started.connect(self._on_run_started)
        controller.measurement_started.connect(self._on_measurement_started)
        controller.calibration_started.connect(self._on_calibration_started)
        controller.happened.connect(self.note)
        controller.correcting_failed.connect(self._on_problem)
        controller.file_failed.connect(self._on_file_failed)
        controller.inspect_failed.connect(self._on_inspect_failed)

    @singledispatchmethod
    def note(self, event: object) -> None:
        """Write what an event of a run tells, where it is worth a line."""

    @note.register
    def _(self, event: events.Warned) -> None:
        self._write(Level.WARNING, "The run goes on", event.problem)

    @note.register
    def _(self, event: events.Failed) -> None:
        self._write(Level.ERROR, "The run failed", event.problem)

    @note.register
    def _(self, event: events.Cancelled) -> None:
        del event
        self._log.write(Level.INFO, "The run was stopped.")

    @note.register
    def _(self, event: events.Completed) -> None:
        stages = " · ".join(f"{item.stage} {item.duration_s:.1f} s" for item in event.comparison.stages)
        self._log.write(Level.INFO, f"The run ended well: {stages}")

    @note.register
    def _(self, event: events.CalibrationCompleted) -> None:
        del event
        self._log.write(Level.INFO, "The calibration ended well.")

    @Slot(object)
    def _on_run_started(self, request: CompareRequest) -> None:
        self._log.write(Level.INFO, f"A comparison began: {_named(request)}")

    @Slot(object, object)
    def _on_measurement_started(self, comparison: Comparison, request: CompareRequest) -> None:
        del comparison
        self._log.write(Level.INFO, f"A measurement began: {_named(request)}")

    @Slot(object)
    def _on_calibration_started(self, request: CompareRequest) -> None:
        self._log.write(Level.INFO, f"A calibration began: {_named(request)}")

    @Slot(object)
    def _on_problem(self, problem: Problem) -> None:
        self._write(Level.WARNING, "Pairs could not be corrected", problem)

    @Slot(object, str)
    def _on_file_failed(self, problem: Problem, path: str) -> None:
        self._write(Level.WARNING, f"File {path}" if path else "Files", problem)

    @Slot(int, object)
    def _on_inspect_failed(self, number: int, problem: Problem) -> None:
        del number
        self._write(Level.WARNING, "A file could not be looked into", problem)

    def _write(self, level: Level, what: str, problem: Problem) -> None:
        told = Level.INFO if problem.kind is ProblemKind.CANCELLED else level
        self._log.write(told, f"{what}: {problem.sentence}", problem.detail)


def _named(request: CompareRequest) -> str:
    inputs = f", input {inputs_text(request.inputs)}" if request.inputs else ""
    return f"{request.left.reference} and {request.right.reference}{inputs}, {request.threads} threads"
