"""How far a long step is, as a line on a terminal or a few lines in a log."""

from typing import TextIO

_LOGGED_STEP = 25
"""Percent between two lines where nobody watches them being replaced."""


class Progress:
    """Tells of whole percents reached: in place on a terminal, now and then elsewhere."""

    def __init__(self, title: str, total: int, stream: TextIO) -> None:
        self._title = title
        self._total = max(total, 1)
        self._stream = stream
        self._is_replaced = stream.isatty()
        self._begin, self._end = ("\r", "") if self._is_replaced else ("", "\n")
        self._step = 1 if self._is_replaced else _LOGGED_STEP
        self._done = 0
        self._told = -1

    def advance(self, amount: int) -> None:
        """So much more of the total is done."""
        self._done += amount
        percent = 100 * self._done // self._total // self._step * self._step
        if percent > self._told:
            self._told = percent
            self._stream.write(f"{self._begin}{self._title}: {percent} %{self._end}")
            self._stream.flush()

    def finish(self) -> None:
        """All is done; what is written next stands on a line of its own."""
        if self._is_replaced:
            self._stream.write("\n")
            self._stream.flush()
