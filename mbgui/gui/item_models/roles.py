"""What item models answer beyond text: roles of their own, and the two small values behind them."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole)

RECORD_ROLE = _FIRST + 1
"""The record behind a row."""
SORT_ROLE = _FIRST + 2
"""The raw number or text to sort by; `None` sorts last."""
SIDE_ROLE = _FIRST + 3
"""The `Side` a cell or a header belongs to, or `None`."""
TONE_ROLE = _FIRST + 4
"""The `Tone` of a cell's text."""
BADGES_ROLE = _FIRST + 5
"""A sequence of `Badge` to be shown in a cell instead of text."""
SHARE_ROLE = _FIRST + 6
"""A fraction from 0 to 1, shown as a bar."""
DEPTH_ROLE = _FIRST + 7
"""How deep a row lies in the tree of a cell's side; 0 at the top."""


class Tone(StrEnum):
    """How a text is meant; a delegate turns it into a colour or a weight."""

    NORMAL = "normal"
    MUTED = "muted"
    STRONG = "strong"
    WARNING = "warning"
    SUCCESS = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A word in a small frame."""

    text: str
    tone: Tone
