"""What can go wrong, as a value a user reads and an exception that carries it."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """What sort of problem it is; the terminal turns it into an exit code."""

    WRONG_USE = "wrong_use"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One sentence that says what is wrong, one that says what to do, and the technical detail behind it."""

    sentence: str
    advice: str = ""
    detail: str = ""
    kind: ProblemKind = ProblemKind.FAILED


class MbguiError(Exception):
    """An expected failure; everything a user needs is in `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem
