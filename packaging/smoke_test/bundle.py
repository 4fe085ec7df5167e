"""The bundle where it is tested: taken out of its archive, moved, and written to by nobody."""

import os
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import zstandard

from smoke_test.account import Account
from smoke_test.confinement import rights_words
from smoke_test.failures import StepFailed

PLACE = "Größe & Maß (Ü) ✓"
"""A folder as some have it: spaces, letters beyond ASCII, and what a shell would take for its own."""
_NAME = "mbgui moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The folder of the app. `has_installer` tells whether it came with all that an archive holds."""

    folder: Path

    @property
    def executable(self) -> Path:
        """What a user double-clicks."""
        return self.folder / "mbgui"

    @property
    def has_installer(self) -> bool:
        """Whether an archive was made of it: a folder fresh from the freezer cannot install itself."""
        return (self.folder / "install").is_file()

    def file_sizes(self) -> list[int]:
        """The sizes of all files, in bytes."""
        return [path.lstat().st_size for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink()]


def place_bundle(source: Path, work: Path, account: Account) -> Bundle:
    """Take the app out of an archive, or out of a folder that is left as it is, and move it once.

    Raises:
        StepFailed: it is no app, or the account could write to it.
    """
    first = work / "first"
    first.mkdir()
    if source.is_dir():
        _share(source, first / source.name, account)
    else:
        extract(source, first)
    found = [path for path in first.iterdir() if (path / "mbgui").is_file() and (path / "_internal").is_dir()]
    if len(found) != 1:
        raise StepFailed(f"{source} holds no app: there is no folder with mbgui and _internal in it")
    place = work / PLACE
    place.mkdir()
    moved = place / _NAME
    found[0].rename(moved)
    _make_read_only(moved, with_files=not source.is_dir() or account.is_own)
    _refuse_writable(moved, account)
    return Bundle(folder=moved)


def extract(archive: Path, target: Path) -> None:
    """Unpack a `.tar.zst` or any archive that Python reads itself. Raises `StepFailed` where it is none."""
    try:
        with _opened(archive) as unpacked:
            unpacked.extraction_filter = getattr(
                tarfile, "tar_filter", None
            )  # Python 3.11 has it from its fourth patch on
            unpacked.extractall(target)  # noqa: S202  the archive was made here
    except (tarfile.TarError, zstandard.ZstdError, OSError) as error:
        raise StepFailed(f"{archive.name} cannot be unpacked: {error}") from error


def remove_tree(folder: Path) -> None:
    """Delete a folder, also one that nobody may write to."""
    for path, _, _ in os.walk(folder):
        Path(path).chmod(0o700)
    shutil.rmtree(folder)


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    if archive.suffix != ".zst":
        with tarfile.open(archive) as plain:
            yield plain
        return
    with archive.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as stream:
        source: IO[bytes] = stream
        with tarfile.open(fileobj=source, mode="r|") as streamed:
            yield streamed


def _share(source: Path, target: Path, account: Account) -> None:
    """The same files in a second tree: hard links where only folders must change, copies where files must, too."""
    try:
        shutil.copytree(source, target, symlinks=True, copy_function=shutil.copy2 if account.is_own else os.link)
    except shutil.Error:  # another file system
        shutil.rmtree(target)
        shutil.copytree(source, target, symlinks=True)


def _make_read_only(folder: Path, *, with_files: bool) -> None:
    for path, _, names in os.walk(folder, topdown=False):
        for name in names if with_files else ():
            file = Path(path, name)
            if not file.is_symlink():
                file.chmod(file.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
        Path(path).chmod(0o555)


def _refuse_writable(folder: Path, account: Account) -> None:
    find = shutil.which("find") or "find"
    asked = [*rights_words(account), find, str(folder), "-writable", "!", "-type", "l", "-print", "-quit"]
    found = subprocess.run(asked, capture_output=True, encoding=sys.getfilesystemencoding(), check=False)
    if found.returncode or found.stdout:
        raise StepFailed(f"{account.name} could write to the app, or not read it: {found.stdout}{found.stderr}")
