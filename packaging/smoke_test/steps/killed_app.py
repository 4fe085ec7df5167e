"""The window's process is killed in the middle of a comparison: no child outlives it."""

import time

from smoke_test.comparing import SAMPLE_TITLE, wait_for_button
from smoke_test.hand import Hand
from smoke_test.home import fresh_home
from smoke_test.processes import wait_for_none
from smoke_test.running_app import running_app
from smoke_test.stage import Figures, Stage

_CHILDREN = 2
"""One a framework."""
_GONE_WITHIN_S = 15.0


def kill_the_app(stage: Stage) -> Figures:
    """Kill it while both frameworks are at work, and count the seconds until no process is left."""
    home = fresh_home(stage.work, "killed", stage.account)
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        wait_for_button(app, window)
        Hand(stage.display.windows).press(window, "ctrl+Return")
        app.wait_until(lambda: len(app.children()) >= _CHILDREN, "two child processes")
        app.kill()
        began = time.monotonic()
        wait_for_none(stage.bundle.folder, _GONE_WITHIN_S)
        return {"children_gone_s": time.monotonic() - began}
