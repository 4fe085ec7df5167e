"""One child process as the app sees it: started, asked, ended, and its end kept as a value."""

import contextlib
import logging
import math
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Self, TypeVar

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.source import SourceKind
from mbgui.processes import launch
from mbgui.processes.last_words import LastWords
from mbgui.processes.latency_messages import BuildModel
from mbgui.processes.messages import Beat, Command, CommandFailed, InspectFile, LoadModel, Ready, Reply, encoded_parts
from mbgui.processes.outcome import Ending, Outcome
from mbgui.processes.replies import decode_reply

AnswerT = TypeVar("AnswerT", bound=Reply)

_LOG = logging.getLogger(__name__)
"""Read where a log is kept; nothing of it is printed."""
SILENCE_S = 30.0
"""Seconds without a sign of life after which a child counts as hung; it sends one a second."""
IMPORT_TIMEOUT_S = 300.0
ANSWER_TIMEOUT_S = 1800.0
_PURPOSES: dict[type[Command], str] = {
    LoadModel: "building and reading the model",
    BuildModel: "building the model",
    InspectFile: "reading the file",
}
_LONGEST_REPLY_BYTES = 1 << 29
"""A network of 100,000 layers takes some 60 MB."""
_JOIN_TIMEOUT_S = 10.0
_EXIT_TIMEOUT_S = 5.0


class Child:
    """A running child. Every method can be called from any thread; one command is answered at a time.

    `kill` returns at once, `close` also waits until neither process nor thread is left.
    """

    def __init__(
        self, process: launch.StartedProcess, framework: Framework | None, threads: int, *, silence_s: float = SILENCE_S
    ) -> None:
        self.framework = framework
        self.threads = threads
        self._process = process
        self._silence_s = silence_s
        self._changed = threading.Condition()
        self._asking = threading.Lock()
        self._ready: Ready | None = None
        self._start_problem: Problem | None = None
        self._replies: deque[Reply] = deque()
        self._awaits_reply = False
        self._ran_user_code = False
        self._last_sign_s = time.monotonic()
        self._cause: Ending | None = None
        self._reason = ""
        self._outcome: Outcome | None = None
        self._last_words = LastWords(process.errors)
        self._reader = threading.Thread(target=self._read_replies, name=f"{framework or 'file'}-replies", daemon=True)
        self._reader.start()

    @classmethod
    def start(
        cls,
        framework: Framework | None,
        threads: int,
        *,
        command: Sequence[str] = launch.CHILD_COMMAND,
        silence_s: float = SILENCE_S,
    ) -> Self:
        """Start a child and return at once; `wait_ready` waits for its import, where it is given a framework.

        Raises:
            MbguiError: the process could not be started.
        """
        try:
            process = launch.start_process(command, framework, threads)
        except OSError as error:
            reason = error.strerror or str(error)
            outcome = Outcome(framework=framework, ending=Ending.NOT_STARTED, reason=reason)
            raise MbguiError(outcome.problem) from error
        return cls(process, framework, threads, silence_s=silence_s)

    @property
    def process_id(self) -> int:
        """The identifier the operating system gave the process."""
        return self._process.identifier

    @property
    def outcome(self) -> Outcome | None:
        """How the child ended, or `None` while it lives."""
        return self._outcome

    @property
    def is_ready(self) -> bool:
        """Whether its framework is imported."""
        return self._ready is not None

    @property
    def is_idle(self) -> bool:
        """Whether it lives, its framework can be used, and no command is under way."""
        with self._changed:
            is_usable = self._outcome is None and self._cause is None and self._start_problem is None
            return is_usable and not self._awaits_reply

    def wait_ready(self, timeout_s: float = IMPORT_TIMEOUT_S) -> Ready:
        """Wait until the framework is imported.

        Raises:
            MbguiError: the framework cannot be imported, or the child ended or was killed.
        """
        self._wait_for(self._has_started, timeout_s, "the import")
        if self._ready is None:
            raise MbguiError(self._start_problem or Problem(sentence="The process did not start."))
        return self._ready

    def ask(self, command: Command, answer: type[AnswerT], timeout_s: float = ANSWER_TIMEOUT_S) -> AnswerT:
        """Send a command and wait for its answer, of the type `answer`; the framework may still be importing.

        Raises:
            MbguiError: the command failed in the child, the framework cannot be imported, or the child ended, was
                killed, hung or answered nonsense.
        """
        with self._asking:
            with self._changed:
                self._awaits_reply = True
                self._ran_user_code |= _runs_user_code(command)
                self._last_sign_s = time.monotonic()
            with contextlib.suppress(OSError, ValueError):  # it has ended: the waiting below says how
                self._process.send(*encoded_parts(command))
            self._wait_for(self._has_reply, timeout_s, _PURPOSES.get(type(command), "an answer"))
            with self._changed:
                reply = self._replies.popleft()
                self._awaits_reply = False
        if isinstance(reply, CommandFailed):
            raise MbguiError(reply.problem)
        if not isinstance(reply, answer):
            raise self._ended_by(Ending.GARBLED, f"{type(reply).__name__} is no answer to {type(command).__name__}")
        return reply

    def kill(self) -> None:
        """End the process at once and return without waiting; whoever waits for it is told. Can be called again."""
        self._kill_because(Ending.STOPPED)

    def suspend(self) -> None:
        """Keep the process from running, its spinning threads too; it must not be asked anything until `resume`."""
        self._process.suspend()

    def resume(self) -> None:
        """Let the process run again."""
        self._process.resume()

    def close(self) -> Outcome:
        """End the process, wait for its end and leave nothing behind. Can be called again."""
        self._kill_because(Ending.STOPPED)
        self._reader.join(_JOIN_TIMEOUT_S)
        outcome = self._outcome
        return outcome or Outcome(framework=self.framework, ending=Ending.SILENT, reason="it cannot be killed")

    def _has_started(self) -> bool:
        return self._ready is not None or self._start_problem is not None

    def _has_reply(self) -> bool:
        return bool(self._replies)

    def _wait_for(self, is_there: Callable[[], bool], timeout_s: float, purpose: str) -> None:
        """Wait until `is_there`. Raises `MbguiError` when the child ends first, is silent or takes too long."""
        deadline_s = time.monotonic() + timeout_s
        with self._changed:
            while not is_there():
                if self._outcome is not None:
                    raise MbguiError(self._start_problem or self._outcome.problem)
                ending = self._wait_a_moment(deadline_s)
                if ending is not None:
                    break
            else:
                return
        reasons = {Ending.TIMED_OUT: f"more than {timeout_s:g} s for {purpose}"}
        raise self._ended_by(ending, reasons.get(ending, f"no sign of life for {self._silence_s:g} s"))

    def _wait_a_moment(self, deadline_s: float) -> Ending | None:
        """Wait for the next change; says why to wait no longer. The condition is held."""
        silent_at_s = self._silent_at_s()
        self._changed.wait(max(0.0, min(deadline_s, silent_at_s) - time.monotonic()))
        now_s = time.monotonic()
        if now_s >= deadline_s:
            return Ending.TIMED_OUT
        if now_s < self._silent_at_s():
            return None
        if now_s - silent_at_s > 1:  # this process itself was stopped meanwhile: its reader has yet to catch up
            self._last_sign_s = now_s
            return None
        return Ending.SILENT

    def _silent_at_s(self) -> float:
        """When the child counts as hung. Not while it imports: loading gigabytes of native code can hold it up."""
        return self._last_sign_s + self._silence_s if self._ready is not None else math.inf

    def _ended_by(self, ending: Ending, reason: str) -> MbguiError:
        self._kill_because(ending, reason)
        return MbguiError(self.close().problem)

    def _kill_because(self, ending: Ending, reason: str = "") -> None:
        """End the process; the first cause counts, and none for a process that had ended by itself."""
        with self._changed:
            if self._cause is None and self._process.is_running():
                self._cause, self._reason = ending, reason
        self._process.kill()

    def _read_replies(self) -> None:
        """Take in what the child says until it says no more; runs in a thread of its own."""
        try:
            while line := self._process.replies.readline(_LONGEST_REPLY_BYTES):
                if line.endswith(b"\n"):  # else it died in the middle of a line
                    self._take(decode_reply(line, self._read_exactly))
                elif len(line) == _LONGEST_REPLY_BYTES:
                    self._kill_because(Ending.GARBLED, "a reply without an end")
        except EOFError:  # it died in the middle of an array
            pass
        except (ValueError, RecursionError) as error:
            self._kill_because(Ending.GARBLED, str(error))
        finally:  # whatever happened: somebody may be waiting for the end
            self._finish()

    def _read_exactly(self, size: int) -> bytes:
        data = self._process.replies.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def _take(self, reply: Reply) -> None:
        with self._changed:
            self._last_sign_s = time.monotonic()
            if isinstance(reply, Beat):
                return
            if isinstance(reply, Ready):
                self._ready = reply
            elif isinstance(reply, CommandFailed) and self._ready is None:
                self._start_problem = reply.problem
            elif self._awaits_reply and not self._replies:
                self._replies.append(reply)
            else:
                raise ValueError(f"{type(reply).__name__} was not asked for")
            self._changed.notify_all()

    def _finish(self) -> None:
        """Keep the end of the process as a value and tell whoever waits."""
        exit_code = self._wait_for_exit()
        tail = self._last_words.finish()
        self._process.release()
        with self._changed:
            self._outcome = Outcome(
                framework=self.framework,
                ending=self._cause or self._ending_by_itself(exit_code),
                exit_code=exit_code,
                reason=self._reason,
                was_ready=self._ready is not None,
                ran_user_code=self._ran_user_code,
                stderr_tail=tail,
            )
            self._changed.notify_all()
        if not self._outcome.was_successful:  # of one that nobody waited for, this is the only trace
            _LOG.info("%s\n%s", self._outcome, tail)

    def _wait_for_exit(self) -> int:
        try:
            return self._process.wait(_EXIT_TIMEOUT_S)
        except subprocess.TimeoutExpired:  # it closed its output and stays
            self._kill_because(Ending.GARBLED, "it closed its output")
            return self._process.wait()

    def _ending_by_itself(self, exit_code: int) -> Ending:
        if exit_code < 0:
            return Ending.CRASHED
        return Ending.FAILED if exit_code or self._awaits_reply or self._ready is None else Ending.COMPLETED


def _runs_user_code(command: Command) -> bool:
    return isinstance(command, LoadModel | BuildModel) and command.source.kind is SourceKind.PYTHON
