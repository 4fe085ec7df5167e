"""What the app and a child say to each other: one JSON object a line.

Everything here needs the standard library only, since the child may run in an interpreter of the user's own.
"""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from mbgui.domain.environment import Version
from mbgui.domain.errors import Problem
from mbgui.domain.network import Network

# Commands hold plain JSON types, so that the child can decode them without a library.


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadModel:
    """Build a model and answer with `ModelLoaded`; `kind` and `weights` are values of `SourceKind` and `Weights`."""

    kind: str
    name: str
    height: int
    width: int
    batch_size: int
    weights: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListModels:
    """Answer with `ModelNames`."""


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
    """The first word of a child: its framework is imported. `import_s` is the seconds that took."""

    versions: tuple[Version, ...]
    import_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The child lives; sent every second whatever it is busy with, unless native code holds the interpreter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLoaded:
    """Answer to `LoadModel`."""

    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNames:
    """Answer to `ListModels`."""

    names: tuple[str, ...]


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


Command = LoadModel | ListModels | PrepareLatency | MeasureRound
Reply = Ready | Beat | ModelLoaded | ModelNames | LatencyPrepared | RoundMeasured | CommandFailed

COMMANDS: dict[str, type[Command]] = {
    kind.__name__: kind for kind in (LoadModel, ListModels, PrepareLatency, MeasureRound)
}
REPLIES: dict[str, type[Reply]] = {
    kind.__name__: kind
    for kind in (Ready, Beat, ModelLoaded, ModelNames, LatencyPrepared, RoundMeasured, CommandFailed)
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
    return COMMANDS[name](**fields)
