"""What the tools of X and the system print is read right."""

from pathlib import Path

import pytest
from smoke_test.failures import StepFailed
from smoke_test.listing import difference, listing
from smoke_test.picture import Box
from smoke_test.processes import foreign_files, mapped_files
from smoke_test.running_app import complaints
from smoke_test.window_place import read_geometry
from smoke_test.windows import window_identifiers


def test_windows_are_read_from_a_line_of_xprop() -> None:
    line = "_NET_CLIENT_LIST(WINDOW): window id # 0x400007, 0x60000a\n"
    assert window_identifiers(line) == (0x400007, 0x60000A)


def test_a_display_without_windows_has_none() -> None:
    assert window_identifiers("_NET_CLIENT_LIST(WINDOW): window id # \n") == ()
    assert window_identifiers("_NET_CLIENT_LIST:  no such atom on any window.\n") == ()


def test_a_window_is_where_xdotool_says() -> None:
    answer = "WINDOW=4194311\nX=80\nY=57\nWIDTH=1440\nHEIGHT=900\nSCREEN=0\n"
    assert read_geometry(answer) == Box(left=80, top=57, right=1520, bottom=957)


def test_a_window_that_is_gone_fails_the_step() -> None:
    with pytest.raises(StepFailed):
        read_geometry("")


MAPS = """\
55d0-55d1 r--p 00000000 fe:00 123   /opt/a b/mbgui
7f00-7f01 r-xp 00000000 fe:00 124   /usr/lib/x86_64-linux-gnu/libc.so.6
7f02-7f03 r-xp 00000000 fe:00 125   /usr/lib/python3.11/lib-dynload/_json.so
7f04-7f05 rw-p 00000000 00:00 0
7f06-7f07 rw-p 00000000 00:00 0     [heap]
"""


def test_mapped_files_are_the_paths_alone() -> None:
    assert mapped_files(MAPS) == {
        "/opt/a b/mbgui",
        "/usr/lib/x86_64-linux-gnu/libc.so.6",
        "/usr/lib/python3.11/lib-dynload/_json.so",
    }


def test_a_library_of_another_python_is_foreign_and_one_of_the_system_is_not() -> None:
    loaded = {*mapped_files(MAPS), "/opt/a b/_internal/torch/lib/libtorch_cpu.so"}
    assert foreign_files(loaded, Path("/opt/a b")) == ["/usr/lib/python3.11/lib-dynload/_json.so"]


def test_a_folder_with_a_longer_name_is_another_one() -> None:
    assert foreign_files({"/opt/a bc/libtorch.so"}, Path("/opt/a b")) == ["/opt/a bc/libtorch.so"]


def test_only_what_qt_says_of_an_empty_environment_is_no_complaint() -> None:
    output = (
        'Detected locale "C" with character encoding "ANSI_X3.4-1968", which is not UTF-8.\n'
        'Qt depends on a UTF-8 locale, and has switched to "C.UTF-8" instead.\n'
        "If this causes problems, reconfigure your locale. See the locale(1) manual\n"
        "for more information.\n\n"
        "Could not parse application stylesheet\n"
    )
    assert complaints(output) == ["Could not parse application stylesheet"]


def test_whatever_comes_goes_or_changes_in_a_folder_is_told(tmp_path: Path) -> None:
    for name in ("same", "changed", "gone"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("same")
    before = listing(tmp_path)
    (tmp_path / "changed").write_text("longer than before")
    (tmp_path / "gone").unlink()
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("changed")
    (tmp_path / "new" / "inner").mkdir(parents=True)
    assert difference(before, listing(tmp_path)) == ["+ new", "+ new/inner", "- gone", "~ changed", "~ link"]
