"""ZIP archives, judged before anything is unpacked.

The directory is read here and not by `zipfile`: a hostile one has to be refused before it costs time or memory, and two
readers must never see two different archives in one file. So nothing may stand before the first entry, between the
directory and its end record, or after that; local headers have to agree with the directory.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from stat import S_IFMT, S_ISLNK

from mbgui.domain.errors import MbguiError
from mbgui.model_files.file_parts import read_exactly
from mbgui.model_files.findings import OpenFile
from mbgui.model_files.refusals import damaged, quoted, refused, too_large

MAXIMUM_ENTRIES = 20_000
MAXIMUM_DIRECTORY_BYTES = 64 << 20
MAXIMUM_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 100 << 20
SMALL_ENTRY_BYTES = 64 << 20
"""What is read as a whole (JSON, pickles, code) may be this large."""

_END = struct.Struct("<4s4H2LH")
_END_LOCATOR_64 = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_DIRECTORY_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ZIP64, _UNICODE_PATH = 1, 0x7075
"""Further fields of an entry; newer Pythons take the name in the second in place of the entry's own."""
_DRIVE = re.compile(r"[A-Za-z]:")
_STORED, _DEFLATED = 0, 8
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of an archive; its bytes stand at `offset`, `packed_bytes` of them."""

    name: str
    offset: int
    packed_bytes: int
    size_bytes: int
    is_stored: bool
    crc32: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A ZIP whose directory was found sound; entries by name, in the directory's order."""

    file: OpenFile
    entries: dict[str, Entry]

    @property
    def top_folder(self) -> str:
        """The one folder that everything is in, with its slash; empty where there is none."""
        tops = {name.partition("/")[0] for name in self.entries}
        return f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in self.entries) else ""

    def read(self, name: str, limit: int = SMALL_ENTRY_BYTES) -> bytes:
        """A whole entry, checked. Raises `MbguiError` where it is missing, larger than `limit`, or damaged."""
        entry = self.entries.get(name)
        if entry is None:
            raise damaged(self.file.path, f"it lacks {quoted(name)}")
        if entry.size_bytes > limit:
            raise too_large(self.file.path, f"{quoted(name)} takes {entry.size_bytes:,} bytes")
        return b"".join(self.chunks(entry))

    def check(self, entry: Entry) -> None:
        """Raise `MbguiError` where the bytes of an entry are not those that were packed."""
        for _ in self.chunks(entry):
            pass

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of an entry, some at a time, checked at the end. PyTorch writes checksum 0 for none."""
        count, checksum = 0, 0
        try:
            for chunk in self._unpacked(entry):
                count += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                if count > entry.size_bytes:
                    break
                yield chunk
        except (zlib.error, EOFError) as error:
            raise damaged(self.file.path, f"{quoted(entry.name)} cannot be unpacked", str(error)) from error
        if count != entry.size_bytes:
            raise damaged(self.file.path, f"{quoted(entry.name)} is not as long as the archive says")
        if entry.crc32 and checksum != entry.crc32:
            raise damaged(self.file.path, f"the checksum of {quoted(entry.name)} is wrong")

    def _unpacked(self, entry: Entry) -> Iterator[bytes]:
        unpacker = None if entry.is_stored else zlib.decompressobj(-zlib.MAX_WBITS)
        for start in range(0, entry.packed_bytes, _CHUNK):
            wanted = min(_CHUNK, entry.packed_bytes - start)
            chunk = read_exactly(self.file.content, entry.offset + start, wanted)
            if unpacker is None:
                yield chunk
                continue
            while chunk:  # at most a chunk at a time, however much it is said to hold
                yield unpacker.decompress(chunk, _CHUNK)
                chunk = unpacker.unconsumed_tail
        if unpacker is not None:
            while rest := unpacker.decompress(b"", _CHUNK):
                yield rest


def open_archive(file: OpenFile) -> Archive:
    """The archive in a file, its directory checked.

    Raises:
        MbguiError: it is damaged, a bomb, or has entries that would leave the folder it is unpacked in.
    """
    try:
        count, directory = _directory(file)
        entries = _entries(file, count, directory)
        _check_sizes(file, entries)
        return Archive(file=file, entries={entry.name: entry for entry in _located(file, entries)})
    except (struct.error, EOFError, OSError) as error:
        raise damaged(file.path, "its list of contents cannot be read", str(error)) from error


def _directory(file: OpenFile) -> tuple[int, bytes]:
    """The number of entries and the bytes of the directory, both bounded before they are read."""
    start_of_end = file.size_bytes - _END.size
    if start_of_end < 0:
        raise damaged(file.path, "it is too short for a ZIP archive")
    end = _END.unpack(read_exactly(file.content, start_of_end, _END.size))
    if end[0] != b"PK\x05\x06" or end[7]:
        raise damaged(file.path, "its list of contents is not at its end")
    count, size, offset, end_of_directory = end[4], end[5], end[6], start_of_end
    if 0xFFFF in (count, end[3]) or 0xFFFFFFFF in (size, offset) or _has_end_64(file, start_of_end):
        count, size, offset, end_of_directory = _end_64(file, start_of_end)
    if count > MAXIMUM_ENTRIES:
        raise refused(
            file.path, f"is an archive of {count:,} files, more than any model has", detail=f"limit {MAXIMUM_ENTRIES:,}"
        )
    if size > MAXIMUM_DIRECTORY_BYTES:
        raise refused(
            file.path, f"is an archive whose list of contents takes {size:,} bytes, more than any model needs"
        )
    if offset + size != end_of_directory:
        raise damaged(file.path, "its list of contents is not where it says")
    return count, read_exactly(file.content, offset, size)


def _has_end_64(file: OpenFile, start_of_end: int) -> bool:
    start = start_of_end - _END_LOCATOR_64.size
    return start >= 0 and read_exactly(file.content, start, 4) == b"PK\x06\x07"


def _end_64(file: OpenFile, start_of_end: int) -> tuple[int, int, int, int]:
    start_of_locator = start_of_end - _END_LOCATOR_64.size
    if start_of_locator < _END_64.size:
        raise damaged(file.path, "the end of its list of contents is missing")
    locator = _END_LOCATOR_64.unpack(read_exactly(file.content, start_of_locator, _END_LOCATOR_64.size))
    start = start_of_locator - _END_64.size
    end = _END_64.unpack(read_exactly(file.content, start, _END_64.size))
    if locator[0] != b"PK\x06\x07" or locator[2] != start or end[0] != b"PK\x06\x06":
        raise damaged(file.path, "the end of its list of contents is damaged")
    return end[7], end[8], end[9], start


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """An entry as the directory lists it."""

    name: str
    raw_name: bytes
    header_offset: int
    packed_bytes: int
    size_bytes: int
    method: int
    crc32: int


def _entries(file: OpenFile, count: int, directory: bytes) -> list[_Listed]:
    found: list[_Listed] = []
    names: set[str] = set()
    position = 0
    while position < len(directory):
        listed, position = _listed(file, directory, position)
        folded = listed.name.lower()  # PyTorch's reader of archives takes capitals and small letters for the same
        if folded in names:
            raise refused(file.path, f"is an archive that lists {quoted(listed.name)} twice")
        if len(found) >= count:
            raise damaged(file.path, "it lists more files than it says")
        names.add(folded)
        found.append(listed)
    if len(found) != count:
        raise damaged(file.path, "it lists fewer files than it says")
    return found


def _listed(file: OpenFile, directory: bytes, position: int) -> tuple[_Listed, int]:
    fields = _DIRECTORY_ENTRY.unpack_from(directory, position)
    if fields[0] != b"PK\x01\x02":
        raise damaged(file.path, "its list of contents is damaged")
    name_start = position + _DIRECTORY_ENTRY.size
    extra_start = name_start + fields[10]
    end = extra_start + fields[11] + fields[12]
    if end > len(directory):
        raise damaged(file.path, "its list of contents ends early")
    raw_name = directory[name_start:extra_start]
    name = _checked_name(file, raw_name, fields[3])
    _check_kind(file, name, fields)
    extra = directory[extra_start : extra_start + fields[11]]
    if any(kind == _UNICODE_PATH for kind, _ in _extra_fields(extra)):
        raise refused(file.path, f"is an archive with an entry of two names: {quoted(name)}")
    size, packed, offset = _sizes_64(extra, fields[9], fields[8], fields[16])
    listed = _Listed(
        name=name,
        raw_name=raw_name,
        header_offset=offset,
        packed_bytes=packed,
        size_bytes=size,
        method=fields[4],
        crc32=fields[7],
    )
    return listed, end


def _checked_name(file: OpenFile, raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & 0x800 else "cp437")
    except UnicodeDecodeError as error:
        raise damaged(file.path, "the name of an entry cannot be read") from error
    parts = name.removesuffix("/").split("/")
    if "\0" in name or "\\" in name or not name or any(part in ("", ".", "..") for part in parts) or _DRIVE.match(name):
        raise refused(
            file.path,
            f"is an archive with an entry that would leave its folder: {quoted(name)}",
            "Get the file from a source that you trust.",
        )
    return name


def _check_kind(file: OpenFile, name: str, fields: tuple[int, ...]) -> None:
    if fields[3] & 0x2041:
        raise refused(
            file.path, f"is an encrypted archive ({quoted(name)})", "Unpack it, and pack it again without a password."
        )
    if fields[4] not in (_STORED, _DEFLATED):
        raise refused(file.path, f"packs {quoted(name)} in a way that models are not packed in (method {fields[4]})")
    mode = fields[15] >> 16
    if fields[1] >> 8 == 3 and S_ISLNK(mode):
        raise refused(file.path, f"is an archive with a link to another place: {quoted(name)}")
    if fields[1] >> 8 == 3 and S_IFMT(mode) not in (0, 0o100000, 0o040000):
        raise refused(file.path, f"is an archive with something that is no file: {quoted(name)}")


def _sizes_64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The three sizes, each from the ZIP64 field where its own is all ones, in the order the field has them."""
    values = [size, packed, offset]
    found = next((content for kind, content in _extra_fields(extra) if kind == _ZIP64), b"")
    numbers = iter(struct.unpack(f"<{len(found) // 8}Q", found[: len(found) // 8 * 8]))
    values = [next(numbers, value) if value == 0xFFFFFFFF else value for value in values]
    return values[0], values[1], values[2]


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The further fields of an entry: the number of their kind, and what they hold."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        yield kind, extra[position + 4 : position + 4 + length]
        position += 4 + length


def _check_sizes(file: OpenFile, entries: list[_Listed]) -> None:
    for entry in entries:
        if entry.size_bytes > RATIO_COUNTS_FROM_BYTES and entry.size_bytes > MAXIMUM_RATIO * entry.packed_bytes:
            raise refused(file.path, f"is a zip bomb: {quoted(entry.name)} unpacks to {entry.size_bytes:,} bytes")
        if entry.method == _STORED and entry.size_bytes != entry.packed_bytes:
            raise damaged(file.path, f"{quoted(entry.name)} has two lengths")
    total = sum(entry.size_bytes for entry in entries)
    packed = sum(entry.packed_bytes for entry in entries)
    if total > RATIO_COUNTS_FROM_BYTES and total > MAXIMUM_RATIO * packed:
        raise refused(file.path, f"is a zip bomb: {packed:,} bytes unpack to {total:,}")
    if total > file.memory_bytes:
        raise too_large(file.path, f"it unpacks to {total:,} bytes")


def _located(file: OpenFile, entries: list[_Listed]) -> list[Entry]:
    """Where the bytes of each entry are; no two may share any."""
    places: list[tuple[int, int, _Listed]] = []
    for entry in entries:
        start = _data_start(file, entry)
        places.append((entry.header_offset, start + entry.packed_bytes, entry))
    end_of_last = 0
    for header, end, entry in sorted(places, key=lambda place: place[0]):
        if header < end_of_last:
            raise refused(file.path, f"is a zip bomb: {quoted(entry.name)} shares its bytes with another entry")
        if not end_of_last and header:
            raise damaged(file.path, "something stands before its first entry")
        if end > file.size_bytes:
            raise damaged(file.path, f"{quoted(entry.name)} goes past its end")
        end_of_last = end
    return [
        Entry(
            name=entry.name,
            offset=end - entry.packed_bytes,
            packed_bytes=entry.packed_bytes,
            size_bytes=entry.size_bytes,
            is_stored=entry.method == _STORED,
            crc32=entry.crc32,
        )
        for _, end, entry in places
    ]


def _data_start(file: OpenFile, entry: _Listed) -> int:
    header = _LOCAL_HEADER.unpack(read_exactly(file.content, entry.header_offset, _LOCAL_HEADER.size))
    name = read_exactly(file.content, entry.header_offset + _LOCAL_HEADER.size, header[9])
    if header[0] != b"PK\x03\x04" or name != entry.raw_name or header[3] != entry.method:
        raise _two_faced(file, entry)
    return int(entry.header_offset + _LOCAL_HEADER.size + header[9] + header[10])


def _two_faced(file: OpenFile, entry: _Listed) -> MbguiError:
    return damaged(file.path, f"its list of contents and the entry disagree about {quoted(entry.name)}")
