"""A lock that the system itself takes back when its holder ends, however it ends: no stale one can be left."""

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """A lock on a file; `QLockFile` guesses by process number and name whether the holder lives, the system knows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    @property
    def is_held(self) -> bool:
        """Whether this object holds it."""
        return self._file >= 0

    def take(self) -> bool:
        """Whether the lock is ours from now on; another's is not waited for.

        Raises:
            OSError: the file cannot be made, or its file system knows no locks.
        """
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                is_ours = _lock(file)
            except OSError:
                os.close(file)
                raise
            if is_ours and _is_at(file, self._path):
                self._file = file
                return True
            os.close(file)
            if not is_ours:
                return False

    def release(self) -> None:
        """Take the file away and let others have the lock; nothing happens where it is not held."""
        if self._file < 0:
            return
        file, self._file = self._file, -1
        if sys.platform == "win32":  # which deletes no open file, so one that another took meanwhile stays
            os.close(file)
        with contextlib.suppress(OSError):
            self._path.unlink()
        if sys.platform != "win32":
            os.close(file)


def _lock(file: int) -> bool:
    """Lock an open file; `False` where another process has. Raises `OSError` where nobody can."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_at(file: int, path: Path) -> bool:
    """Whether an open file is still the one of that name: its last holder may have taken it away by now."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
