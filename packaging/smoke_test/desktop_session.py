"""Commands as a user's desktop runs them: with the programs of this machine, its own bus, and the display."""

import subprocess

from smoke_test.failures import StepFailed
from smoke_test.home import Home
from smoke_test.stage import Stage
from smoke_test.waiting import LONG_S

_PROGRAMS = "/usr/local/bin:/usr/bin:/bin"
_DATA = "/usr/local/share:/usr/share"
"""The default of the XDG Base Directory Specification."""
_DESKTOP = "GNOME"
"""xdg-open asks GLib what to open a file with, as most desktops do; without a desktop it looks at the content only."""


def run_for_user(stage: Stage, home: Home, *words: str) -> str:
    """What a command prints to its end. Raises `StepFailed` where it fails."""
    environment = home.environment(stage.display.name, programs=f"{home.folder}/.local/bin:{_PROGRAMS}")
    output = stage.work / "desktop session.txt"  # a pipe would stay open as long as the app that a command starts
    try:
        with output.open("wb") as file:
            done = subprocess.run(
                stage.confinement.command(*words),
                env={**environment, "XDG_DATA_DIRS": _DATA, "XDG_CURRENT_DESKTOP": _DESKTOP, "LANG": "C.UTF-8"},
                cwd=home.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=LONG_S,
                check=False,
            )
    except subprocess.TimeoutExpired as late:
        raise StepFailed(f"{' '.join(words)}: not within {LONG_S:.0f} s") from late
    printed = output.read_text(encoding="utf-8", errors="replace").strip()
    if done.returncode:
        raise StepFailed(f"{' '.join(words)} ended with {done.returncode}\n{printed}")
    return printed


def run_on_desktop(stage: Stage, home: Home, *words: str) -> str:
    """The same with a session bus."""
    return run_for_user(stage, home, "/usr/bin/dbus-run-session", "--", *words)
