"""Starts the window: the one function that the command line calls."""

import gc
from collections.abc import Sequence

from mbgui.domain.errors import MbguiError
from mbgui.gui.display import missing_display


def run(argv: Sequence[str]) -> int:
    """Show the window until it is closed; a snapshot file among the arguments is opened. Returns the exit code.

    `argv` is without the program's own name.

    Raises:
        MbguiError: there is no display, or a system library is missing.
    """
    gc.disable()  # till the first picture: imports make many objects and no garbage worth looking for
    problem = missing_display()
    if problem is not None:
        raise MbguiError(problem)
    from mbgui.gui.desktop import show_desktop  # noqa: PLC0415 - Qt may be loaded only now

    return show_desktop(argv)
