"""Long words such as paths made breakable, so that a label of several lines never widens its window."""

import re

_LONG_WORD = re.compile(r"\S{48,}")
_PLACES = re.compile(r"([/\\_\-.:@&?=])")
_ZERO_WIDTH_SPACE = "\u200b"


def breakable(text: str) -> str:
    """The text with invisible places to break in words that are too long for a line; for display only."""
    return _LONG_WORD.sub(_with_places, text)


def _with_places(found: re.Match[str]) -> str:
    return _PLACES.sub(rf"\1{_ZERO_WIDTH_SPACE}", found.group())
