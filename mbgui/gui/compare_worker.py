"""Drives comparisons and measurements, and corrects pairs, on a thread of its own; what happens becomes signals."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal, Slot

from mbgui.analysis.corrections import corrected_comparison
from mbgui.domain.alignment import PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import CalibrationCompleted, Cancelled, Completed, Event, Failed
from mbgui.domain.request import CompareRequest
from mbgui.gui.faults import unexpected_problem
from mbgui.pipeline.cancel import CancelToken

RunRequest = Callable[[CompareRequest, CancelToken], Iterator[Event]]
"""`pipeline.compare.compare`, or `pipeline.calibrating.calibrate`, with all but these two already given to it."""
RunMeasurement = Callable[[Comparison, CompareRequest, CancelToken], Iterator[Event]]
"""`pipeline.measure_again.measure_again` with all but these three already given to it."""
ENDINGS = (Completed, CalibrationCompleted, Failed, Cancelled)
"""Every run ends in exactly one of these."""


class CompareWorker(QObject):
    """Lives on its own thread; each run ends in exactly one of `ENDINGS`."""

    happened = Signal(object)
    corrected = Signal(object)
    correcting_failed = Signal(object)

    def __init__(self, compare: RunRequest, measure: RunMeasurement, calibrate: RunRequest) -> None:
        super().__init__()
        self._compare = compare
        self._measure = measure
        self._calibrate = calibrate

    @Slot(object, object)
    def run(self, request: CompareRequest, cancel: CancelToken) -> None:
        """Compare, and emit every event until the first that ends the run."""
        self._tell(self._compare(request, cancel), cancel)

    @Slot(object, object, object)
    def measure(self, comparison: Comparison, request: CompareRequest, cancel: CancelToken) -> None:
        """Measure the models of a comparison, and emit every event until the first that ends the run."""
        self._tell(self._measure(comparison, request, cancel), cancel)

    @Slot(object, object)
    def calibrate(self, request: CompareRequest, cancel: CancelToken) -> None:
        """Learn what this machine can tell, and emit every event until the first that ends the run."""
        self._tell(self._calibrate(request, cancel), cancel)

    @Slot(object, tuple)
    def correct(self, comparison: Comparison, corrections: tuple[PairCorrection, ...]) -> None:
        """Compare the structure again with these pairs."""
        try:
            self.corrected.emit(corrected_comparison(comparison, corrections))
        except MbguiError as error:
            self.correcting_failed.emit(error.problem)
        except Exception as error:  # noqa: BLE001 - the border of the thread: nothing may get lost here
            self.correcting_failed.emit(unexpected_problem(error))

    def _tell(self, events: Iterator[Event], cancel: CancelToken) -> None:
        for event in ended_once(events, cancel):
            self.happened.emit(event)


def ended_once(events: Iterator[Event], cancel: CancelToken) -> Iterator[Event]:
    """The events up to the first that ends a run; where none comes, or an error does, one that says so."""
    try:
        for event in events:
            yield event
            if isinstance(event, ENDINGS):
                return
        yield Failed(problem=Problem(sentence="The run ended without a result."))
    except MbguiError as error:
        is_cancelled = error.problem.kind is ProblemKind.CANCELLED or cancel.is_cancelled
        yield Cancelled() if is_cancelled else Failed(problem=error.problem)
    except Exception as error:  # noqa: BLE001 - the border of the thread: nothing may get lost here
        yield Cancelled() if cancel.is_cancelled else Failed(problem=unexpected_problem(error))
