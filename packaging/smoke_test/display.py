"""An X server and a window manager of this test's own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smoke_test.failures import StepFailed
from smoke_test.waiting import SOON_S, wait_until
from smoke_test.windows import WindowList

_SCREEN = "1600x1000x24"


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A running display: its name as in `DISPLAY`, and the windows on it."""

    name: str
    windows: WindowList


@contextmanager
def own_display(work: Path) -> Iterator[Display]:
    """Start a server that listens on its socket in the file system, and a window manager in it; end both after use."""
    reader, writer = os.pipe()
    server = _start(["Xvfb", "-displayfd", str(writer), "-screen", "0", _SCREEN, "-nolisten", "tcp"], passed=writer)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            raise StepFailed("Xvfb did not start")
        name = f":{number}"
        manager = _start(["openbox", "--sm-disable"], {"HOME": str(work), "DISPLAY": name, "LC_ALL": "C.UTF-8"})
        try:
            wait_until(lambda: _is_managed(name), "a window manager", SOON_S)
            with WindowList(name) as windows:
                yield Display(name=name, windows=windows)
        finally:
            _end(manager)
    finally:
        _end(server)


def _start(
    command: list[str], environment: dict[str, str] | None = None, passed: int | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=None if environment is None else {"PATH": os.environ.get("PATH", os.defpath), **environment},
        pass_fds=() if passed is None else (passed,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for this test, which then ends what it started
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SOON_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_managed(display: str) -> bool:
    asked = ["xprop", "-display", display, "-root", "_NET_SUPPORTING_WM_CHECK"]
    return "window id" in subprocess.run(asked, capture_output=True, text=True, check=False).stdout
