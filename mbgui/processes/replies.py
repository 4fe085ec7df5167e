"""From the line a child wrote to the record it means, validated."""

from typing import Any

import msgspec

from mbgui.processes.messages import REPLIES, Reply


def decode_reply(line: bytes) -> Reply:
    """The reply of one line.

    Raises:
        ValueError: the line is not JSON, of no known type, or a field is missing or of a wrong type.
    """
    fields: dict[str, Any] = msgspec.json.decode(line, type=dict[str, Any])
    name = fields.pop("type", None)
    if not isinstance(name, str) or name not in REPLIES:
        raise ValueError(f"unknown reply {name!r}")
    return msgspec.convert(fields, type=REPLIES[name])
