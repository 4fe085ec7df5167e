"""Pictures of the screen, and what can be found in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab

ACCENTS = ((0x44, 0x77, 0xAA), (0x6F, 0xA3, 0xD8))
"""The colour of the button that is to be pressed, light and dark (`accent` in mbgui/gui/theme.py)."""
_BUTTON_HEIGHT = 20
_BUTTON_WIDTH = 48
"""In pixels: what is smaller is no button, but a mark or the border of a field."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels; right and bottom are the first ones outside of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[int, int]:
        """The point in the middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


def take_picture(display: str, box: Box | None = None) -> Image.Image:
    """The screen as it is, or a part of it."""
    bounds = None if box is None else (box.left, box.top, box.right, box.bottom)
    return ImageGrab.grab(bounds, xdisplay=display)


def save_picture(display: str, path: Path) -> None:
    """Keep the screen as it is in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    take_picture(display).save(path)


def find_button(image: Image.Image, colors: Iterable[tuple[int, int, int]] = ACCENTS) -> Box | None:
    """The button that is filled with one of the colours: a high enough and wide enough rectangle of it."""
    pixels: Pixels = np.asarray(image.convert("RGB"))
    found = (_find_rectangle((pixels == np.array(color, np.uint8)).all(axis=2)) for color in colors)
    return next((box for box in found if box is not None), None)


def _find_rectangle(is_filled: NDArray[np.bool_]) -> Box | None:
    left, right = _longest_run(is_filled.sum(axis=0) >= _BUTTON_HEIGHT)
    if right - left < _BUTTON_WIDTH:
        return None
    top, bottom = _longest_run(is_filled[:, left:right].sum(axis=1) >= _BUTTON_WIDTH // 2)
    return Box(left=left, top=top, right=right, bottom=bottom)


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Where the longest stretch of true begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    begins, ends = edges[::2], edges[1::2]
    if not len(begins):
        return 0, 0
    longest = int(np.argmax(ends - begins))
    return int(begins[longest]), int(ends[longest])
