"""The folder of saved comparisons: keep, save, open, list, delete."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.snapshot import SnapshotEntry
from mbgui.snapshots.codec import decode, decode_listed, encode
from mbgui.snapshots.whole_file import make_folder, read_whole, write_whole

SUFFIX = ".mbsnap"

_OTHER_THAN_WORDS = re.compile(r"[^A-Za-z0-9_]+")


def default_folder() -> Path:
    """Where comparisons are kept: the user's data folder on this platform."""
    return platformdirs.user_data_path("mbgui", appauthor=False) / "snapshots"


class SnapshotStore:
    """Comparisons on disk: a folder where each one is kept, and files that the user names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, comparison: Comparison) -> Path:
        """Write a finished comparison into the folder, under a name made from its time, models and identifier.

        Raises `MbguiError` where it cannot be written.
        """
        make_folder(self.folder)
        path = self.folder / kept_name(comparison)
        self.save(comparison, path)
        return path

    def save(self, comparison: Comparison, path: Path) -> None:
        """Write a comparison to a file of the user's. Raises `MbguiError`; an older file is then as it was."""
        write_whole(path, encode(comparison))

    def open(self, path: Path) -> Comparison:
        """The comparison in a file. Raises `MbguiError` for anything but a sound snapshot."""
        return decode(read_whole(path), name=path.name)

    def entries(self) -> tuple[SnapshotEntry, ...]:
        """What the folder holds, newest first; files that are no sound snapshots are passed over."""
        return tuple(sorted(self._readable_entries(), key=_moment, reverse=True))

    def delete(self, path: Path) -> None:
        """Delete a snapshot file. Raises `MbguiError` where that cannot be done."""
        try:
            path.unlink()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            sentence = f"{path.name} cannot be deleted: {reason}."
            raise MbguiError(Problem(sentence=sentence, detail=repr(error))) from error

    def _readable_entries(self) -> Iterator[SnapshotEntry]:
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                yield read_entry(path)
            except MbguiError:
                continue


def read_entry(path: Path) -> SnapshotEntry:
    """What a list shows of a snapshot file. Raises `MbguiError` for anything but a snapshot."""
    listed = decode_listed(read_whole(path), name=path.name)
    return SnapshotEntry(
        path=str(path),
        title=listed.title,
        created_at=listed.created_at,
        headline=listed.verdict.headline,
        agreement=listed.verdict.agreement,
        is_sample=listed.is_sample,
    )


def kept_name(comparison: Comparison) -> str:
    """The file name of a kept comparison: sorted by time, readable, and safe on every file system."""
    moment = datetime.fromisoformat(comparison.created_at).astimezone(UTC)
    words = (comparison.left.source.title, comparison.right.source.title, comparison.identifier[:8])
    named = "-".join(_OTHER_THAN_WORDS.sub("_", word)[:60] for word in words)
    return f"{moment:%Y%m%dT%H%M%SZ}-{named}{SUFFIX}"


def _moment(entry: SnapshotEntry) -> tuple[datetime, str]:
    return datetime.fromisoformat(entry.created_at), entry.path
