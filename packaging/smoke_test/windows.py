"""The windows on a display, as its window manager lists them."""

import os
import re
import subprocess
import threading
import time
from types import TracebackType
from typing import Self

from smoke_test.waiting import SOON_S, wait_until

_IDENTIFIER = re.compile(r"0x[0-9a-f]+")


class WindowList:
    """Which windows are shown, and since when: learnt from events, so that the time is exact."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._changed = threading.Condition()
        self._shown: tuple[int, ...] = ()
        self._since: dict[int, float] = {}

    def __enter__(self) -> Self:
        self._spy = subprocess.Popen(
            ["xprop", "-display", self.display, "-spy", "-root", "_NET_CLIENT_LIST"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spy.terminate()
        self._spy.wait()
        self._reader.join()

    def shown(self) -> tuple[int, ...]:
        """The identifiers of all windows that are shown, the oldest first."""
        with self._changed:
            return self._shown

    def since(self, identifier: int) -> float:
        """When a window was shown, on the clock of `time.monotonic`."""
        with self._changed:
            return self._since[identifier]

    def wait_for_first(self, timeout_s: float) -> int | None:
        """The first window on a display without any, `None` where there is none in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._shown, timeout_s)
            return next(iter(self._shown), None)

    def titles(self) -> dict[int, str]:
        """The titles of all windows that are shown."""
        return {identifier: self.title(identifier) for identifier in self.shown()}

    def title(self, identifier: int) -> str:
        """The title of a window, "" where it is gone."""
        return self.ask("getwindowname", str(identifier))

    def process(self, identifier: int) -> int:
        """The process that a window says it belongs to, 0 where it is gone."""
        return int(self.ask("getwindowpid", str(identifier)) or 0)

    def find_all(self, part: str) -> list[int]:
        """The windows with `part` in their titles, the oldest first."""
        return [window for window, title in self.titles().items() if part in title]

    def find(self, part: str) -> int | None:
        """The newest of them, `None` where there is none."""
        return next(reversed(self.find_all(part)), None)

    def wait_for(self, part: str, timeout_s: float = SOON_S) -> int:
        """The window with `part` in its title. Raises `StepFailed` where it does not come."""
        return wait_until(lambda: self.find(part), f"a window titled “{part}”", timeout_s)

    def wait_for_all(self, part: str, count: int) -> list[int]:
        """So many windows with `part` in their titles. Raises `StepFailed` where there are fewer or more."""

        def found() -> list[int]:
            shown = self.find_all(part)
            return shown if len(shown) == count else []

        return wait_until(found, f"{count} windows titled “{part}”")

    def ask(self, *words: str) -> str:
        """What xdotool answers on this display, "" where it fails."""
        answer = subprocess.run(
            ["xdotool", *words], env=self._environment(), capture_output=True, encoding="utf-8", check=False
        )
        return answer.stdout.strip() if answer.returncode == 0 else ""

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def _read(self) -> None:
        for line in self._spy.stdout or ():
            now = time.monotonic()
            found = window_identifiers(line)
            with self._changed:
                self._shown = found
                self._since = {window: self._since.get(window, now) for window in found}
                self._changed.notify_all()


def window_identifiers(line: str) -> tuple[int, ...]:
    """The windows in a line of xprop, the oldest first."""
    return tuple(int(found, 16) for found in _IDENTIFIER.findall(line.partition("#")[2]))
