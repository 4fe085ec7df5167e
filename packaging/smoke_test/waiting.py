"""Waiting for something to become true, as long as a busy machine may need for it."""

import time
from collections.abc import Callable
from typing import TypeVar

from smoke_test.failures import StepFailed

SOON_S = 60.0
"""For what takes a moment: a window, a key that is taken, a file that is written."""
LONG_S = 900.0
"""For what computes: a comparison, a proof, compiling."""
_INTERVAL_S = 0.1

_Value = TypeVar("_Value")


def wait_until(
    condition: Callable[[], _Value | None], what: str, timeout_s: float = SOON_S, interval_s: float = _INTERVAL_S
) -> _Value:
    """The first value of `condition` that is neither `None`, false nor empty; `what` names it where it never comes.

    Raises:
        StepFailed: it did not come in time.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise StepFailed(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(interval_s)
