"""A home folder that the user may not write to: the app runs, says so, and keeps nothing."""

import shutil

from smoke_test.comparing import SAMPLE_TITLE, wait_for_button, wait_for_comparison
from smoke_test.failures import StepFailed
from smoke_test.hand import Hand
from smoke_test.home import Home, fresh_home
from smoke_test.message_bar import message_picture
from smoke_test.running_app import running_app
from smoke_test.stage import Figures, Stage
from smoke_test.steps.compare_by_keyboard import WITHOUT_PROOF

_SETTINGS = f"[window]\ntheme=dark\n{WITHOUT_PROOF}"
"""They can be read all the same."""


def run_without_home(stage: Stage) -> Figures:
    """The window says something else than in a usual home folder, a comparison runs to its end, and nothing is kept."""
    home = fresh_home(stage.work, "read-only", stage.account, settings=_SETTINGS)
    usual = _usual_message(stage, home)
    _close_to_writing(home)
    before = set(home.folder.rglob("*"))
    hand = Hand(stage.display.windows)
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        wait_for_button(app, window)
        app.wait_until(
            lambda: message_picture(stage.display, window) != usual, "a word about the home folder in the message bar"
        )
        stage.keep_picture("read-only home")
        hand.press(window, "ctrl+Return")
        compared_s = wait_for_comparison(app, window)
        stage.keep_picture("compared with a read-only home")
        hand.press(window, "ctrl+q")
        app.expect_end()
    written = set(home.folder.rglob("*")) - before
    if written or home.settings.read_text(encoding="utf-8") != _SETTINGS:
        raise StepFailed(f"a home folder that nobody may write to was written to: {sorted(map(str, written))}")
    return {"comparison_s": compared_s}


def _usual_message(stage: Stage, home: Home) -> bytes:
    """What the window says where all is well; the home folder is then as it was before."""
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        wait_for_button(app, window)
        message = message_picture(stage.display, window)
        app.kill()
    for folder in (home.folder / ".local", home.folder / ".keras"):
        shutil.rmtree(folder, ignore_errors=True)
    home.settings.write_text(_SETTINGS, encoding="utf-8")
    return message


def _close_to_writing(home: Home) -> None:
    for path in (home.folder, *home.folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
