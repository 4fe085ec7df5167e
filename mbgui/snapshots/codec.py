"""Comparisons as bytes and back: UTF-8 JSON with a version, validated against the records when read."""

import re
from typing import Any, TypeVar

import msgspec

from mbgui.domain.comparison import Agreement, Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.source import ModelSource
from mbgui.snapshots.migrations import SCHEMA_VERSION, migrate
from mbgui.snapshots.number_faults import find_time_faults
from mbgui.snapshots.references import find_faults

FORMAT = "mbgui-snapshot"

_LARGEST_INTEGER = 2**63 - 1
_LONG_NUMBER = re.compile(rb"\d{19}")
_Kind = TypeVar("_Kind")

_NEW_COPY = "Ask for a new copy of the file, or make the comparison again."


class _Envelope(msgspec.Struct):
    format: str
    schema_version: int
    comparison: msgspec.Raw


class _Written(msgspec.Struct):
    format: str
    schema_version: int
    comparison: Comparison


class _ListedNetwork(msgspec.Struct):
    source: ModelSource


class _ListedVerdict(msgspec.Struct):
    agreement: Agreement
    headline: str


class Listed(msgspec.Struct, frozen=True):
    """The few fields of a comparison that a list of snapshots shows; everything else is skipped when decoding."""

    created_at: str
    left: _ListedNetwork
    right: _ListedNetwork
    verdict: _ListedVerdict
    is_sample: bool = False

    @property
    def title(self) -> str:
        """Both model names, left first, like `Comparison.title`."""
        return f"{self.left.source.title} · {self.right.source.title}"


def encode(comparison: Comparison) -> bytes:
    """The comparison as a snapshot: the same bytes for equal comparisons.

    Raises `MbguiError` for a comparison that could not be read back, such as one with a time that is not a number.
    """
    try:
        data = msgspec.json.encode(_Written(FORMAT, SCHEMA_VERSION, comparison))
        decode(data, name="The comparison")
    except (MbguiError, ValueError, OverflowError) as error:
        detail = error.problem.detail if isinstance(error, MbguiError) else ""
        raise _problem("The comparison cannot be written as a snapshot.", "", detail or str(error)) from error
    return data


def decode(data: bytes, *, name: str = "The snapshot") -> Comparison:
    """The comparison that a snapshot holds; `name` is what the sentences of errors begin with.

    Raises `MbguiError` for anything but a sound snapshot of this or an older schema.
    """
    comparison = _decode_as(Comparison, data, name)
    _refuse_large_integers(comparison, data, name)
    _refuse_faults(comparison, name)
    return comparison


def decode_listed(data: bytes, *, name: str = "The snapshot") -> Listed:
    """What a list shows of a snapshot, without decoding the rest. Raises `MbguiError` like `decode`."""
    listed = _decode_as(Listed, data, name)
    _refuse_bad_time(listed.created_at, name)
    return listed


def _decode_as(kind: type[_Kind], data: bytes, name: str) -> _Kind:
    envelope = _open_envelope(data, name)
    try:
        if envelope.schema_version == SCHEMA_VERSION:
            return msgspec.json.decode(envelope.comparison, type=kind)
        plain = msgspec.json.decode(envelope.comparison, type=dict[str, Any])
        return msgspec.convert(_migrated(plain, envelope.schema_version, name), type=kind)
    except (ValueError, LookupError, RecursionError) as error:
        raise _undecodable(name, error, data) from error


def _migrated(plain: dict[str, Any], version: int, name: str) -> dict[str, Any]:
    try:
        return migrate(plain, version)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        what = f"version {version} of the records: {type(error).__name__}: {error}"
        raise _contradiction(name, f"it is not what mbgui saved as version {version}") from ValueError(what)


def _open_envelope(data: bytes, name: str) -> _Envelope:
    try:
        envelope = msgspec.json.decode(data, type=_Envelope)
    except msgspec.ValidationError as error:
        raise _no_snapshot(name, str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _undecodable(name, error, data) from error
    if envelope.format != FORMAT or envelope.schema_version < 1:
        raise _no_snapshot(name, f"format {envelope.format!r}, schema version {envelope.schema_version}")
    if envelope.schema_version > SCHEMA_VERSION:
        versions = f"schema version {envelope.schema_version}, this mbgui reads up to {SCHEMA_VERSION}"
        raise _problem(f"{name} was saved by a newer mbgui.", "Update mbgui to open it.", versions)
    return envelope


def _refuse_large_integers(comparison: Comparison, data: bytes, name: str) -> None:
    """Integers beyond 64 bits fit no tensor and overflow Qt and floats; only a long run of digits can be one."""
    if not _LONG_NUMBER.search(data):
        return
    waiting: list[Any] = [msgspec.to_builtins(comparison)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
        elif isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
            raise _contradiction(name, f"the number {value} is too large")


def _refuse_faults(comparison: Comparison, name: str) -> None:
    _refuse_bad_time(comparison.created_at, name)
    for fault in find_faults(comparison):
        raise _contradiction(name, fault)


def _refuse_bad_time(created_at: str, name: str) -> None:
    for fault in find_time_faults(created_at, "created_at"):
        raise _contradiction(name, fault)


def _undecodable(name: str, error: Exception, data: bytes) -> MbguiError:
    """What keeps bytes from being a snapshot, from the decoder's error; its words follow as detail."""
    detail = str(error)
    if isinstance(error, msgspec.ValidationError):
        reason, _, place = detail.partition(" - at ")
        field = place.strip("`").removeprefix("$").removeprefix(".") or "the top"
        return _problem(f"{name} has something unexpected at {field}: {_lower_first(reason)}.", _NEW_COPY, detail)
    ends_inside_a_number = detail.endswith(f"(byte {len(data)})") and "trailing" not in detail
    if "truncated" in detail or ends_inside_a_number:
        return _problem(f"{name} is cut off: its end is missing.", _NEW_COPY, detail)
    return _problem(f"{name} is damaged or not a snapshot: it is not valid JSON.", _NEW_COPY, detail)


def _no_snapshot(name: str, detail: str) -> MbguiError:
    return _problem(f"{name} is not an mbgui snapshot.", "Choose a file that mbgui saved (NAME.mbsnap).", detail)


def _contradiction(name: str, fault: str) -> MbguiError:
    return _problem(f"{name} contradicts itself: {fault}.", _NEW_COPY, fault)


def _problem(sentence: str, advice: str, detail: str) -> MbguiError:
    return MbguiError(Problem(sentence=sentence, advice=advice, detail=detail))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
