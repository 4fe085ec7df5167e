"""What the app and a child say to each other: one JSON object a line, behind some of them the bytes of an array.

Everything here needs the standard library only, since the child may run in an interpreter of the user's own.
"""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mbgui.domain.environment import Version
from mbgui.domain.errors import Problem
from mbgui.domain.input_shape import InputShape
from mbgui.domain.model_file import ModelFile
from mbgui.domain.model_option import ModelOption
from mbgui.domain.network import Network
from mbgui.domain.request import ReadingLimits, Weights
from mbgui.domain.source import ModelSource
from mbgui.processes.latency_messages import LATENCY_COMMANDS, LATENCY_REPLIES, LatencyCommand, LatencyReply
from mbgui.processes.plain_records import record_from_plain
from mbgui.processes.proof_messages import PROOF_COMMANDS, PROOF_REPLIES, ProofCommand, ProofReply

DATA, DATA_SIZE = "data", "data_bytes"
LARGEST_DATA_BYTES = 1 << 34
"""No tensor of a model that fits into memory beside its partner is larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadModel:
    """Build a model and answer with `ModelLoaded`. The fields are those of `CompareRequest`, for one side."""

    source: ModelSource
    inputs: tuple[InputShape, ...]
    batch_size: int
    weights: Weights
    seed: int
    code_folders: tuple[str, ...]
    limits: ReadingLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class ListModels:
    """Answer with `ModelNames`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeModel:
    """Answer with `ModelDescribed` for a name of the framework's zoo."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectFile:
    """Answer with `FileInspected`: what is in a file, read without any framework."""

    path: str
    limits: ReadingLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The first word of a child: its framework is imported. `import_s` is the seconds that took.

    A child of no framework has no versions to tell yet.
    """

    versions: tuple[Version, ...]
    import_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The child lives; sent every second whatever it is busy with, unless native code holds the interpreter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLoaded:
    """Answer to `LoadModel`; `versions` are those of the framework that turned out to be the model's."""

    network: Network
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNames:
    """Answer to `ListModels`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDescribed:
    """Answer to `DescribeModel`. `input_size` is the (height, width) that the model states, where it does."""

    options: tuple[ModelOption, ...]
    input_size: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInspected:
    """Answer to `InspectFile`."""

    file: ModelFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFailed:
    """The command before could not be done; the child waits for the next one."""

    problem: Problem


Command = LoadModel | ListModels | DescribeModel | InspectFile | LatencyCommand | ProofCommand
Reply = (
    Ready | Beat | ModelLoaded | ModelNames | ModelDescribed | FileInspected | CommandFailed | LatencyReply | ProofReply
)
ReadBytes = Callable[[int], bytes]
"""Reads exactly so many bytes from where a line came. Raises `ValueError` where there are fewer."""

COMMANDS: dict[str, type[Command]] = {
    kind.__name__: kind
    for kind in (LoadModel, ListModels, DescribeModel, InspectFile, *LATENCY_COMMANDS, *PROOF_COMMANDS)
}
REPLIES: dict[str, type[Reply]] = {
    kind.__name__: kind
    for kind in (
        Ready,
        Beat,
        ModelLoaded,
        ModelNames,
        ModelDescribed,
        FileInspected,
        CommandFailed,
        *LATENCY_REPLIES,
        *PROOF_REPLIES,
    )
}


def encode(message: Command | Reply) -> bytes:
    """A message as it is sent. Raises `ValueError` for a number JSON has no word for."""
    return b"".join(encoded_parts(message))


def encoded_parts(message: Command | Reply) -> tuple[bytes, bytes]:
    """One line of UTF-8 JSON, `{"type": ..., fields...}`, and the bytes of the field `data` behind it, uncopied.

    Raises `ValueError` for a number JSON has no word for.
    """
    fields = {"type": type(message).__name__, **_fields(message)}
    data: bytes = fields.pop(DATA, b"")
    if data:
        fields[DATA_SIZE] = len(data)
    line = json.dumps(fields, allow_nan=False, separators=(",", ":"), default=_fields).encode() + b"\n"
    return line, data


def _fields(record: Any) -> dict[str, Any]:
    """A record's fields by name; the encoder asks again for records inside (`dataclasses.asdict` would copy all)."""
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def data_of(fields: dict[str, Any], kind: type, read: ReadBytes) -> dict[str, bytes]:
    """The field `data` of a message of this kind, whose size is taken out of its other fields.

    Raises `ValueError` for a size that is none, or that nothing of this kind has.
    """
    size = fields.pop(DATA_SIZE, 0)
    has_data = any(field.name == DATA for field in dataclasses.fields(kind))
    if type(size) is not int or not 0 <= size <= LARGEST_DATA_BYTES or (size and not has_data):
        raise ValueError(f"{size!r} is no size of data")
    if not has_data:
        return {}
    return {DATA: read(size) if size else b""}


def no_bytes(_size: int) -> bytes:
    """For a line that stands alone. Raises `ValueError`."""
    raise ValueError("there are no bytes behind this line")


def decode_command(line: bytes, read: ReadBytes = no_bytes) -> Command:
    """The command of one line. Raises `ValueError` or `TypeError` where it is none."""
    fields: dict[str, Any] = json.loads(line)
    name = fields.pop("type", None)
    if name not in COMMANDS:
        raise ValueError(f"unknown command {name!r}")
    kind = COMMANDS[name]
    data = data_of(fields, kind, read)
    return record_from_plain(kind, fields | data)
