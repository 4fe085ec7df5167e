"""How a child process ended, as a value that reads as a sentence."""

import signal
from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.errors import Problem, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.processes.installing import repair_advice, start_advice


class Ending(StrEnum):
    """The ways in which a child ends."""

    COMPLETED = "completed"  # by itself, with exit code 0
    FAILED = "failed"  # by itself, with another exit code
    CRASHED = "crashed"  # killed by a signal that nobody here sent
    STOPPED = "stopped"  # killed on request
    TIMED_OUT = "timed_out"  # killed because it took too long
    SILENT = "silent"  # killed because it no longer gave a sign of life
    GARBLED = "garbled"  # killed because it said something that is no reply
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one child. `exit_code` is negative where a signal ended it, `None` where it never started.

    `reason` says what was waited for, or why it could not start; `was_ready` whether its framework was imported;
    `ran_user_code` whether it was given code of the user's; `stderr_tail` holds its last words.
    """

    framework: Framework | None
    ending: Ending
    exit_code: int | None = None
    reason: str = ""
    was_ready: bool = True
    ran_user_code: bool = False
    stderr_tail: str = ""

    @property
    def was_successful(self) -> bool:
        """Whether the child ended as it should: by itself without an error, or because it was told to."""
        return self.ending in (Ending.COMPLETED, Ending.STOPPED)

    @property
    def signal_number(self) -> int | None:
        """The signal that ended the child, or `None`."""
        return -self.exit_code if self.exit_code is not None and self.exit_code < 0 else None

    @property
    def problem(self) -> Problem:
        """The outcome as a user reads it."""
        kind = ProblemKind.CANCELLED if self.ending is Ending.STOPPED else ProblemKind.FAILED
        return Problem(sentence=str(self), advice=self._advice(), detail=self.stderr_tail, kind=kind)

    def __str__(self) -> str:
        return _SENTENCES[self.ending].format(
            name=f"The {self.framework.display_name} process" if self.framework else "The process that reads the model",
            exit_code=self.exit_code,
            reason=self.reason,
            signal=self._signal_text(),
        )

    def _signal_text(self) -> str:
        number = self.signal_number or 0
        names = {known.value: known.name for known in signal.Signals}
        name = names.get(number, "unknown")
        return f"signal {number} ({_SIGNAL_MEANINGS.get(name, name)})"

    def _advice(self) -> str:
        if self.ending is Ending.CRASHED and self.signal_number == _KILL:
            return "Close other programs or choose a smaller model or batch, then compare again."
        if self.ending is Ending.NOT_STARTED:
            return start_advice()
        if self.ending is Ending.CRASHED and self.ran_user_code:
            return (
                "PyTorch and TensorFlow in one process can crash it: import only the one you need, "
                "or both of them in the module that you named, not by way of another."
            )
        if self.ending is Ending.TIMED_OUT:
            return "Give it more time (--file-timeout), or lift the limit, and try again."
        if self.ending in (Ending.CRASHED, Ending.FAILED) and not self.was_ready and self.framework:
            return f"It ended while importing its framework. {repair_advice(self.framework)}"
        return "" if self.was_successful else "Compare again; a fresh process is started."


_KILL = 9
_SENTENCES = {
    Ending.COMPLETED: "{name} ended.",
    Ending.FAILED: "{name} ended unexpectedly with exit code {exit_code}.",
    Ending.CRASHED: "{name} was killed by {signal}.",
    Ending.STOPPED: "{name} was stopped.",
    Ending.TIMED_OUT: "{name} took too long ({reason}) and was stopped.",
    Ending.SILENT: "{name} stopped answering ({reason}) and was ended.",
    Ending.GARBLED: "{name} gave an answer that makes no sense ({reason}) and was stopped.",
    Ending.NOT_STARTED: "{name} could not be started: {reason}.",
}
_SIGNAL_MEANINGS = {
    "SIGKILL": "out of memory?",
    "SIGSEGV": "segmentation fault",
    "SIGABRT": "aborted by native code",
    "SIGBUS": "bus error",
    "SIGILL": "an instruction this processor does not know",
    "SIGFPE": "arithmetic error in native code",
    "SIGTERM": "terminated from outside",
}
