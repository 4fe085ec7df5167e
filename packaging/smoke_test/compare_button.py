"""The Compare button as a user sees it: where it is, and whether it can be pressed."""

from smoke_test.display import Display
from smoke_test.picture import Box, find_button, take_picture
from smoke_test.window_place import window_box

_TOOL_BAR_HEIGHT = 130
"""Menu and tool bar, in pixels from the top of the window; further down other things have the button's colour."""


def lit_button(display: Display, window: int) -> Box | None:
    """Where the button is on the screen; `None` while it cannot be pressed: its colour goes then."""
    bar = upper_end(window_box(display, window))
    found = find_button(take_picture(display.name, bar))
    if found is None:
        return None
    return Box(
        left=bar.left + found.left,
        top=bar.top + found.top,
        right=bar.left + found.right,
        bottom=bar.top + found.bottom,
    )


def upper_end(window: Box) -> Box:
    """Where the menu and the tool bar are."""
    return Box(left=window.left, top=window.top, right=window.right, bottom=window.top + _TOOL_BAR_HEIGHT)
