"""The window's process is killed in the middle of a comparison: no child outlives it."""

import time

from smoke_test.comparing import SAMPLE_TITLE, wait_for_button
from smoke_test.hand import Hand
from smoke_test.home import fresh_home
from smoke_test.processes import loaded_files, wait_for_none
from smoke_test.running_app import RunningApp, running_app
from smoke_test.stage import Figures, Stage

_LIBRARIES = ("libtorch_cpu", "tensorflow")
"""What shows that both frameworks are at work."""
_GONE_WITHIN_S = 15.0


def kill_the_app(stage: Stage) -> Figures:
    """Kill it while both frameworks are at work, and count the seconds until no process is left."""
    home = fresh_home(stage.work, "killed", stage.account)
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        wait_for_button(app, window)
        Hand(stage.display.windows).press(window, "ctrl+Return")
        app.wait_until(lambda: _are_loaded(app), "child processes with both frameworks")
        app.kill()
        began = time.monotonic()
        wait_for_none(stage.bundle.folder, _GONE_WITHIN_S)
        return {"children_gone_s": time.monotonic() - began}


def _are_loaded(app: RunningApp) -> bool:
    loaded = loaded_files(app.children())
    return all(any(name in path for path in loaded) for name in _LIBRARIES)
