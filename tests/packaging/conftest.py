"""A small folder that looks like the built app, with everything that the recipe puts beside it on Linux."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest
from recipe.desktop_files import write_desktop_files
from recipe.icons import export_icons

from tests.support.installing import SHELLS, Machine

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = f"""#!{sys.executable} -IS
import os, sys
with open(os.environ["MBGUI_STARTED"], "w", encoding="utf-8") as stream:
    stream.write(repr(sys.argv))
"""
"""Stands in for the executable: writes its own path and its arguments into a file."""


@pytest.fixture(scope="session")
def icons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    export_icons(CHECKOUT / "resources", folder)
    return folder


@pytest.fixture(scope="session")
def bundle(icons: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by all tests: copy it before changing it."""
    folder = tmp_path_factory.mktemp("built") / "mbgui-1.2.3-linux-x86_64"
    (folder / "_internal" / "deep er").mkdir(parents=True)
    (folder / "_internal" / "deep er" / "library.so.1").write_bytes(bytes(300_000))
    (folder / "_internal" / "library.so").symlink_to("deep er/library.so.1")
    (folder / "mbgui").write_text(PROGRAM, encoding="utf-8")
    (folder / "mbgui").chmod(0o755)
    write_desktop_files(icons, folder, version="1.2.3", released=date(2026, 11, 27))
    return folder


@pytest.fixture
def machine(tmp_path: Path, bundle: Path) -> Machine:
    if os.name != "posix" or not SHELLS:
        pytest.skip("the scripts are for Linux")
    return Machine(tmp_path, bundle)
