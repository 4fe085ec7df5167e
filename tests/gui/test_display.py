"""A window that cannot be shown is a sentence with the line that helps, never an abort of Qt."""

import subprocess
import sys

import pytest

from mbgui.gui import display

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)


@linux_only
def test_no_display_is_said_and_the_report_is_named() -> None:
    problem = display.missing_display()
    assert problem is not None
    assert "no display" in problem.sentence
    assert "mbgui compare" in problem.advice


@linux_only
def test_missing_libraries_come_with_the_apt_get_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    absent = {"libxcb-cursor.so.0", "libEGL.so.1"}

    def can_load(library: str) -> bool:
        return library not in absent

    monkeypatch.setattr(display, "_can_load", can_load)
    problem = display.missing_display()
    assert problem is not None
    assert "libxcb-cursor.so.0" in problem.sentence
    assert "apt-get install -y libegl1 libxcb-cursor0" in problem.advice


@linux_only
def test_offscreen_needs_neither_display_nor_x_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def can_load(library: str) -> bool:
        return "xcb" not in library

    monkeypatch.setattr(display, "_can_load", can_load)
    assert display.missing_display() is None


def test_a_library_that_does_not_exist_is_missing() -> None:
    problem = display.missing_libraries({"libnosuchthing.so.99": "libnosuchthing99"})
    assert problem is not None
    assert "libnosuchthing99" in problem.advice


def test_looking_for_the_display_loads_no_qt() -> None:
    program = "import sys, mbgui.gui.app, mbgui.gui.display; sys.exit(any('PySide6' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
