"""Looks into files with models or weights on a thread of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import ReadingLimits
from mbgui.gui.faults import unexpected_problem
from mbgui.pipeline.cancel import CancelToken

Inspect = Callable[[str, CancelToken, ReadingLimits], ModelFile]
"""`pipeline.files.inspect_model_file` with children already given to it. Raises `MbguiError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A file to look into; `number` tells it from others, also of the same file."""

    number: int
    path: str
    limits: ReadingLimits
    cancel: CancelToken


class InspectWorker(QObject):
    """Lives on its own thread; each run ends in exactly one of `inspected` and `failed`, with the run's number."""

    inspected = Signal(int, object)
    failed = Signal(int, object)

    def __init__(self, inspect: Inspect) -> None:
        super().__init__()
        self._inspect = inspect

    @Slot(object)
    def run(self, inspection: Inspection) -> None:
        """Look into one file; where that was cancelled, the problem says so by its kind."""
        outcome = self._outcome(inspection)
        signal = self.inspected if isinstance(outcome, ModelFile) else self.failed
        signal.emit(inspection.number, outcome)

    def _outcome(self, inspection: Inspection) -> ModelFile | Problem:
        try:
            return self._inspect(inspection.path, inspection.cancel, inspection.limits)
        except MbguiError as error:
            return MbguiError.cancelled().problem if inspection.cancel.is_cancelled else error.problem
        except Exception as error:  # noqa: BLE001 - the border of the thread: nothing may get lost here
            return unexpected_problem(error)
