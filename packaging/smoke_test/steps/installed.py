"""The app installed for a user: started from the menu, by a double click and in a terminal, and removed again."""

import shutil
import time
from pathlib import Path

from smoke_test.comparing import SAMPLE_TITLE
from smoke_test.desktop_session import run_for_user, run_on_desktop
from smoke_test.failures import StepFailed, StepSkipped
from smoke_test.hand import Hand
from smoke_test.home import Home, fresh_home
from smoke_test.listing import difference, listing
from smoke_test.processes import kill, main_processes_of, processes_of, wait_for_none
from smoke_test.snapshot_at_hand import find_snapshot
from smoke_test.stage import Figures, Stage
from smoke_test.waiting import SOON_S, wait_until

_NAME = "Ina Größe"
"""A user whose name has a space in it."""
_MIME_TYPE = "application/x-mbgui-snapshot"
_DESKTOP_FILE = "mbgui.desktop"
_FILES = ("My pair.mbsnap", "Zweites Paar.mbsnap")


def use_installed(stage: Stage) -> Figures:
    """Install, start in every way a desktop knows, uninstall; the home folder is then as it was."""
    if not stage.bundle.has_installer:
        raise StepSkipped("a folder without an installer was given: give the archive")
    home = fresh_home(stage.work, _NAME, stage.account)
    program = home.folder / ".local/opt/mbgui"
    try:
        return _use(stage, home, program)
    except StepFailed:
        stage.keep_picture("installed-failed")
        raise
    finally:
        for process in processes_of(program):
            kill(process)


def _use(stage: Stage, home: Home, program: Path) -> Figures:
    before = listing(home.folder)
    began = time.monotonic()
    run_for_user(stage, home, str(stage.bundle.folder / "install"))
    install_s = time.monotonic() - began
    _check_entry(stage, home)
    _start_from_menu(stage, home, program)
    snapshot = find_snapshot(stage)
    for name in _FILES:
        shutil.copyfile(snapshot.path, home.folder / name)
        stage.account.give(home.folder / name)
    _open_files(stage, home, program, snapshot.title)
    for name in _FILES:
        (home.folder / name).unlink()
    run_for_user(stage, home, str(program / "uninstall"), "--purge")
    left = difference(before, listing(home.folder))
    if left:
        raise StepFailed(f"the home folder is not as it was before: {left}")
    return {"install_s": install_s}


def _check_entry(stage: Stage, home: Home) -> None:
    """The entry is sound, the file type is known and opened by it, and the terminal finds the app."""
    run_for_user(stage, home, "desktop-file-validate", str(home.folder / ".local/share/applications" / _DESKTOP_FILE))
    default = run_for_user(stage, home, "gio", "mime", _MIME_TYPE)  # xdg-mime stumbles over a space in HOME
    if _DESKTOP_FILE not in default.partition("\n")[0]:
        raise StepFailed(f"snapshots are not opened by {_DESKTOP_FILE}: {default.strip()}")
    version = run_for_user(stage, home, "sh", "-c", "mbgui --version")
    if not version.startswith("mbgui "):
        raise StepFailed(f"mbgui in a terminal says {version!r}")


def _start_from_menu(stage: Stage, home: Home, program: Path) -> None:
    run_on_desktop(stage, home, "gtk-launch", _DESKTOP_FILE)
    window = stage.display.windows.wait_for(SAMPLE_TITLE)
    stage.keep_picture("started from the menu")
    _quit(stage, window, program)


def _open_files(stage: Stage, home: Home, program: Path, title: str) -> None:
    """A second file becomes a second window of the same process."""
    windows = stage.display.windows
    shown: list[int] = []
    for count, name in enumerate(_FILES, start=1):
        path = home.folder / name
        kind = run_for_user(stage, home, "gio", "info", "-a", "standard::content-type", str(path))
        if _MIME_TYPE not in kind:
            raise StepFailed(f"{name} is taken for {kind.strip()}")
        run_on_desktop(stage, home, "xdg-open", str(path))
        shown = windows.wait_for_all(title, count)
        stage.keep_picture(f"opened by xdg-open {count}")
    wait_until(lambda: len(main_processes_of(program)) == 1, "the end of the second process")
    owners = {windows.process(window) for window in shown}
    if owners != {process.pid for process in main_processes_of(program)}:
        raise StepFailed(f"two files are shown by the processes {sorted(owners)}")
    _quit(stage, shown[-1], program)


def _quit(stage: Stage, window: int, program: Path) -> None:
    Hand(stage.display.windows).press(window, "ctrl+q")
    wait_for_none(program, SOON_S)
