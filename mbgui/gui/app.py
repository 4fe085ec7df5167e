"""Starts the window, or has the one that is there open what it was started for."""

import gc
from collections.abc import Sequence

from mbgui.domain.errors import MbguiError
from mbgui.gui.display import missing_display
from mbgui.gui.instance.claim import claim


def run(argv: Sequence[str]) -> int:
    """Show a window for each of these snapshot files, or one without, until all are closed. Returns the exit code.

    Where a window of the same user is on the same display already, it is told to open them, and this returns 0 at once.

    Raises:
        MbguiError: there is no display, or a system library is missing.
    """
    gc.disable()  # till the first picture: imports make many objects and no garbage worth looking for
    problem = missing_display()
    if problem is not None:
        raise MbguiError(problem)
    outcome = claim(argv)
    if outcome.is_handed_over:
        return 0
    from mbgui.gui.session import run_session  # noqa: PLC0415 - Qt may be loaded only now

    return run_session(argv, outcome)
