"""The folder in which instances meet is the user's alone, and each display has its own meeting."""

import os
import stat
import sys
from pathlib import Path

import pytest

from mbgui.gui.instance.place import display_name, find_place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folders of a user private itself")


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    made = tmp_path / "runtime"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """A folder for temporary files, which everyone may write to."""
    made = tmp_path / "tmp"
    made.mkdir()
    made.chmod(0o1777)
    return made


def folder(**environment: object) -> Path | None:
    place = find_place({name: str(value) for name, value in environment.items()})
    return place.folder if place is not None else None


def test_the_folder_of_the_session_is_taken(runtime: Path, temporary: Path) -> None:
    found = folder(XDG_RUNTIME_DIR=runtime, TMPDIR=temporary)
    assert found == runtime / "mbgui"
    assert stat.S_IMODE(found.stat().st_mode) == 0o700


def test_without_one_a_private_folder_among_the_temporary_ones_is_taken(temporary: Path) -> None:
    found = folder(TMPDIR=temporary)
    assert found == temporary / f"mbgui-{os.getuid()}"
    assert stat.S_IMODE(found.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_session_folder_that_others_can_enter_is_not_trusted(runtime: Path, temporary: Path, mode: int) -> None:
    runtime.chmod(mode)
    assert folder(XDG_RUNTIME_DIR=runtime, TMPDIR=temporary) == temporary / f"mbgui-{os.getuid()}"


def test_a_folder_of_ours_that_others_can_enter_is_not_trusted(temporary: Path) -> None:
    (temporary / f"mbgui-{os.getuid()}").mkdir(mode=0o755)
    assert folder(TMPDIR=temporary) is None


def test_a_link_to_a_folder_is_not_trusted(temporary: Path, runtime: Path) -> None:
    (temporary / f"mbgui-{os.getuid()}").symlink_to(runtime)
    assert folder(TMPDIR=temporary) is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_a_folder_that_another_user_made_is_not_trusted(temporary: Path) -> None:
    squatted = temporary / f"mbgui-{os.getuid()}"
    squatted.mkdir(mode=0o700)
    os.chown(squatted, 12_345, 12_345)
    assert folder(TMPDIR=temporary) is None


def test_where_no_folder_can_be_made_there_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert folder(XDG_RUNTIME_DIR=tmp_path / "missing", TMPDIR=tmp_path / "file") is None


def test_each_display_has_its_own_names(runtime: Path) -> None:
    environments = [
        {"DISPLAY": ":0"},
        {"DISPLAY": ":1"},
        {"DISPLAY": "host:0"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"WAYLAND_DISPLAY": "wayland-0" + "x" * 300},
        {"WAYLAND_DISPLAY": "wayland-0" + "x" * 301},
        {"QT_QPA_PLATFORM": "offscreen"},
        {},
    ]
    places = [find_place({**environment, "XDG_RUNTIME_DIR": str(runtime)}) for environment in environments]
    found = [place for place in places if place is not None]
    assert len({place.lock_path for place in found}) == len(environments)
    assert len({place.server_name for place in found}) == len(environments)
    assert all(len(place.lock_path.name) < 60 for place in found)


def test_the_screens_of_one_display_have_the_same_name() -> None:
    assert display_name({"DISPLAY": ":0.1"}) == display_name({"DISPLAY": ":0"})


def test_the_name_is_that_of_the_display_qt_shows_windows_on() -> None:
    both = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    assert display_name(both) == display_name({"WAYLAND_DISPLAY": "wayland-0"})
    assert display_name({**both, "QT_QPA_PLATFORM": "offscreen"}) != display_name(both)
