"""Ctrl-C, turned into the wish that a comparison stop."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mbgui.pipeline.cancel import CancelToken


@contextmanager
def cancel_on_interrupt() -> Iterator[CancelToken]:
    """A token that the first Ctrl-C cancels; a second one interrupts Python as ever."""
    token = CancelToken()
    if threading.current_thread() is not threading.main_thread():  # only the main thread hears of signals
        yield token
        return

    def cancel(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  what the system calls it with
        signal.signal(signal.SIGINT, signal.default_int_handler)
        token.cancel()

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
