"""Where the instances of one user on one display find each other: a folder that nobody else can enter."""

import contextlib
import os
import stat
import sys
from binascii import crc32
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NAME_LENGTH = 24
_SCREENLESS = ("wayland", "xcb")
"""Qt's platforms that show windows on the display the environment names."""


class Place(NamedTuple):  # a data class takes half a millisecond of every start to be made
    """The folder, and the part of its files' names that stands for the display."""

    folder: Path
    display: str

    @property
    def lock_path(self) -> Path:
        """The file that the first instance keeps locked."""
        return self.folder / f"{self.display}.lock"

    @property
    def server_name(self) -> str:
        """What the first instance listens at; known to whoever can enter the folder.

        A path of a socket in it; on Windows, where everyone sees the names of pipes, one that cannot be guessed.

        Raises:
            OSError: the folder cannot be read or written.
        """
        if sys.platform == "win32":
            return f"mbgui-{self.display}-{_secret(self.folder / 'pipe')}"
        return str(self.folder / f"{self.display}.socket")


def find_place(environment: Mapping[str, str] = os.environ) -> Place | None:
    """The place for this environment, its folder made where it was missing; `None` where there is no private one."""
    for folder in _candidates(environment):
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            if _is_private(folder):
                return Place(folder=folder, display=display_name(environment))
    return None


def display_name(environment: Mapping[str, str]) -> str:
    """A file name for the display on which Qt shows windows, one and the same for all screens of an X server."""
    platform = environment.get("QT_QPA_PLATFORM", "").replace(";", ":").partition(":")[0]
    if platform and not platform.startswith(_SCREENLESS):
        return _file_name(platform)
    wayland, x_display = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    host, colon, rest = x_display.rpartition(":")
    return _file_name(wayland or f"{host}{colon}{rest.partition('.')[0]}" or "session")


def _candidates(environment: Mapping[str, str]) -> list[Path]:
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return [Path(local, "Temp", "mbgui")] if local else []
    candidates = []
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime and _is_private(Path(runtime)):
        candidates.append(Path(runtime, "mbgui"))
    return [*candidates, Path(environment.get("TMPDIR") or "/tmp", f"mbgui-{os.getuid()}")]  # noqa: S108  checked


def _is_private(folder: Path) -> bool:
    """Whether it is a folder of this user's that nobody else may enter. Windows keeps a user's own folders so."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return sys.platform == "win32" or (found.st_uid == os.getuid() and not found.st_mode & _OTHERS)


def _file_name(text: str) -> str:
    readable = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text)
    return f"{readable[-_NAME_LENGTH:]}-{crc32(text.encode(errors='surrogateescape')):08x}"


def _secret(path: Path) -> str:
    """What only this user can read, made by whoever asks first."""
    with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
        file.write(os.urandom(16).hex())
    return path.read_text(encoding="ascii")
