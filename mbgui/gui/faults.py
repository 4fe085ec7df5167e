"""How a fault of the program itself reads, and how it comes to the window's notice."""

from __future__ import annotations

import sys
import threading
import traceback
from typing import TYPE_CHECKING

from mbgui.domain.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


def unexpected_problem(error: BaseException) -> Problem:
    """What a user reads where the program itself is at fault."""
    return Problem(
        sentence=f"Something unexpected went wrong: {type(error).__name__}: {error}",
        advice="This is a fault of mbgui. Please report it with the details; what was finished so far is still here.",
        detail="".join(traceback.format_exception(error)),
    )


def tell_of_faults(tell: Callable[[BaseException], None]) -> Callable[[], None]:
    """Have `tell` called with every error that nothing caught, in slots too, and on whatever thread it was raised.

    The hooks that were there before are called first, so the terminal gets its traceback as ever. An error raised
    while telling of another one is left to those hooks alone. What is returned ends it, and puts those hooks back
    unless others took their place since.
    """
    before, thread_before = sys.excepthook, threading.excepthook
    is_telling = is_over = False

    def pass_on(error: BaseException | None) -> None:
        nonlocal is_telling
        if is_telling or is_over or not isinstance(error, Exception):
            return
        is_telling = True
        try:
            tell(error)
        finally:
            is_telling = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        pass_on(error)

    def thread_hook(fault: threading.ExceptHookArgs) -> None:
        thread_before(fault)
        pass_on(fault.exc_value)

    sys.excepthook = hook
    threading.excepthook = thread_hook

    def undo() -> None:
        nonlocal is_over
        is_over = True
        if sys.excepthook is hook:
            sys.excepthook = before
        if threading.excepthook is thread_hook:
            threading.excepthook = thread_before

    return undo
