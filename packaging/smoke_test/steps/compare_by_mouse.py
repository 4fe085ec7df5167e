"""The first start: the button is clicked, the snapshot saved and read back, and the window closed by its shortcut."""

import json

from smoke_test.comparing import SAMPLE_TITLE, wait_for_button, wait_for_comparison
from smoke_test.failures import StepFailed
from smoke_test.hand import Hand
from smoke_test.home import Home, fresh_home
from smoke_test.known_pair import Record, faults, latency_figures
from smoke_test.picture import Box
from smoke_test.running_app import RunningApp, running_app
from smoke_test.stage import Figures, Stage
from smoke_test.verbs import run_verb

_DIALOG_TITLE = "Save snapshot"
_BELOW_PX = 300


def compare_by_mouse(stage: Stage) -> Figures:
    """Compare the default pair by a click, and read the numbers back from the file that the user saved."""
    home = fresh_home(stage.work, "mouse", stage.account)
    stage.account.make_folder(stage.saved.parent)
    hand = Hand(stage.display.windows)
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        shown_s = stage.display.windows.since(window) - app.started
        button = wait_for_button(app, window)
        stage.keep_picture("first start")
        hand.click(button.middle, rest=_below(button))
        compared_s = wait_for_comparison(app, window)
        _save(app, hand, window)
        stage.keep_picture("compared by mouse")
        hand.press(window, "ctrl+q")
        app.expect_end()
    if len(home.kept()) != 1:
        raise StepFailed(f"{len(home.kept())} snapshots were kept in place of one")
    comparison = _read_back(stage, home)
    return {"first_window_s": shown_s, "comparison_s": compared_s, **latency_figures(comparison)}


def _save(app: RunningApp, hand: Hand, window: int) -> None:
    """Save by keyboard; the path is typed into the dialog."""
    stage = app.stage
    hand.press(window, "ctrl+s")
    dialog = app.wait_for_window(_DIALOG_TITLE)
    hand.type(dialog, str(stage.saved))
    stage.keep_picture("save dialog")
    hand.press(dialog, "Return")
    app.wait_until(stage.saved.is_file, f"the file {stage.saved.name}")
    app.wait_until(lambda: stage.display.windows.find(_DIALOG_TITLE) is None, "the end of the dialog")


def _read_back(stage: Stage, home: Home) -> Record:
    """The comparison in the saved file, read here and by the app's own verb. Raises `StepFailed` for wrong numbers."""
    written: Record = json.loads(stage.saved.read_bytes())["comparison"]
    told: Record = json.loads(run_verb(stage, home, "report", str(stage.saved), "--format", "json").output)
    for name, comparison in (("file", written), ("report", told)):
        found = faults(comparison, is_verified=True)
        if found:
            raise StepFailed(f"the {name} says: {'; '.join(found)}")
    return written


def _below(button: Box) -> tuple[int, int]:
    x, y = button.middle
    return x, y + _BELOW_PX
