"""Records out of plain JSON by their type hints, with the standard library alone."""

import dataclasses
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

RecordT = TypeVar("RecordT")


def record_from_plain(kind: type[RecordT], fields: Mapping[str, Any]) -> RecordT:
    """The record of a dataclass `kind` whose fields are `fields`, records inside it likewise.

    Raises:
        TypeError: a field is missing, unknown or of another type.
        ValueError: a word is no member of its enumeration.
    """
    hints = _hints(cast("Any", kind))
    unknown = set(fields) - set(hints)
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {min(unknown)!r}")
    return kind(**{name: _value(hints[name], value) for name, value in fields.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    names = {field.name for field in dataclasses.fields(kind)}
    return {name: hint for name, hint in get_type_hints(kind).items() if name in names}


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return _member(get_args(hint), value)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value)
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return record_from_plain(cast("type[Any]", hint), value)
    if isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, str):
        return hint(value)
    if hint is float and type(value) is int:
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise TypeError(f"{value!r} is no {hint}")


def _member(hints: tuple[Any, ...], value: Any) -> Any:
    """The value as the first member of a union that takes it, its very type before all others."""
    kind = NoneType if value is None else type(value)
    if kind in hints:
        return value
    for hint in hints:
        try:
            return _value(hint, value)
        except (TypeError, ValueError):
            continue
    raise TypeError(f"{value!r} is none of {hints}")


def _tuple(hints: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"{value!r} is no list")
    members = [hints[0]] * len(value) if hints[-1] is Ellipsis else list(hints)
    return tuple(_value(hint, member) for hint, member in zip(members, value, strict=True))
