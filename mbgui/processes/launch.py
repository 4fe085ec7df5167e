"""Starting a child process so that it can neither outlive the app nor be confused by its surroundings."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import platformdirs
import psutil

import mbgui
from mbgui.domain.framework import Framework
from mbgui.frozen import certificate_settings, child_command, is_frozen

_PIPE_BYTES = 1 << 20
"""Arrays go through the pipes in pieces of this size: the most that Linux lets a user have without asking."""
CHILD_COMMAND = tuple(child_command())
_WITHOUT_TERMINAL = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a program with pipes opens a terminal of its own otherwise."""


class StartedProcess:
    """A process with its three pipes and its life-line; safe to use from several threads."""

    def __init__(self, process: subprocess.Popen[bytes], lifeline: int) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the process was started without its pipes")
        self._process = process
        self._lifeline = lifeline
        self._commands = process.stdin
        self.replies: IO[bytes] = process.stdout
        self.errors: IO[bytes] = process.stderr
        _widen(process.stdin, process.stdout)

    @property
    def identifier(self) -> int:
        """The identifier the operating system gave the process."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def send(self, *parts: bytes) -> None:
        """Write to the process. Raises `OSError` or `ValueError` where it has ended."""
        for part in parts:
            self._commands.write(part)
        self._commands.flush()

    def kill(self) -> None:
        """End the process, and what it started itself, without asking it."""
        if not self.is_running():
            return
        with contextlib.suppress(OSError):  # it ended in between
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def suspend(self) -> None:
        """Keep the process from running until it is resumed; nothing happens where it has ended."""
        with contextlib.suppress(psutil.Error):
            psutil.Process(self._process.pid).suspend()

    def resume(self) -> None:
        """Let the process run again; nothing happens where it has ended or was not suspended."""
        with contextlib.suppress(psutil.Error):
            psutil.Process(self._process.pid).resume()

    def wait(self, timeout_s: float | None = None) -> int:
        """The exit code once the process has ended. Raises `subprocess.TimeoutExpired`."""
        return self._process.wait(timeout_s)

    def release(self) -> None:
        """Close what this side holds open, except `errors`, which its reader closes.

        Only after the end of the process, whose life-line it cuts.
        """
        with contextlib.suppress(OSError):  # a command that was still to be flushed
            self._commands.close()
        self.replies.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1


def _widen(*pipes: IO[bytes]) -> None:
    """Let more fit into a pipe at once, where the system allows it."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415  not on every system

        for pipe in pipes:
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def start_process(command: Sequence[str], framework: Framework | None, threads: int) -> StartedProcess:
    """Start `command` (a program and its first arguments) for one framework, or for none yet.

    Raises:
        OSError: it cannot be started.
    """
    arguments = [
        *command,
        "--framework",
        framework.value if framework else "",
        "--threads",
        str(threads),
    ]
    if not sys.platform.startswith("linux"):
        return StartedProcess(_open(arguments, threads), -1)
    theirs, ours = os.pipe()
    try:
        process = _open([*arguments, "--lifeline", str(theirs)], threads, passed=(theirs,))
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return StartedProcess(process, ours)


def _open(arguments: list[str], threads: int, passed: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own program with arguments made here
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(threads),
        pass_fds=passed,
        creationflags=_WITHOUT_TERMINAL,
        start_new_session=True,  # Ctrl-C in a terminal is for the app, which then ends its children
    )


def _environment(threads: int) -> dict[str, str]:
    """The environment of a child: thread counts that libraries read once, and where this very package is found."""
    count = str(threads)
    settings = {
        "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        "OPENBLAS_NUM_THREADS": count,
        "TF_NUM_INTRAOP_THREADS": count,
        "TF_NUM_INTEROP_THREADS": count,
        "KERAS_BACKEND": "tensorflow",
        "PYTHONIOENCODING": "utf-8:replace",
    }
    environment = {**os.environ, **certificate_settings(), **_keras_settings(), **settings}
    home = Path(mbgui.__file__).resolve().parents[1]
    if home.name not in ("site-packages", "dist-packages") and not is_frozen():  # run from a source tree
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH"))))
    return environment


def _keras_settings() -> dict[str, str]:
    """Where Keras keeps its own settings and downloads: it makes a folder in the home of whoever merely imports it.

    Users of Keras have that folder, and it is theirs to use; everybody else's home is left alone.
    """
    of_users = os.path.expanduser("~/.keras")  # noqa: PTH111  pathlib raises where there is no home
    if os.environ.get("KERAS_HOME") or Path(of_users).exists():
        return {}
    return {"KERAS_HOME": str(platformdirs.user_cache_path("mbgui", appauthor=False) / "keras")}
