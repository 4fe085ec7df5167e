"""What a run notes on its way, and the end of it: the comparison kept on disk."""

import dataclasses
from collections.abc import Generator

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.events import Event, Stage, Warned
from mbgui.pipeline.stages import StageClock
from mbgui.snapshots.store import SnapshotStore


class WarningLog:
    """The warnings of a run, in order."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a comparison tells its readers."""
        return tuple(problem.sentence for problem in self._problems)

    @property
    def last(self) -> Problem | None:
        """The latest one, as it is shown."""
        return self._problems[-1] if self._problems else None

    def add(self, problem: Problem, consequence: str) -> Warned:
        """Note a problem with what follows from it."""
        told = dataclasses.replace(problem, sentence=f"{problem.sentence} {consequence}")
        self._problems.append(told)
        return Warned(problem=told)

    def add_error(self, error: MbguiError, consequence: str) -> Warned:
        """Note the problem of an error."""
        return self.add(error.problem, consequence)


def keep(
    comparison: Comparison, store: SnapshotStore | None, clock: StageClock, log: WarningLog
) -> Generator[Event, None, str]:
    """Keep the comparison on disk; says where, "" for nowhere. A disk that refuses it is a warning."""
    if store is None:
        return ""
    yield clock.start(Stage.SAVE)
    path = ""
    try:
        path = str(store.keep(comparison))
    except MbguiError as error:
        yield log.add_error(error, "The comparison was not kept on disk.")
    yield clock.finish()
    return path
