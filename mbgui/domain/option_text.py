"""An option's value as text and back: `?alpha=0.5&weights=none&sizes=3,3`."""

import re

OptionValue = str | int | float | bool | tuple[int, ...] | None
"""What an option of a model can be: a scalar, a tuple of integers, or nothing."""

_WORDS: dict[str, OptionValue] = {"none": None, "null": None, "true": True, "false": False}
_INTEGER = r"[+-]?\d{1,18}"
_FLOAT = r"[+-]?(\d+\.\d*|\.?\d+)([eE][+-]?\d{1,3})?"
_INTEGERS = r"[+-]?\d{1,18}(,[+-]?\d{1,18})*,?"  # compiled at first use: the window starts without
_UNQUOTED = "-._~/:,+()[] '"


def option_text(value: OptionValue) -> str:
    """The value as it is typed; a text that would be read as something else stands in quotes."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(map(str, value)) + ("," if len(value) == 1 else "")
    if isinstance(value, int | float):
        return repr(value)
    from urllib.parse import quote  # noqa: PLC0415  the window starts without

    is_plain = value != "" and value == value.strip() and isinstance(option_value(value), str) and value[0] != "'"
    return quote(value if is_plain else f"'{value}'", safe=_UNQUOTED)


def option_value(text: str) -> OptionValue:
    """What a text means, its percent signs already decoded: `none`, `true`, `0.5`, `3,3`, `'quoted'`, or itself."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1]
    if re.fullmatch(_INTEGER, text):
        return int(text)
    if "," in text and re.fullmatch(_INTEGERS, text):
        return tuple(int(part) for part in text.split(",") if part)
    if re.fullmatch(_FLOAT, text) and abs(float(text)) < float("inf"):
        return float(text)
    return text
