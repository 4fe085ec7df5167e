"""Children kept ready, so that a comparison need not wait for the imports twice."""

import contextlib
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import Framework
from mbgui.processes.client import ANSWER_TIMEOUT_S, IMPORT_TIMEOUT_S, Child
from mbgui.processes.messages import Command, Ready, Reply
from mbgui.processes.outcome import Outcome

AnswerT = TypeVar("AnswerT", bound=Reply)

_IDLE_PER_FRAMEWORK = 2
"""Two models of one framework need two children; more are never of use."""


class ChildLike(Protocol):
    """What the app needs of a child; `mbgui.processes.client.Child` describes it."""

    @property
    def framework(self) -> Framework | None:
        """The framework it was started for."""
        ...

    @property
    def threads(self) -> int:
        """The number of threads it was started with."""
        ...

    @property
    def process_id(self) -> int:
        """The identifier the operating system gave the process."""
        ...

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, or `None` while it lives."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether its framework is imported."""
        ...

    @property
    def is_idle(self) -> bool:
        """Whether it lives, can be used, and no command is under way."""
        ...

    def wait_ready(self, timeout_s: float = IMPORT_TIMEOUT_S) -> Ready:
        """Wait until the framework is imported. Raises `MbguiError`."""
        ...

    def ask(self, command: Command, answer: type[AnswerT], timeout_s: float = ANSWER_TIMEOUT_S) -> AnswerT:
        """Send a command and wait for its answer. Raises `MbguiError`."""
        ...

    def suspend(self) -> None:
        """Keep it from running until it is resumed."""
        ...

    def resume(self) -> None:
        """Let it run again."""
        ...

    def kill(self) -> None:
        """End it at once without waiting."""
        ...

    def close(self) -> Outcome:
        """End it and wait until nothing of it is left."""
        ...


StartChild = Callable[[Framework | None, int], ChildLike]


class WarmChildren:
    """Starts children, hands them out and takes them back; can be used from any thread.

    A child is handed out again only if it runs the same framework with the same number of threads, lives, and has
    answered everything it was asked: its next `LoadModel` then replaces all it holds.
    """

    def __init__(self, start: StartChild = Child.start) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._idle: list[ChildLike] = []
        self._taken: list[ChildLike] = []
        self._is_closed = False

    def warm(self, framework: Framework, threads: int) -> None:
        """See to it that a child is starting or ready; returns at once. A failure shows at the next `take`.

        One that is handed out will be given back: another beside it would import while a run needs the processors.
        """
        with self._lock:
            is_there = any(_fits(child, framework, threads) for child in self._idle)
            if self._is_closed or is_there or any(_will_fit(child, framework, threads) for child in self._taken):
                return
            with contextlib.suppress(MbguiError):
                self._idle.append(self._start(framework, threads))
            surplus = self._remove_unusable(framework, threads)
        _close_all(surplus)

    def take(self, framework: Framework | None, threads: int) -> ChildLike:
        """A child for the caller alone, warm where there is one, perhaps still importing.

        Without a framework it is a fresh one, which takes that of the model it is to load.

        Raises:
            MbguiError: no process could be started, or all are being ended for good.
        """
        with self._lock:
            self._require_open()
            child = next((child for child in self._idle if _fits(child, framework, threads)), None)
            if child is None:
                child = self._start(framework, threads)
            else:
                self._idle.remove(child)
            self._taken.append(child)
            surplus = self._remove_unusable(framework, threads)
        _close_all(surplus)
        return child

    def launch(self, framework: Framework | None, threads: int) -> ChildLike:
        """A child of its own that has done nothing yet; `end` it.

        Raises:
            MbguiError: no process could be started, or all are being ended for good.
        """
        with self._lock:
            self._require_open()
            child = self._start(framework, threads)
            self._taken.append(child)
        return child

    def end(self, child: ChildLike) -> None:
        """End a child that was launched, and wait until nothing of it is left."""
        self.give_back(child, is_used_up=True)

    def share(self, framework: Framework, threads: int) -> ChildLike:
        """A child for a short question, which others may be using as well: it answers one after the other.

        Nothing is given back. Asking a child that is taken spares another one's import.

        Raises:
            MbguiError: no process could be started, or all are being ended for good.
        """
        with self._lock:
            self._require_open()
            alike = (child for child in (*self._taken, *self._idle) if child.framework is framework)
            found = next((child for child in alike if child.threads == threads and child.outcome is None), None)
            if found is None:
                found = self._start(framework, threads)
                self._idle.append(found)
        return found

    def give_back(self, child: ChildLike, *, is_used_up: bool = False) -> None:
        """Keep a child for later, or end it where it is busy, broken, used up or one too many."""
        with self._lock:
            if child in self._taken:
                self._taken.remove(child)
            if self._is_closed or is_used_up or child.framework is None:
                surplus = [child]
            else:
                self._idle.append(child)
                surplus = self._remove_unusable(child.framework, child.threads)
        _close_all(surplus)

    def close(self) -> None:
        """End every child, those handed out included; from now on none is kept."""
        with self._lock:
            self._is_closed = True
            children = [*self._idle, *self._taken]
            self._idle.clear()
            self._taken.clear()
        _close_all(children)

    def _require_open(self) -> None:
        if self._is_closed:
            raise MbguiError.cancelled("mbgui is closing down.")

    def _remove_unusable(self, framework: Framework | None, threads: int) -> list[ChildLike]:
        """Take out the idle children of a framework that are dead, of another thread count or too many."""
        alike = [child for child in self._idle if child.framework is framework]
        fitting = [child for child in alike if _fits(child, framework, threads)][-_IDLE_PER_FRAMEWORK:]
        surplus = [child for child in alike if child not in fitting]
        self._idle = [child for child in self._idle if child not in surplus]
        return surplus


def _fits(child: ChildLike, framework: Framework | None, threads: int) -> bool:
    return child.framework is framework and child.threads == threads and child.is_idle


def _will_fit(child: ChildLike, framework: Framework, threads: int) -> bool:
    return child.framework is framework and child.threads == threads and child.outcome is None


def _close_all(children: list[ChildLike]) -> None:
    for child in children:
        child.kill()
    for child in children:
        child.close()
