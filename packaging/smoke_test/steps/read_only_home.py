"""A home folder that the user may not write to: the app runs, says so, and keeps nothing."""

from smoke_test.comparing import SAMPLE_TITLE, wait_for_button, wait_for_comparison
from smoke_test.failures import StepFailed
from smoke_test.hand import Hand
from smoke_test.home import fresh_home
from smoke_test.running_app import running_app
from smoke_test.stage import Figures, Stage
from smoke_test.steps.compare_by_keyboard import WITHOUT_PROOF

_DARK = "[window]\ntheme=dark\n"
"""Settings can be read all the same."""


def run_without_home(stage: Stage) -> Figures:
    """Compare in it; what the window says is for the picture."""
    home = fresh_home(stage.work, "read-only", stage.account, settings=_DARK + WITHOUT_PROOF)
    folders = [path for path in (home.folder, *home.folder.rglob("*")) if path.is_dir()]
    for folder in folders:
        folder.chmod(0o555)
    home.settings.chmod(0o444)
    before = sorted(home.folder.rglob("*"))
    hand = Hand(stage.display.windows)
    with running_app(stage, home) as app:
        window = app.wait_for_window(SAMPLE_TITLE)
        wait_for_button(app, window)
        stage.keep_picture("read-only home")
        hand.press(window, "ctrl+Return")
        compared_s = wait_for_comparison(app, window)
        stage.keep_picture("compared with a read-only home")
        hand.press(window, "ctrl+q")
        app.expect_end()
    written = set(home.folder.rglob("*")) - set(before)
    if written or home.settings.read_text(encoding="utf-8") != _DARK + WITHOUT_PROOF:
        raise StepFailed(f"a home folder that nobody may write to was written to: {sorted(map(str, written))}")
    return {"comparison_s": compared_s}
