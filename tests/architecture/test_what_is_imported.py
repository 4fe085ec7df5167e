"""What each way into the program imports when it runs; measured in fresh interpreters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mbgui.snapshots.codec import encode
from tests.support.records import tiny_comparison

CHECKOUT = Path(__file__).resolve().parents[2]
FRAMEWORKS = {"torch", "torchvision", "tensorflow", "keras"}
WINDOW = {"PySide6", "pyqtgraph", "shiboken6"}
TELL = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
RUN_VERB = """
import contextlib, io, sys
from mbgui.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    code = main(sys.argv[1:])
assert code == 0, code
"""


def imported_by(code: str, *arguments: str, options: tuple[str, ...] = ()) -> set[str]:
    """The top-level modules that are loaded after `code` ran."""
    command = [sys.executable, *options, "-c", f"{code}\n{TELL}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT, env=os.environ)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def modules_of(package: str) -> list[str]:
    return [f"mbgui.{package}.{path.stem}" for path in sorted((CHECKOUT / "mbgui" / package).glob("[!_]*.py"))]


def test_the_records_and_the_child_need_the_standard_library_only() -> None:
    names = [*modules_of("domain"), "mbgui.processes.messages", "mbgui.processes.child", "mbgui.frameworks.adapter"]
    code = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); import {', '.join(names)}"
    imported = imported_by(code, options=("-I", "-S", "-B"))  # without site-packages, any other import fails
    assert "mbgui" in imported


def test_opening_the_window_imports_no_framework() -> None:
    names = ["mbgui.gui.app", *modules_of("gui"), *modules_of("gui/widgets")]
    imported = imported_by(f"import {', '.join(name.replace('/', '.') for name in names)}")
    assert "PySide6" in imported
    assert imported & FRAMEWORKS == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("compare", "--help"),
        ("verify", "--help"),
        ("models", "--help"),
        ("snapshots",),
        *(("report", "SNAPSHOT", "--format", form) for form in ("markdown", "html", "csv", "json")),
    ],
    ids=" ".join,
)
def test_no_verb_imports_the_window_or_a_framework(arguments: tuple[str, ...], tmp_path: Path) -> None:
    snapshot = tmp_path / "tiny.mbsnap"
    snapshot.write_bytes(encode(tiny_comparison()))
    words = [str(snapshot) if word == "SNAPSHOT" else word for word in arguments]
    assert imported_by(RUN_VERB, *words) & (WINDOW | FRAMEWORKS) == set()


def test_a_porters_own_tests_import_neither_the_window_nor_a_framework() -> None:
    assert imported_by("from mbgui.api import assert_equivalent") & (WINDOW | FRAMEWORKS) == set()
