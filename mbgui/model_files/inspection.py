"""The entrance: what is in a file, without executing anything of it."""

from dataclasses import dataclass, replace
from pathlib import PurePath

from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.model_file import MODEL_FORMATS, FileFormat, FileTensor, ModelFile
from mbgui.domain.network import TensorStatistics
from mbgui.model_files.archive import open_archive
from mbgui.model_files.exported_program import read_exported_program
from mbgui.model_files.findings import Findings, OpenFile, StoredArray
from mbgui.model_files.hdf5_reading import read_hdf5
from mbgui.model_files.keras_archive import read_keras_archive
from mbgui.model_files.npz_reading import read_npz
from mbgui.model_files.refusals import DamagedFileError, damaged, file_name, too_large
from mbgui.model_files.safetensors_reading import read_safetensors
from mbgui.model_files.signature import (
    DEFAULT_MEMORY_BYTES,
    HDF5_MAGIC,
    archive_format,
    first_bytes,
    framework_of,
    is_pickle,
    is_safetensors,
    opened_file,
    unknown_file,
)
from mbgui.model_files.tensor_statistics import describe
from mbgui.model_files.torch_archive import read_torch_archive
from mbgui.model_files.torch_legacy import read_legacy
from mbgui.model_files.torchscript import read_torchscript

_SUFFIXES: dict[str, frozenset[FileFormat]] = (
    {
        ".keras": frozenset({FileFormat.KERAS_ARCHIVE}),
        ".pt2": frozenset({FileFormat.EXPORTED_PROGRAM}),
        ".safetensors": frozenset({FileFormat.SAFETENSORS}),
        ".npz": frozenset({FileFormat.NPZ}),
    }
    | dict.fromkeys(
        (".h5", ".hdf5"),
        frozenset({FileFormat.KERAS_HDF5_MODEL, FileFormat.KERAS_WEIGHTS, FileFormat.KERAS_HDF5_WEIGHTS}),
    )
    | dict.fromkeys(
        (".pt", ".pth", ".ckpt", ".bin", ".jit", ".torchscript"),
        frozenset(
            {FileFormat.TORCH_WEIGHTS, FileFormat.TORCH_PICKLE, FileFormat.TORCH_LEGACY_PICKLE, FileFormat.TORCHSCRIPT}
        ),
    )
)
_ARCHIVE_READERS = {
    FileFormat.KERAS_ARCHIVE: read_keras_archive,
    FileFormat.EXPORTED_PROGRAM: read_exported_program,
    FileFormat.TORCHSCRIPT: read_torchscript,
    FileFormat.TORCH_WEIGHTS: read_torch_archive,
    FileFormat.NPZ: read_npz,
}
_STATISTICS_PER_FILE_BYTE = 4
_STATISTICS_BYTES_FREE = 64 << 20
"""A tensor may be a small storage seen many times over; statistics are made of this much and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found in a file, and why it is refused where it is."""

    findings: Findings
    refusal: Problem | None


def inspect_file(path: str, *, with_statistics: bool, memory_bytes: int = DEFAULT_MEMORY_BYTES) -> ModelFile:
    """What is in a file; a refusal is part of the record, beside what could be read without executing anything.

    `memory_bytes` bounds what the contents may take when they are unpacked.

    Raises:
        MbguiError: there is nothing to read: no file, a folder, a pipe or device, an empty or unreadable file.
    """
    with opened_file(path, memory_bytes) as file:
        examined = examine(file)
        findings, refusal = examined.findings, examined.refusal
        tensors = tuple(_plain_record(array) for array in findings.arrays)
        if with_statistics:
            try:
                tensors = _with_statistics(file, findings, tensors)
            except DamagedFileError as error:
                refusal = refusal or error.problem
    return ModelFile(
        path=path,
        format=findings.format,
        framework=framework_of(findings.format),
        size_bytes=file.size_bytes,
        tensors=tensors,
        facts=tuple(findings.facts),
        notes=(*_suffix_notes(path, findings.format), *findings.notes),
        refusal=refusal,
    )


def examine(file: OpenFile) -> Examined:
    """Read a file as far as it goes, whatever is in it. The arrays found can be read while it is open."""
    findings = Findings(format=FileFormat.UNKNOWN)
    try:
        _read(file, findings)
        _check_total(file, findings)
    except MbguiError as error:
        return Examined(findings=findings, refusal=error.problem)
    return Examined(findings=findings, refusal=None)


def _read(file: OpenFile, findings: Findings) -> None:
    """Fill the findings. Raises `MbguiError` where the file is refused, whatever a damaged one makes of its reader."""
    try:
        _read_by_content(file, findings)
    except MbguiError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise damaged(file.path, "its parts do not fit together", detail[:2000]) from error


def _read_by_content(file: OpenFile, findings: Findings) -> None:
    start = first_bytes(file)
    if start.startswith(HDF5_MAGIC):
        read_hdf5(file, findings)
    elif start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _read_archive(file, findings)
    elif is_safetensors(file):
        findings.format = FileFormat.SAFETENSORS
        read_safetensors(file, findings)
    elif is_pickle(file, start):
        findings.format = FileFormat.TORCH_LEGACY_PICKLE
        read_legacy(file, findings)
    else:
        raise unknown_file(file.path, start)


def _read_archive(file: OpenFile, findings: Findings) -> None:
    archive = open_archive(file)
    findings.format = archive_format(archive)
    reader = _ARCHIVE_READERS.get(findings.format)
    if reader is None:
        raise unknown_file(file.path, b"PK")
    reader(archive, findings)
    for entry in archive.entries.values():
        archive.check(entry)


def _check_total(file: OpenFile, findings: Findings) -> None:
    total = sum(array.size_bytes for array in findings.arrays)
    if total > file.memory_bytes:
        raise too_large(file.path, f"its tensors take {total:,} bytes")


def _plain_record(array: StoredArray) -> FileTensor:
    return FileTensor(name=array.name, shape=array.shape, dtype=array.dtype, size_bytes=array.size_bytes)


def _with_statistics(file: OpenFile, findings: Findings, tensors: tuple[FileTensor, ...]) -> tuple[FileTensor, ...]:
    """The same tensors with statistics, as far as the values can be had. Raises `DamagedFileError`."""
    left = _STATISTICS_BYTES_FREE + _STATISTICS_PER_FILE_BYTE * file.size_bytes
    described: list[FileTensor] = []
    for array, tensor in zip(findings.arrays, tensors, strict=True):
        left -= array.size_bytes
        described.append(tensor if left < 0 else replace(tensor, statistics=_statistics(array)))
    if left < 0:
        findings.notes.append("Statistics of some tensors were left out: they share values that are stored once.")
    return tuple(described)


def _statistics(array: StoredArray) -> TensorStatistics | None:
    try:
        return describe(array.read())
    except DamagedFileError:
        raise
    except MbguiError:  # a type that numpy lacks, or a shape without values
        return None


def _suffix_notes(path: str, chosen: FileFormat) -> tuple[str, ...]:
    fitting = _SUFFIXES.get(PurePath(path).suffix.lower())
    if fitting is None or chosen is FileFormat.UNKNOWN or chosen in fitting:
        return ()
    return (f"{file_name(path)} holds {_with_article(chosen)}, whatever its name says.",)


def _with_article(chosen: FileFormat) -> str:
    if chosen in MODEL_FORMATS and chosen is not FileFormat.TORCHSCRIPT:
        return f"a {chosen}"
    return str(chosen)
