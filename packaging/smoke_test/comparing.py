"""A comparison in the window, from its start to its end, followed by what can be seen of it."""

import time

from smoke_test.compare_button import lit_button
from smoke_test.failures import StepFailed
from smoke_test.picture import Box
from smoke_test.processes import foreign_files, loaded_files, processes_of
from smoke_test.running_app import RunningApp
from smoke_test.waiting import LONG_S

SAMPLE_TITLE = "mobilenet_v2 · MobileNetV2 (sample)"
PAIR_TITLE = "mobilenet_v2 · MobileNetV2 –"


def wait_for_button(app: RunningApp, window: int) -> Box:
    """The Compare button once it can be pressed."""
    return app.wait_until(lambda: lit_button(app.stage.display, window), "a Compare button that can be pressed")


def wait_for_comparison(app: RunningApp, window: int) -> float:
    """Wait for a comparison that was just asked for; how long it took, in seconds.

    Raises:
        StepFailed: it did not begin or not end, or a process of the app loaded what is not its own.
    """
    display, folder = app.stage.display, app.stage.bundle.folder
    loaded: set[str] = set()

    def has_ended() -> bool:
        loaded.update(loaded_files(processes_of(folder)))
        return lit_button(display, window) is not None

    app.wait_until(lambda: lit_button(display, window) is None, "the beginning of the comparison")
    began = time.monotonic()
    app.wait_until(has_ended, "the end of the comparison", LONG_S)
    duration_s = time.monotonic() - began
    foreign = foreign_files(loaded, folder)
    if foreign:
        raise StepFailed(f"the app loaded what it did not bring: {foreign}")
    app.wait_until(lambda: PAIR_TITLE in display.windows.title(window), f"a window titled “{PAIR_TITLE}”")
    return duration_s
