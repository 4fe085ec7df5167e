"""A constant pause between rounds, whoever's turn it is."""

import time

REST_S = 0.02
"""Long enough for the processor and the window to settle, and the same before every round."""


class Pace:
    """`mark` the end of a round, `wait` before the next one."""

    def __init__(self, rest_s: float = REST_S) -> None:
        self._rest_s = rest_s
        self._due_s = 0.0

    def mark(self) -> None:
        """A round ended now."""
        self._due_s = time.perf_counter() + self._rest_s

    def wait(self) -> None:
        """Wait until the pause since the last mark is over."""
        left_s = self._due_s - time.perf_counter()
        if left_s > 0:
            time.sleep(left_s)
