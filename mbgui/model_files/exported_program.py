"""Exported programs (.pt2): read and judged before PyTorch loads them.

Written against torch/export/pt2_archive/_package.py and torch/_export/serde/serialize.py of PyTorch 2.14. What these
evaluate is checked first: `program_strings` holds the rules for texts, `program_graph` knows where they stand, and this
file which parts of the archive are pickles or machine code.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from mbgui.domain.errors import MbguiError
from mbgui.model_files.archive import Archive, open_archive
from mbgui.model_files.element_types import SCALAR_TYPES
from mbgui.model_files.findings import Findings, OpenFile
from mbgui.model_files.pickle_reading import PLAIN_INSTRUCTIONS
from mbgui.model_files.program_graph import GraphJudge, UnfitProgramError
from mbgui.model_files.program_strings import DOTTED
from mbgui.model_files.refusals import damaged, quoted, refused
from mbgui.model_files.torch_archive import add_tensors, pickle_in, stored_tensor
from mbgui.model_files.torch_objects import PLAIN_GLOBALS, Storage, TorchTensor, first_foreign, tensors_in

_ADVICE = "Export it anew with torch.export.save, or give module:callable that builds it."
_MODEL = "models/model.json"
_WEIGHTS, _CONSTANTS, _SAMPLES = "data/weights/", "data/constants/", "data/sample_inputs/model.pt"
_WEIGHTS_CONFIG, _CONSTANTS_CONFIG = f"{_WEIGHTS}model_weights_config.json", f"{_CONSTANTS}model_constants_config.json"
_TENSOR_PLACES = {_WEIGHTS: re.compile(r"weight_\d+"), _CONSTANTS: re.compile(r"tensor_\d+")}
"""What PyTorch calls tensors; files of other names ("opaque_obj_0", "custom_obj_0") it unpickles."""
_OLD_WEIGHTS, _OLD_CONSTANTS = f"{_WEIGHTS}model.pt", f"{_CONSTANTS}model.pt"
_KNOWN = frozenset({_MODEL, _SAMPLES, "archive_format", "archive_version", "version", "byteorder"})
_KNOWN_FOLDERS = (_WEIGHTS, _CONSTANTS, ".data/", "extra/", ".format_version", ".storage_alignment")
_PROGRAM_BYTES = 256 << 20


def read_exported_program(archive: Archive, findings: Findings) -> None:
    """What a .pt2 archive holds.

    Raises:
        MbguiError: it is damaged, older than PyTorch 2.8, or has something in it that loading it would execute.
    """
    path, folder = archive.file.path, archive.top_folder
    if f"{folder}{_MODEL}" not in archive.entries:
        raise _without_program(archive)
    program = _json(archive, f"{folder}{_MODEL}", _PROGRAM_BYTES)
    _add_facts(program, findings)
    _add_payload(archive, _WEIGHTS, _WEIGHTS_CONFIG, _OLD_WEIGHTS, findings)
    _add_payload(archive, _CONSTANTS, _CONSTANTS_CONFIG, _OLD_CONSTANTS, findings)
    _check_parts(archive)
    try:
        GraphJudge().check_program(program)
    except UnfitProgramError as error:
        raise refused(
            path, f"has something in it that loading would execute: {error}; it was not opened", _ADVICE
        ) from error
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError) as error:
        raise damaged(path, "its program is not described in full", f"{type(error).__name__}: {error}") from error
    _check_samples(archive)


def _without_program(archive: Archive) -> MbguiError:
    path = archive.file.path
    if "serialized_exported_program.json" in archive.entries:
        return refused(
            path,
            "was exported by a PyTorch older than 2.8, whose files hold pickles",
            "Export it anew with torch.export.save.",
        )
    if any("aotinductor/" in name for name in archive.entries):
        return refused(path, "is a compiled library (AOTInductor), which is machine code and was not loaded", _ADVICE)
    return damaged(path, f"it lacks {_MODEL}")


def _json(archive: Archive, name: str, limit: int) -> Any:
    try:
        return json.loads(archive.read(name, limit))
    except (ValueError, RecursionError) as error:
        raise damaged(archive.file.path, f"{quoted(name)} is no JSON", str(error)) from error


def _add_facts(program: Any, findings: Findings) -> None:
    if not isinstance(program, dict):
        return
    version = program.get("schema_version")
    findings.add_fact("PyTorch version", program.get("torch_version"))
    if isinstance(version, dict):
        findings.add_fact("Schema version", f"{version.get('major')}.{version.get('minor')}")
    try:
        graph = program["graph_module"]["graph"]
        findings.add_fact("Operations", len(graph["nodes"]))
        findings.add_fact("Inputs", "; ".join(_inputs(program["graph_module"])) or None)
    except (KeyError, TypeError, AttributeError, ValueError):
        findings.notes.append("Its program is not described in full.")


def _inputs(module: dict[str, Any]) -> Iterator[str]:
    for spec in module["signature"]["input_specs"][:100_000]:
        tensor = spec.get("user_input", {}).get("arg", {}).get("as_tensor")
        if tensor is not None:
            meta = module["graph"]["tensor_values"][tensor["name"]]
            sizes = "×".join(_size(size) for size in meta["sizes"])
            yield f"{tensor['name']} {sizes} {SCALAR_TYPES.get(meta['dtype'], '?')}"


def _size(size: dict[str, Any]) -> str:
    return str(size["as_int"]) if "as_int" in size else "?"


def _check_parts(archive: Archive) -> None:
    folder = archive.top_folder
    if not folder:
        raise damaged(archive.file.path, "its parts are not in one folder")
    for name in archive.entries:
        part = name.removeprefix(folder)
        if part not in _KNOWN and not part.startswith(_KNOWN_FOLDERS):
            what = "machine code" if "aotinductor" in part else "a part that no exported program needs"
            raise refused(archive.file.path, f"holds {what} ({quoted(part)}); it was not opened", _ADVICE)


def _add_payload(archive: Archive, folder: str, config: str, old: str, findings: Findings) -> None:
    """List the tensors of a folder: by its list, or as PyTorch 2.8 pickled them."""
    top = archive.top_folder
    if f"{top}{old}" in archive.entries:
        inner, found = _inner_pickle(archive, f"{top}{old}")
        add_tensors(inner, found, findings, lambda key: f"{inner.top_folder}data/{key}")
        return
    listed = _json(archive, f"{top}{config}", _PROGRAM_BYTES)
    try:
        items = list(listed["config"].items())
    except (TypeError, KeyError, AttributeError) as error:
        raise damaged(archive.file.path, f"{quoted(config)} is no list of tensors", str(error)) from error
    for name, payload in items:
        tensor = _listed_tensor(archive, f"{top}{folder}", name, payload)
        findings.arrays.append(stored_tensor(archive, tensor, lambda key: f"{top}{folder}{key}"))


def _listed_tensor(archive: Archive, folder: str, name: str, payload: Any) -> TorchTensor:
    path = archive.file.path
    try:
        is_pickled = payload["use_pickle"] is not False or payload["tensor_meta"] is None
        tensor = None if is_pickled else _tensor(name, payload)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise damaged(path, f"{quoted(name)} is not described in full", str(error)) from error
    place = _TENSOR_PLACES[folder.removeprefix(archive.top_folder)]
    if (
        tensor is None
        or tensor.storage is None
        or not place.fullmatch(tensor.storage.key)
        or not DOTTED.fullmatch(name)
    ):
        reason = f"holds a pickled object ({quoted(name)}), which loading would execute; it was not opened"
        raise refused(path, reason, _ADVICE)
    entry = archive.entries.get(f"{folder}{tensor.storage.key}")
    if entry is not None and not entry.size_bytes:  # exported without values: PyTorch fills in zeros
        return replace(tensor, storage=None)
    return tensor


def _tensor(name: str, payload: dict[str, Any]) -> TorchTensor:
    meta, place = payload["tensor_meta"], payload["path_name"]
    shape = tuple(_plain(size) for size in meta["sizes"])
    strides = tuple(_plain(size) for size in meta["strides"])
    if len(shape) != len(strides) or not isinstance(place, str):
        raise ValueError("no shape")
    dtype = SCALAR_TYPES[meta["dtype"]]
    storage = Storage(key=place, dtype=dtype, count=0)
    offset = _plain(meta["storage_offset"])
    return TorchTensor(name=name, shape=shape, dtype=dtype, storage=storage, offset=offset, strides=strides)


def _plain(size: dict[str, Any]) -> int:
    value = size["as_int"]
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise ValueError(f"no size: {str(value)[:50]}")
    return value


def _check_samples(archive: Archive) -> None:
    """Example inputs are a pickle that is loaded, without PyTorch's restrictions where these refuse it."""
    name = f"{archive.top_folder}{_SAMPLES}"
    entry = archive.entries.get(name)
    if entry is not None and entry.size_bytes:
        _inner_pickle(archive, name)


def _inner_pickle(archive: Archive, name: str) -> tuple[Archive, list[TorchTensor]]:
    """A `torch.save` file inside the archive: its tensors. Raises `MbguiError` where it holds anything else."""
    path = archive.file.path
    content = archive.read(name, archive.file.memory_bytes)
    if not content.startswith(b"PK\x03\x04"):
        raise refused(
            path, f"holds an old pickle ({quoted(name)}), which loading would execute; it was not opened", _ADVICE
        )
    memory_bytes = archive.file.memory_bytes
    file = OpenFile(
        path=path, content=BytesIO(content), size_bytes=len(content), memory_bytes=memory_bytes, is_on_disk=False
    )
    inner = open_archive(file)
    if any(part.endswith("constants.pkl") for part in inner.entries):
        raise refused(path, f"holds a TorchScript program ({quoted(name)}); it was not opened", _ADVICE)
    found = pickle_in(inner, f"{inner.top_folder}data.pkl")
    if not found.instructions <= PLAIN_INSTRUCTIONS:
        raise refused(
            path,
            f"has a pickle in it ({quoted(name)}) that PyTorch reads without restrictions; it was not opened",
            _ADVICE,
        )
    foreign = first_foreign(found.global_names, (PLAIN_GLOBALS - {"torch._tensor._rebuild_from_type_v2"}).__contains__)
    if foreign is not None:
        raise refused(
            path,
            f"holds a pickled object of {quoted(foreign)}, which loading would execute; it was not opened",
            _ADVICE,
        )
    try:
        GraphJudge().check_keys(found.value)
        return inner, list(tensors_in(found.value))
    except UnfitProgramError as error:
        raise refused(
            path, f"has something in it that loading would execute: {error}; it was not opened", _ADVICE
        ) from error
    except Exception as error:
        raise damaged(path, f"{quoted(name)} is not described in full", str(error)) from error
