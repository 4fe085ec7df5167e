"""What the window says above its pages, as a picture: it cannot be read from outside, but compared."""

from smoke_test.display import Display
from smoke_test.picture import Box, take_picture
from smoke_test.window_place import window_box

_BAR = (80, 126)
"""Between these pixels from the top of the window, below the tool bar."""
_DOCK_WIDTH = 240


def message_picture(display: Display, window: int) -> bytes:
    """The pixels of the place where messages are."""
    whole = window_box(display, window)
    top, bottom = (whole.top + offset for offset in _BAR)
    return take_picture(
        display.name, Box(left=whole.left + _DOCK_WIDTH, top=top, right=whole.right, bottom=bottom)
    ).tobytes()
