"""What a second start says survives the way, and nothing else is believed."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbgui.gui.instance.handover import LONGEST_LINE_BYTES, LONGEST_PATH, LONGEST_TOKEN, MOST_PATHS, Handover

SOUND = {"mbgui_handover": 1, "paths": ["/a.mbsnap"], "omitted": 0, "activation_token": "t"}


def line(**changed: object) -> bytes:
    return json.dumps({**SOUND, **changed}).encode() + b"\n"


def test_names_are_made_absolute_where_the_start_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    handover = Handover.of_start(["a.mbsnap", "../b.mbsnap"], {})
    assert handover.paths == (str(tmp_path / "a.mbsnap"), str(tmp_path.parent / "b.mbsnap"))


def test_a_link_keeps_the_name_its_user_knows(tmp_path: Path) -> None:
    (tmp_path / "file.mbsnap").touch()
    (tmp_path / "link.mbsnap").symlink_to("file.mbsnap")
    assert Handover.of_start([str(tmp_path / "link.mbsnap")], {}).paths == (str(tmp_path / "link.mbsnap"),)


@pytest.mark.parametrize("variable", ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"])
def test_the_leave_to_come_to_the_front_is_passed_on(variable: str) -> None:
    assert Handover.of_start([], {variable: "leave-1"}).activation_token == "leave-1"  # noqa: S105  a token of a desktop


def test_more_files_than_are_taken_at_once_are_counted() -> None:
    handover = Handover.of_start([f"/{number}.mbsnap" for number in range(MOST_PATHS + 3)], {})
    assert (len(handover.paths), handover.omitted) == (MOST_PATHS, 3)


def test_a_path_no_system_takes_is_left_out() -> None:
    handover = Handover.of_start(["/" + "a" * LONGEST_PATH, "/b.mbsnap"], {})
    assert (handover.paths, handover.omitted) == (("/b.mbsnap",), 1)


def test_the_longest_hand_over_fits_into_a_line() -> None:
    letter = "\N{PILE OF POO}"  # two escapes of six bytes each, the most a character takes
    paths = tuple(f"/{number:02}" + letter * (LONGEST_PATH - 3) for number in range(MOST_PATHS))
    encoded = Handover(paths=paths, activation_token="x" * LONGEST_TOKEN).encode()
    assert Handover.decode(encoded).paths == paths


@given(names=st.lists(st.binary(min_size=1, max_size=40), max_size=MOST_PATHS))
def test_every_file_name_survives_even_one_that_is_no_text(names: list[bytes]) -> None:
    paths = tuple("/" + os.fsdecode(name.replace(b"\0", b"")) for name in names)
    encoded = Handover(paths=paths).encode()
    assert encoded.endswith(b"\n")
    assert encoded.count(b"\n") == 1
    assert Handover.decode(encoded) == Handover(paths=paths)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\n",
        b"null\n",
        b"[]\n",
        b"GET / HTTP/1.1\r\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b"{" + b" " * LONGEST_LINE_BYTES + b"}\n",
        line(mbgui_handover=2),
        line(more=1),
        line(paths="/a.mbsnap"),
        line(paths=["a.mbsnap"]),
        line(paths=[3]),
        line(paths=["/a\0b"]),
        line(paths=["/\ud800"]),
        line(paths=["/" + "a" * LONGEST_PATH]),
        line(paths=["/a"] * (MOST_PATHS + 1)),
        line(omitted=-1),
        line(omitted=True),
        line(omitted="3"),
        line(activation_token=None),
        line(activation_token="x" * (LONGEST_TOKEN + 1)),
        line(activation_token="a\0b"),  # noqa: S106  a token of a desktop
    ],
    ids=lambda junk: repr(junk[:50]),
)
def test_anything_else_is_refused(junk: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Handover.decode(junk)


def test_what_the_refused_lines_were_made_from_is_taken() -> None:
    assert Handover.decode(line()) == Handover(paths=("/a.mbsnap",), activation_token="t")  # noqa: S106
