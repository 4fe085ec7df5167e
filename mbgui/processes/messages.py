"""What the app and a child say to each other: one JSON object a line.

Everything here needs the standard library only, since the child may run in an interpreter of the user's own.
"""

import dataclasses
import json
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
from mbgui.processes.plain_records import record_from_plain


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
class PrepareLatency:
    """Make the loaded model ready to be timed, call it `warmup` times, and answer with `LatencyPrepared`."""

    call_path: str
    batch_size: int
    warmup: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRound:
    """Time so many calls and answer with `RoundMeasured`."""

    runs: int


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
class LatencyPrepared:
    """Answer to `PrepareLatency`, in seconds."""

    first_call_s: float
    warmup_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMeasured:
    """Answer to `MeasureRound`, in seconds."""

    durations_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFailed:
    """The command before could not be done; the child waits for the next one."""

    problem: Problem


Command = LoadModel | ListModels | DescribeModel | InspectFile | PrepareLatency | MeasureRound
Reply = (
    Ready
    | Beat
    | ModelLoaded
    | ModelNames
    | ModelDescribed
    | FileInspected
    | LatencyPrepared
    | RoundMeasured
    | CommandFailed
)

COMMANDS: dict[str, type[Command]] = {
    kind.__name__: kind for kind in (LoadModel, ListModels, DescribeModel, InspectFile, PrepareLatency, MeasureRound)
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
        LatencyPrepared,
        RoundMeasured,
        CommandFailed,
    )
}


def encode(message: Command | Reply) -> bytes:
    """One line of UTF-8 JSON: `{"type": ..., fields...}`. Raises `ValueError` for a number JSON has no word for."""
    fields = {"type": type(message).__name__, **_fields(message)}
    return json.dumps(fields, allow_nan=False, separators=(",", ":"), default=_fields).encode() + b"\n"


def _fields(record: Any) -> dict[str, Any]:
    """A record's fields by name; the encoder asks again for records inside (`dataclasses.asdict` would copy all)."""
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def decode_command(line: bytes) -> Command:
    """The command of one line. Raises `ValueError` or `TypeError` where it is none."""
    fields: dict[str, Any] = json.loads(line)
    name = fields.pop("type", None)
    if name not in COMMANDS:
        raise ValueError(f"unknown command {name!r}")
    return record_from_plain(COMMANDS[name], fields)
