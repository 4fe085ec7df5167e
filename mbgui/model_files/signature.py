"""The format of a file by what is in it, never by its name."""

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import Framework
from mbgui.domain.model_file import MODEL_FORMATS, FileFormat
from mbgui.model_files.archive import Archive, open_archive
from mbgui.model_files.file_parts import read_exactly
from mbgui.model_files.findings import OpenFile
from mbgui.model_files.keras_archive import CONFIG, METADATA
from mbgui.model_files.pickle_reading import UnreadablePickleError, read_pickle
from mbgui.model_files.refusals import file_name
from mbgui.model_files.safetensors_reading import header_length

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
DEFAULT_MEMORY_BYTES = 8 << 30
_OLD_PICKLE_STARTS = (b"(", b"c", b"]", b"}", b"S", b"V", b"I", b"L", b"F", b"N")
_OLD_PICKLE_BYTES = 64 << 20
_CAN_BE_OPENED = (
    "Models: .keras, .h5, .pt2, TorchScript; weights: .pth or .pt (a state dict), .safetensors, .npz, .weights.h5."
)

_FRAMEWORKS = {
    FileFormat.KERAS_ARCHIVE: Framework.KERAS,
    FileFormat.KERAS_HDF5_MODEL: Framework.KERAS,
    FileFormat.KERAS_WEIGHTS: Framework.KERAS,
    FileFormat.KERAS_HDF5_WEIGHTS: Framework.KERAS,
    FileFormat.EXPORTED_PROGRAM: Framework.PYTORCH,
    FileFormat.TORCHSCRIPT: Framework.PYTORCH,
    FileFormat.TORCH_WEIGHTS: Framework.PYTORCH,
    FileFormat.TORCH_PICKLE: Framework.PYTORCH,
    FileFormat.TORCH_LEGACY_PICKLE: Framework.PYTORCH,
}


def framework_of(chosen: FileFormat) -> Framework | None:
    """Whose format it is, `None` where it belongs to neither."""
    return _FRAMEWORKS.get(chosen)


def recognise(path: str) -> Framework | None:
    """The framework whose model a file holds, `None` where it holds none or only looks like it.

    Cheap, and needs no HDF5 library: `inspect_file` judges what is found here.

    Raises:
        MbguiError: there is nothing to read.
    """
    with opened_file(path, DEFAULT_MEMORY_BYTES) as file:
        start = first_bytes(file)
        if start.startswith(HDF5_MAGIC):
            return Framework.KERAS if _mentions(file, b"model_config") else None
        if not start.startswith(b"PK"):
            return None
        try:
            chosen = archive_format(open_archive(file))
        except MbguiError:
            return None
        return framework_of(chosen) if chosen in MODEL_FORMATS else None


@contextmanager
def opened_file(path: str, memory_bytes: int) -> Iterator[OpenFile]:
    """A regular file that is not empty, opened without ever waiting for another process.

    Raises:
        MbguiError: it is missing, a folder, unreadable, empty, or a pipe or device.
    """
    try:
        _check_kind(path, Path(path).stat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as content:
            status = os.fstat(descriptor)
            _check_kind(path, status.st_mode)
            if not status.st_size:
                raise _nothing(path, "is empty", "It may not have been copied or downloaded in full.")
            yield OpenFile(path=path, content=content, size_bytes=status.st_size, memory_bytes=memory_bytes)
    except FileNotFoundError as error:
        raise _nothing(path, "does not exist", "Check its name and its folder.", str(error)) from error
    except PermissionError as error:
        raise _nothing(path, "may not be read", "Ask for the right to read it.", str(error)) from error
    except (OSError, ValueError) as error:
        raise _nothing(path, "cannot be read", "Check the disk it is on.", str(error)) from error


def _check_kind(path: str, mode: int) -> None:
    if S_ISDIR(mode):
        is_saved_model = (Path(path) / "saved_model.pb").exists()
        what = "is a TensorFlow SavedModel folder, which is not read" if is_saved_model else "is a folder, not a file"
        raise _nothing(
            path, what, "Load it in Keras and save it as .keras." if is_saved_model else "Choose a file in it."
        )
    if not S_ISREG(mode):
        raise _nothing(path, "is no regular file", "Choose a file.")


def _nothing(path: str, what: str, advice: str, detail: str = "") -> MbguiError:
    return MbguiError(Problem(sentence=f"{file_name(path)} {what}.", advice=advice, detail=detail or path))


def first_bytes(file: OpenFile) -> bytes:
    """The first 512 bytes, or as many as there are."""
    return read_exactly(file.content, 0, min(512, file.size_bytes))


def archive_format(archive: Archive) -> FileFormat:
    """What an archive is, by the names of its parts."""
    folder, names = archive.top_folder, archive.entries
    if CONFIG in names and METADATA in names:
        return FileFormat.KERAS_ARCHIVE
    if f"{folder}archive_format" in names or "serialized_exported_program.json" in names:
        return FileFormat.EXPORTED_PROGRAM
    if f"{folder}constants.pkl" in names:
        return FileFormat.TORCHSCRIPT
    if f"{folder}data.pkl" in names:
        return FileFormat.TORCH_WEIGHTS
    if names and all(name.endswith(".npy") for name in names):
        return FileFormat.NPZ
    return FileFormat.UNKNOWN


def is_pickle(file: OpenFile, start: bytes) -> bool:
    """Whether it may be a pickle: by its first bytes, or an old one of text by being readable as such."""
    if start[:1] == b"\x80":
        return start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
    if start[:1] not in _OLD_PICKLE_STARTS or file.size_bytes > _OLD_PICKLE_BYTES:
        return False
    try:
        read_pickle(read_exactly(file.content, 0, file.size_bytes))
    except UnreadablePickleError:
        return False
    return True


def is_safetensors(file: OpenFile) -> bool:
    """Whether it starts as a safetensors file does."""
    return header_length(file) is not None


def unknown_file(path: str, start: bytes) -> MbguiError:
    """Why a file of another format is not opened: what it looks like."""
    advice = _ADVICES.get(kind := _looks_like(start), _CAN_BE_OPENED)
    return MbguiError(
        Problem(sentence=f"{file_name(path)} {kind}.", advice=advice, detail=f"It starts with {start[:32].hex(' ')}.")
    )


_LFS = "is a Git LFS pointer, a few lines of text in place of the file itself"
_PLAIN_TEXT = "is a text file, not a model"
_ADVICES = {
    _LFS: "Fetch the file itself with git lfs pull.",
    "is a web page, not a model": "The download led to a page; get the file itself.",
}
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"version https://git-lfs", _LFS),
    (b"\x1f\x8b", "is compressed with gzip; unpack it first"),
    (b"BZh", "is compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "is compressed with xz; unpack it first"),
    (b"7z\xbc\xaf", "is a 7-Zip archive; unpack it first"),
    (b"Rar!", "is a RAR archive; unpack it first"),
    (b"PK", "is a ZIP archive, but holds no model"),
    (b"\x93NUMPY", "is a single NumPy array (.npy), not a model or an archive of weights"),
    (b"GGUF", "is a GGUF file of llama.cpp, which is not read"),
    (b"\x7fELF", "is a program, not a model"),
    (b"MZ", "is a program, not a model"),
    (b"\x89PNG", "is a picture, not a model"),
    (b"\xff\xd8\xff", "is a picture, not a model"),
    (b"%PDF", "is a PDF document, not a model"),
)


def _looks_like(start: bytes) -> str:
    for magic, what in _STARTS:
        if start.startswith(magic):
            return what
    if start[4:8] == b"TFL3":
        return "is a TensorFlow Lite model (.tflite), which is not read"
    if start[257:262] == b"ustar":
        return "is a tar archive, perhaps of a PyTorch older than 0.1.9; it was not unpacked"
    if start[:1] == b"\x08" and (b"pytorch" in start or b"onnx" in start.lower() or b"tf2onnx" in start):
        return "is an ONNX model, which is not read"
    text = start.lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "is a web page, not a model"
    return _looks_like_text(start)


def _looks_like_text(start: bytes) -> str:
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        text = start[: error.start].decode("utf-8") if error.start > 100 else ""
    if not text or any(not letter.isprintable() and letter not in "\r\n\t" for letter in text):
        return "is of no format that is known here"
    return "is a JSON text, not a model" if text.lstrip()[:1] in ("{", "[") else _PLAIN_TEXT


def _mentions(file: OpenFile, name: bytes) -> bool:
    content: BinaryIO = file.content
    with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole.find(name) >= 0
