"""What can go wrong, as a value a user reads and an exception that carries it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ProblemKind(StrEnum):
    """What sort of problem it is; the terminal turns it into an exit code."""

    WRONG_USE = "wrong_use"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A way out that can be taken with one click: write `reference` where `replaces` stands now, and try again."""

    title: str
    replaces: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One sentence that says what is wrong, one that says what to do, and the technical detail behind it.

    `remedies` are what to do, ready to be done.
    """

    sentence: str
    advice: str = ""
    detail: str = ""
    kind: ProblemKind = ProblemKind.FAILED
    remedies: tuple[Remedy, ...] = ()


class MbguiError(Exception):
    """An expected failure; everything a user needs is in `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem

    @classmethod
    def wrong_use(cls, sentence: str, advice: str = "") -> Self:
        """What was asked for makes no sense."""
        return cls(Problem(sentence=sentence, advice=advice, kind=ProblemKind.WRONG_USE))

    @classmethod
    def cancelled(cls, sentence: str = "Stopped.") -> Self:
        """The user, or the end of the app, stopped it."""
        return cls(Problem(sentence=sentence, kind=ProblemKind.CANCELLED))
