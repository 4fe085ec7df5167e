"""The same comparison without a mouse, in a window that its manager closes."""

import json

from smoke_test.comparing import SAMPLE_TITLE, wait_for_button, wait_for_comparison
from smoke_test.failures import StepFailed
from smoke_test.hand import Hand
from smoke_test.home import fresh_home
from smoke_test.known_pair import faults, latency_figures
from smoke_test.running_app import running_app
from smoke_test.stage import Figures, Stage

WITHOUT_PROOF = "[verify]\nis_verified=false\n"
CLOSE_BY_WINDOW_MANAGER = "alt+F4"
"""The key by which openbox, like most, asks a window to close (its default rc.xml)."""


def compare_by_keyboard(stage: Stage) -> Figures:
    """Compare by the shortcut, find the comparison kept in the home folder, and close by the window manager."""
    home = fresh_home(stage.work, "keyboard", stage.account, settings=WITHOUT_PROOF)
    hand = Hand(stage.display.windows)
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        wait_for_button(app, window)
        hand.press(window, "ctrl+Return")
        compared_s = wait_for_comparison(app, window)
        app.wait_until(home.kept, "a snapshot in the home folder")
        stage.keep_picture("compared by keyboard")
        hand.press(window, CLOSE_BY_WINDOW_MANAGER)
        app.expect_end()
    comparison = json.loads(home.kept()[0].read_bytes())["comparison"]
    found = faults(comparison, is_verified=False)
    if found:
        raise StepFailed(f"the snapshot says: {'; '.join(found)}")
    return {"comparison_s": compared_s, **latency_figures(comparison)}
