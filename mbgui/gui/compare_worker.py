"""Drives comparisons, and corrects their pairs, on a thread of its own; what happens becomes signals."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal, Slot

from mbgui.analysis.corrections import corrected_comparison
from mbgui.domain.alignment import PairCorrection
from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import Cancelled, Completed, Event, Failed
from mbgui.domain.request import CompareRequest
from mbgui.gui.faults import unexpected_problem
from mbgui.pipeline.cancel import CancelToken

RunComparison = Callable[[CompareRequest, CancelToken], Iterator[Event]]
"""`pipeline.compare.compare` with children and store already given to it."""


class CompareWorker(QObject):
    """Lives on its own thread; each run ends in exactly one of `Completed`, `Failed` and `Cancelled`."""

    happened = Signal(object)
    corrected = Signal(object)
    correcting_failed = Signal(object)

    def __init__(self, compare: RunComparison) -> None:
        super().__init__()
        self._compare = compare

    @Slot(object, object)
    def run(self, request: CompareRequest, cancel: CancelToken) -> None:
        """Compare, and emit every event until the first that ends the run."""
        for event in ended_once(self._compare(request, cancel), cancel):
            self.happened.emit(event)

    @Slot(object, tuple)
    def correct(self, comparison: Comparison, corrections: tuple[PairCorrection, ...]) -> None:
        """Compare the structure again with these pairs."""
        try:
            self.corrected.emit(corrected_comparison(comparison, corrections))
        except MbguiError as error:
            self.correcting_failed.emit(error.problem)
        except Exception as error:  # noqa: BLE001 - the border of the thread: nothing may get lost here
            self.correcting_failed.emit(unexpected_problem(error))


def ended_once(events: Iterator[Event], cancel: CancelToken) -> Iterator[Event]:
    """The events up to the first that ends a run; where none comes, or an error does, one that says so."""
    try:
        for event in events:
            yield event
            if isinstance(event, Completed | Failed | Cancelled):
                return
        yield Failed(problem=Problem(sentence="The comparison ended without a result."))
    except MbguiError as error:
        is_cancelled = error.problem.kind is ProblemKind.CANCELLED or cancel.is_cancelled
        yield Cancelled() if is_cancelled else Failed(problem=error.problem)
    except Exception as error:  # noqa: BLE001 - the border of the thread: nothing may get lost here
        yield Cancelled() if cancel.is_cancelled else Failed(problem=unexpected_problem(error))
