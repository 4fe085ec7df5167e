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

SYSTEM: str = sys.platform
_MARK = "made-by-mbgui-build"
"""In the folder of what is only needed on the way: such a folder may be emptied."""


class FreezeError(Exception):
    """What kept the app from being frozen, in words for the user."""


def freeze(prepared: Path, output: Path) -> tuple[Path, tuple[Saving, ...]]:
    """Build the folder of the app in `output`, with `prepared` for what is only needed on the way.

    Returns:
        The folder, on macOS the `.app`, and what stayed out of it.

    Raises:
        FreezeError: PyInstaller failed, and has said why on standard error; or something else than an earlier build is
            in the way.
        OSError: a file cannot be written.
    """
    folder, app = output / "mbgui", output / "mbgui.app"
    _require_own(folder, "_internal")
    _require_own(prepared, _MARK)
    if sys.platform.startswith("linux") and shutil.which("objdump") is None:
        raise FreezeError("PyInstaller needs objdump. Install it with: apt-get install -y binutils")
    prepared.mkdir(parents=True, exist_ok=True)
    (prepared / _MARK).touch()
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
    if SYSTEM != "darwin":
        return folder, savings
    shutil.rmtree(folder, ignore_errors=True)  # the app holds it
    return app, savings


def _require_own(folder: Path, sign: str) -> None:
    """Raises `FreezeError` where a folder that is about to be emptied holds what no build put there."""
    if folder.exists() and not (folder / sign).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FreezeError(f"{folder} is in the way: no earlier build made it. Move it, or choose another folder.")
