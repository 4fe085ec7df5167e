"""Whether what is to be remembered can be written at all, found out by writing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROBE = b"\0" * 4096  # an empty file fits on a full disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is kept in a folder, as it begins a sentence; `file` where it is one that is written again and again."""

    content: str
    folder: Path
    file: Path | None = None


def unwritable_reason(place: Place) -> str:
    """Why nothing can be written there, in the words of the system; "" where it can.

    The folder, and those above it, are made where they are missing.
    """
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place.folder) as probe:
            probe.write(_PROBE)
        if place.file is not None and place.file.exists():
            with place.file.open("ab"):
                pass
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""


def unkept_words(places: Sequence[Place]) -> tuple[str, str] | None:
    """A sentence, and one more, about what cannot be kept; `None` where everything can."""
    reasons = {place: unwritable_reason(place) for place in places}
    unkept = [place for place in places if reasons[place]]
    if not unkept:
        return None
    folders = ", ".join(dict.fromkeys(_told(place.folder) for place in unkept))
    sentence = f"{_listed([place.content for place in unkept])} cannot be kept: {reasons[unkept[0]]}."
    return sentence, f"mbgui runs without. It cannot write in {folders}; save what you need somewhere else."


def _told(folder: Path) -> str:
    """The folder as short as users write it."""
    home = Path.home()
    return f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) and home != folder else str(folder)


def _listed(contents: Sequence[str]) -> str:
    first, *others = contents
    named = [first, *(other[0].lower() + other[1:] for other in others)]
    return " and ".join(part for part in (", ".join(named[:-1]), named[-1]) if part)
