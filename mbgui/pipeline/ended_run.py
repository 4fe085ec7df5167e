"""Seeing to it that every run ends in exactly one event that says how."""

import traceback
from collections.abc import Iterator

from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.events import Cancelled, Event, Failed
from mbgui.pipeline.cancel import CancelToken


def ended_run(events: Iterator[Event], cancel: CancelToken) -> Iterator[Event]:
    """These events, whose last one ends the run; where an error comes in its place, `Cancelled` or `Failed`."""
    final: Event | None = None
    try:
        yield from events
    except MbguiError as error:
        is_stopped = cancel.is_cancelled or error.problem.kind is ProblemKind.CANCELLED
        final = Cancelled() if is_stopped else Failed(problem=error.problem)
    except Exception as error:  # noqa: BLE001  a run has to end in an event, whatever happens
        final = Failed(problem=unexpected_problem(error))
    if final is not None:
        yield final


def unexpected_problem(error: Exception) -> Problem:
    """A fault of the program itself, as a user reads it."""
    return Problem(
        sentence=f"The run failed unexpectedly ({type(error).__name__}: {error}).",
        advice="This is a fault of mbgui; please report it with the technical details.",
        detail="".join(traceback.format_exception(error)),
    )
