"""Keras's own archives (.keras): configuration, weights, and nothing else."""

import json
from io import BufferedReader, BytesIO
from typing import BinaryIO, cast

from mbgui.domain.errors import MbguiError
from mbgui.model_files.archive import Archive, Entry
from mbgui.model_files.file_parts import FilePart
from mbgui.model_files.findings import Findings
from mbgui.model_files.hdf5_reading import Source, add_arrays
from mbgui.model_files.hdf5_safety import opened
from mbgui.model_files.keras_config import add_model_facts, check_config, parse_config
from mbgui.model_files.refusals import SAFE_WAYS_KERAS, damaged, quoted, refused

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_PARTS = frozenset({CONFIG, METADATA, WEIGHTS})


def read_keras_archive(archive: Archive, findings: Findings) -> None:
    """What a .keras archive holds.

    Raises:
        MbguiError: it is damaged, has other files in it, or its configuration names something that would be executed.
    """
    path = archive.file.path
    config = parse_config(path, archive.read(CONFIG))
    _add_metadata(archive, findings)
    add_model_facts(config, findings)
    problem = _problem(path, archive, config)
    _add_weights(archive, findings)
    if problem is not None:
        raise problem


def _problem(path: str, archive: Archive, config: dict[str, object]) -> MbguiError | None:
    """Why the model is refused; its tensors are listed before that is said."""
    try:
        check_config(path, config)
    except MbguiError as error:
        return error
    other = next((name for name in archive.entries if name not in _PARTS), None)
    if other is None:
        return None
    return refused(path, f"has files in it that would be unpacked to disk ({quoted(other)})", SAFE_WAYS_KERAS)


def _add_metadata(archive: Archive, findings: Findings) -> None:
    if METADATA not in archive.entries:
        raise damaged(archive.file.path, f"it lacks {METADATA}")
    try:
        metadata = json.loads(archive.read(METADATA, 1 << 20))
    except (ValueError, RecursionError) as error:
        raise damaged(archive.file.path, f"{METADATA} is no JSON", str(error)) from error
    if isinstance(metadata, dict):
        findings.add_fact("Keras version", metadata.get("keras_version"))
        findings.add_fact("Saved", metadata.get("date_saved"))


def _add_weights(archive: Archive, findings: Findings) -> None:
    entry = archive.entries.get(WEIGHTS)
    if entry is None:
        raise damaged(archive.file.path, f"it lacks {WEIGHTS}")
    open_weights = _weights(archive, entry)
    try:
        with opened(archive.file.path, open_weights()) as root:
            add_arrays(archive.file, root, open_weights, findings)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise damaged(archive.file.path, f"{WEIGHTS} is no sound HDF5 file", str(error)) from error


def _weights(archive: Archive, entry: Entry) -> Source:
    """The HDF5 file inside: read where it stands, or unpacked into memory once."""
    if entry.is_stored:
        return lambda: cast("BinaryIO", BufferedReader(FilePart(archive.file.content, entry.offset, entry.size_bytes)))
    content = b"".join(archive.chunks(entry))
    return lambda: BytesIO(content)
