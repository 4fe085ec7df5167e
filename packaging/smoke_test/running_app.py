"""The app while it runs: started like a user starts it, and ended whatever happens."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil

from smoke_test.failures import StepFailed
from smoke_test.home import Home
from smoke_test.processes import kill, processes_of, wait_for_none
from smoke_test.stage import Stage
from smoke_test.waiting import SOON_S, wait_until

_TAIL_LINES = 12
_OF_AN_EMPTY_ENVIRONMENT = (
    "Detected locale ",
    "Qt depends on a UTF-8 locale",
    "If this causes problems, reconfigure your locale",
    "for more information.",
)
_Value = TypeVar("_Value")


class RunningApp:
    """One start of the app; `started` is the moment before it, on the clock of `time.monotonic`."""

    def __init__(self, stage: Stage, home: Home, output: Path, arguments: tuple[str, ...]) -> None:
        self.stage = stage
        self.home = home
        self._output = output
        with output.open("wb") as file:
            self.started = time.monotonic()
            self._process = subprocess.Popen(
                stage.confinement.command(str(stage.bundle.executable), *arguments),
                env=home.environment(stage.display.name),
                cwd=home.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def identifier(self) -> int:
        """The process of the window."""
        return self._process.pid

    def wait_until(self, condition: Callable[[], _Value | None], what: str, timeout_s: float = SOON_S) -> _Value:
        """As `waiting.wait_until`, but an app that has ended is not waited for."""

        def watched() -> _Value | None:
            self._refuse_end()
            return condition()

        return wait_until(watched, what, timeout_s)

    def wait_for_window(self, part: str) -> int:
        """The app's window with `part` in its title."""
        return self.wait_until(lambda: self.stage.display.windows.find(part), f"a window titled “{part}”")

    def children(self) -> list[psutil.Process]:
        """The app's own child processes."""
        return [process for process in processes_of(self.stage.bundle.folder) if process.pid != self.identifier]

    def kill(self) -> None:
        """End the window's process without asking it."""
        self._process.kill()
        self._process.wait()

    def expect_end(self, timeout_s: float = SOON_S) -> None:
        """The app ends by itself, well, and leaves no process and no report of a crash."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired as late:
            raise StepFailed(f"the app had not ended {timeout_s:.0f} s after it was closed") from late
        if code:
            raise StepFailed(f"the app ended with {code}")
        unexpected = complaints(self._output.read_text(encoding="utf-8", errors="replace"))
        if unexpected:
            raise StepFailed(f"the app complained: {unexpected[0]}")
        wait_for_none(self.stage.bundle.folder, timeout_s)
        crashes = [path.name for path in self.home.logs.glob("*") if not path.name.endswith(".log")]
        if crashes:
            raise StepFailed(f"the log folder holds more than logs: {crashes}")

    def last_words(self) -> str:
        """The end of what the app printed."""
        lines = self._output.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:])

    def end(self) -> None:
        """End the app and all of its children at once."""
        self._process.kill()
        self._process.wait()
        for process in processes_of(self.stage.bundle.folder):
            kill(process)
        wait_for_none(self.stage.bundle.folder, SOON_S)

    def _refuse_end(self) -> None:
        code = self._process.poll()
        if code is not None:
            raise StepFailed(f"the app ended with {code}")


def complaints(output: str) -> list[str]:
    """The lines of an app that ought to be silent; what Qt says of an empty environment does not count."""
    return [line for line in output.splitlines() if line.strip() and not line.startswith(_OF_AN_EMPTY_ENVIRONMENT)]


@contextmanager
def running_app(stage: Stage, home: Home, *arguments: str) -> Iterator[RunningApp]:
    """Start the app in this home folder; where something goes wrong, its last words and a picture are kept."""
    name = home.folder.parent.name
    app = RunningApp(stage, home, stage.work / f"{name}.txt", arguments)
    try:
        yield app
    except StepFailed as failure:
        with suppress(OSError):
            stage.keep_picture(f"{name}-failed")
        raise StepFailed(f"{failure}\n{app.last_words()}") from failure
    finally:
        app.end()
