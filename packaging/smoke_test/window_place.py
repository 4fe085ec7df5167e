"""Where a window is on the screen."""

from smoke_test.display import Display
from smoke_test.failures import StepFailed
from smoke_test.picture import Box


def window_box(display: Display, window: int) -> Box:
    """The inside of a window, without what its manager draws around it. Raises `StepFailed` where it is gone."""
    return read_geometry(display.windows.ask("getwindowgeometry", "--shell", str(window)))


def read_geometry(answer: str) -> Box:
    """The rectangle in xdotool's `NAME=NUMBER` lines. Raises `StepFailed` where there is none."""
    values = dict(line.split("=", 1) for line in answer.splitlines() if "=" in line)
    try:
        left, top, width, height = (int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
    except KeyError as error:
        raise StepFailed("the window is gone") from error
    return Box(left=left, top=top, right=left + width, bottom=top + height)
