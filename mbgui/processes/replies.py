"""From the line a child wrote to the record it means, validated."""

from typing import Any

import msgspec

from mbgui.processes.messages import DATA, REPLIES, ReadBytes, Reply, data_of, no_bytes


def decode_reply(line: bytes, read: ReadBytes = no_bytes) -> Reply:
    """The reply of one line, with the bytes that `read` finds behind it.

    Raises:
        ValueError: the line is not JSON, of no known type, or a field is missing or of a wrong type.
    """
    fields: dict[str, Any] = msgspec.json.decode(line, type=dict[str, Any])
    name = fields.pop("type", None)
    if not isinstance(name, str) or name not in REPLIES:
        raise ValueError(f"unknown reply {name!r}")
    kind = REPLIES[name]
    data = data_of(fields, kind, read)
    if DATA in fields:
        raise ValueError("data in the line itself")
    return msgspec.convert(fields | data, type=kind)
