"""The frozen folder: stages what goes in whole, and has PyInstaller put the window around it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from recipe.bundle import BUILD_FOLDER
from recipe.checkout import ROOT
from recipe.contents import CHILD_ROOTS, required_distributions
from recipe.icons import export_icons
from recipe.staging import Saving, compile_sources, stage


class FreezeError(Exception):
    """What kept the app from being frozen, in words for the user."""


def freeze(prepared: Path, output: Path) -> tuple[Path, tuple[Saving, ...]]:
    """Build the folder of the app in `output`, with `prepared` for what is only needed on the way.

    Returns:
        The folder, on macOS the `.app`, and what stayed out of it.

    Raises:
        FreezeError: PyInstaller failed; it has said why on standard error.
        OSError: a file cannot be written.
    """
    whole = required_distributions(CHILD_ROOTS)
    described = sorted(set(required_distributions(["mbgui"])) - set(whole))
    savings = stage(whole, described, prepared / "site")
    compile_sources(prepared / "site")
    export_icons(ROOT / "resources", prepared / "icons")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(output), "--workpath", str(prepared / "work"), str(ROOT / "packaging" / "mbgui.spec")]
    environment = {**os.environ, BUILD_FOLDER: str(prepared), "PYTHONHASHSEED": "1"}  # the same sources, the same order
    if subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode:
        raise FreezeError("PyInstaller could not freeze the app; what it said stands above.")
    folder, app = output / "mbgui", output / "mbgui.app"
    if not app.is_dir():
        return folder, savings
    shutil.rmtree(folder, ignore_errors=True)  # on macOS the app holds it
    return app, savings
