"""The bundle as one compressed file: equal folders give equal bytes."""

import lzma
import os
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from recipe.progress import Progress
from recipe.whole_file import being_written

ZSTD_LEVEL = 10
"""About as small as xz at its default, and quick to make and to unpack."""
XZ_PRESET = 6

try:
    import zstandard
except ImportError:  # the archive is then compressed by what Python brings
    zstandard = None  # type: ignore[assignment]


def make_archive(bundle: Path, target: Path, *, top: str) -> Path:
    """Pack a folder into `NAME.tar.zst` (`NAME.tar.xz` without zstandard); shows progress on stderr.

    The entries are sorted, belong to root and have one date: SOURCE_DATE_EPOCH, or that of the newest file. Modes,
    symbolic links and hard links are kept.

    Args:
        bundle: the folder to pack.
        target: the archive, a path that ends in `.tar.zst`; the folder it lies in is made where it is missing.
        top: the name of the one folder that the archive unpacks to.

    Returns:
        The archive. It is written whole or not at all.

    Raises:
        OSError: a file cannot be read or written.
    """
    suffix, compressed = (".xz", _xz) if zstandard is None else (".zst", _zstd)
    archive = target.with_suffix(suffix)
    archive.parent.mkdir(parents=True, exist_ok=True)
    paths = [bundle, *sorted(bundle.rglob("*"))]
    sizes = {path: path.lstat().st_size for path in paths if path.is_file() and not path.is_symlink()}
    progress = Progress(f"packing {archive.name}", sum(sizes.values()), sys.stderr)
    uniform = _uniform(_date(paths))
    with being_written(archive) as part, part.open("wb") as file, compressed(file) as stream, _tar(stream) as tar:
        for path in paths:
            name = (top / path.relative_to(bundle)).as_posix()
            tar.add(path, name, recursive=False, filter=uniform)
            progress.advance(sizes.get(path, 0))
    progress.finish()
    return archive


def _tar(stream: BinaryIO) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)


def _date(paths: list[Path]) -> int:
    """The date of all entries, in seconds since 1970 (https://reproducible-builds.org/specs/source-date-epoch/)."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    return int(told) if told else int(max(path.lstat().st_mtime for path in paths))


def _uniform(date: int) -> Callable[[tarfile.TarInfo], tarfile.TarInfo]:
    """What makes an entry the same whoever packs it, and whenever."""

    def uniform(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = date
        return entry

    return uniform


@contextmanager
def _zstd(file: BinaryIO) -> Iterator[BinaryIO]:
    """Compresses on all processors; how many there are does not change the bytes."""
    compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL, threads=-1, write_checksum=True)
    with compressor.stream_writer(file, closefd=False) as stream:
        yield cast("BinaryIO", stream)


@contextmanager
def _xz(file: BinaryIO) -> Iterator[BinaryIO]:
    with lzma.open(file, "wb", preset=XZ_PRESET) as stream:
        yield cast("BinaryIO", stream)
