"""Files read with a limit, and written whole or not at all."""

import contextlib
import errno
import os
import secrets
import shutil
from pathlib import Path

from mbgui.domain.errors import MbguiError, Problem

LARGEST_FILE_BYTES = 256 * 2**20
"""Far beyond any comparison (about 1 MiB for a hundred layers), and still harmless to read."""

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def read_whole(path: Path) -> bytes:
    """The bytes of a file. Raises `MbguiError` where there is none, it cannot be read, or it is too large."""
    try:
        if path.is_dir():
            raise _problem(f"{path.name} is a folder, not a file.", "Choose a file inside it.")
        size_bytes = path.stat().st_size
        if not path.is_file():
            raise _problem(f"{path.name} is not an ordinary file.", "Choose a file that mbgui saved.")
        if size_bytes > LARGEST_FILE_BYTES:
            raise _problem(f"{path.name} is too large to be a snapshot.", "Choose a file that mbgui saved.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _problem(f"There is no file {path}.", "Check the name; it may have been moved or deleted.") from error
    except (OSError, ValueError) as error:
        raise _problem(f"{path.name} cannot be read: {_reason(error)}.", "Check its permissions.", error) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step: until the last moment an older file of that name stays as it is.

    The new file keeps the older one's permissions; a write-protected file is not replaced, and what exists and is no
    ordinary file (a pipe, a device) is written to. Raises `MbguiError` where that cannot be done; nothing is left
    behind then.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from error


def make_folder(folder: Path) -> None:
    """Create a folder and those above it. Raises `MbguiError` where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _problem(f"The folder {folder} cannot be created: {_reason(error)}.", "", error) from error


def _replace(target: Path, data: bytes) -> None:
    """Write beside the target, then put the new file in its place."""
    is_there = target.is_file()
    if is_there and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        _write_and_sync(part, data)
        if is_there:
            shutil.copymode(target, part)
        os.replace(part, target)  # noqa: PTH105 (named like the system call that makes this atomic)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    _sync_folder(target.parent)


def _write_and_sync(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system lets a folder be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unwritable(path: Path, error: OSError | ValueError) -> MbguiError:
    code = error.errno if isinstance(error, OSError) else None
    if code in _NO_SPACE:
        return _problem(f"There is no space left to write {path.name}.", "Free some space or write elsewhere.", error)
    if code in _NOT_ALLOWED:
        return _problem(f"{path.name} cannot be written in {path.parent}: not allowed.", "Write elsewhere.", error)
    if code == errno.ENOENT:
        return _problem(f"There is no folder {path.parent}.", "Create it, or write elsewhere.", error)
    return _problem(f"{path.name} cannot be written: {_reason(error)}.", "Write elsewhere.", error)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


def _problem(sentence: str, advice: str, error: Exception | None = None) -> MbguiError:
    return MbguiError(Problem(sentence=sentence, advice=advice, detail="" if error is None else repr(error)))
