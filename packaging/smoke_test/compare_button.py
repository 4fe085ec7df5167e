"""The Compare button as a user sees it: where it is, and whether it can be pressed."""

from smoke_test.display import Display
from smoke_test.failures import StepFailed
from smoke_test.picture import Box, find_button, take_picture

_TOOL_BAR_HEIGHT = 130
"""Menu and tool bar, in pixels from the top of the window; further down other things have the button's colour."""


def lit_button(display: Display, window: int) -> Box | None:
    """Where the button is on the screen; `None` while it cannot be pressed: its colour goes then."""
    bar = _top_of(display, window)
    found = find_button(take_picture(display.name, bar))
    if found is None:
        return None
    return Box(
        left=bar.left + found.left,
        top=bar.top + found.top,
        right=bar.left + found.right,
        bottom=bar.top + found.bottom,
    )


def _top_of(display: Display, window: int) -> Box:
    return top_of_window(display.windows.ask("getwindowgeometry", "--shell", str(window)))


def top_of_window(geometry: str) -> Box:
    """The upper end of a window from xdotool's `NAME=NUMBER` lines. Raises `StepFailed` where the window is gone."""
    values = dict(line.split("=", 1) for line in geometry.splitlines() if "=" in line)
    try:
        left, top = max(int(values["X"]), 0), max(int(values["Y"]), 0)
        return Box(left=left, top=top, right=left + int(values["WIDTH"]), bottom=top + _TOOL_BAR_HEIGHT)
    except KeyError as error:
        raise StepFailed("the window is gone") from error
