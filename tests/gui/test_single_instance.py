"""`mbgui FILE` while a window is open, with processes as they are in use; and signals that end them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mbgui.snapshots.codec import encode
from tests.support.records import tiny_comparison

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and sockets in folders are not of Windows")
WITHOUT_NETWORKS = """
import sys
sys.modules["PySide6.QtNetwork"] = None
import runpy
sys.argv = ["mbgui", *sys.argv[1:]]
runpy.run_module("tests.support.told_windows", run_name="__main__")
"""
"""Where the system lacks a library that Qt's for networks needs."""
CHECKOUT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 60.0
WINDOW = {"PySide6.QtGui", "PySide6.QtWidgets", "numpy", "msgspec", "mbgui.gui.session"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened in a started process."""

    event: str
    path: str
    modules: frozenset[str]


class Start:
    """One start of the program."""

    def __init__(self, *names: str, environment: dict[str, str], folder: Path, code: str = "") -> None:
        way = ["-c", code] if code else ["-m", "tests.support.told_windows"]
        self.process = subprocess.Popen(
            [sys.executable, *way, *names],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def next(self) -> Told:
        """What happens next."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.errors()
        event, path, modules = json.loads(line)
        return Told(event, path, frozenset(modules))

    def until(self, event: str) -> Told:
        """The next that is that."""
        while (told := self.next()).event != event:
            assert told.event != "ended", "it ended"
        return told

    def exit_code(self) -> int:
        """How it ends; by a signal it is the number below 0."""
        return self.process.wait(TIMEOUT_S)

    def errors(self) -> str:
        """What it complained of; ends it."""
        self.process.kill()
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def end(self) -> None:
        """End it without asking."""
        self.process.kill()
        self.process.communicate()


StartOne = Callable[..., Start]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.mbsnap", "b.mbsnap"):
        (tmp_path / name).write_bytes(encode(tiny_comparison()))
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Iterator[StartOne]:
    made: list[Start] = []

    def start_one(*names: str, code: str = "", **environment: str) -> Start:
        made.append(Start(*names, environment=environment, folder=folder, code=code))
        return made[-1]

    yield start_one
    for one in made:
        one.end()


@pytest.fixture
def first(start: StartOne) -> Start:
    """A window that is open, and hears of later starts."""
    made = start()
    made.until("listening")
    return made


def test_a_later_start_hands_its_file_over_and_ends(first: Start, start: StartOne, folder: Path) -> None:
    later = start("a.mbsnap")
    told = first.next()
    assert (told.event, told.path) == ("opened", str(folder / "a.mbsnap"))
    ended = later.next()
    assert ended.event == "ended"
    assert later.exit_code() == 0
    assert ended.modules & WINDOW == set()
    assert "PySide6.QtNetwork" in ended.modules


def test_a_file_that_is_shown_is_raised_and_several_become_several_windows(
    first: Start, start: StartOne, folder: Path
) -> None:
    start("a.mbsnap").until("ended")
    first.until("painted")
    start("a.mbsnap", "b.mbsnap").until("ended")
    happened = [first.next() for _ in range(2)]
    assert [(told.event, Path(told.path).name) for told in happened] == [("raised", "a.mbsnap"), ("opened", "b.mbsnap")]


def test_the_first_picture_waits_for_nothing_of_it(start: StartOne) -> None:
    made = start("a.mbsnap", "b.mbsnap")
    painted = made.until("painted")
    assert {
        "PySide6.QtNetwork",
        "numpy",
        "mbgui.gui.instance.server",
        "mbgui.gui.stop_signals",
    } & painted.modules == set()
    assert made.until("opened").path.endswith("b.mbsnap")
    assert "PySide6.QtNetwork" in made.until("listening").modules


def test_a_killed_instance_is_in_nobodys_way(first: Start, start: StartOne) -> None:
    first.process.kill()
    first.process.wait(TIMEOUT_S)
    later = start("a.mbsnap")
    assert later.next().event == "opened"
    later.until("listening")
    start("b.mbsnap").until("ended")
    assert later.until("opened").path.endswith("b.mbsnap")


def test_of_two_simultaneous_starts_one_shows_both_files(start: StartOne) -> None:
    one, other = start("a.mbsnap"), start("b.mbsnap")
    happened = {one: one.next(), other: other.next()}
    (ended,) = (made for made, told in happened.items() if told.event == "ended")
    (shown,) = (made for made, told in happened.items() if told.event == "opened")
    assert ended.exit_code() == 0
    assert shown.until("opened").path != happened[shown].path


def test_without_a_private_folder_every_start_shows_its_own_window(start: StartOne, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = {"XDG_RUNTIME_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path / "file")}
    for made in [start(**nowhere), start(**nowhere)]:
        made.until("painted")


def test_where_qt_knows_no_networks_every_start_shows_its_own_window(start: StartOne) -> None:
    made = start(code=WITHOUT_NETWORKS)
    made.until("painted")
    start("a.mbsnap", code=WITHOUT_NETWORKS).until("painted")
    made.until("listening")
    assert list(Path(os.environ["XDG_RUNTIME_DIR"], "mbgui").glob("*.lock")) == []


def test_an_interrupt_that_was_ignored_at_the_start_stays_so(start: StartOne) -> None:
    """As of what a shell starts in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        made = start()
    finally:
        signal.signal(signal.SIGINT, before)
    made.until("listening")
    made.process.send_signal(signal.SIGINT)
    assert start("a.mbsnap").next().event == "ended", "it was handed over"
    made.process.send_signal(signal.SIGTERM)
    assert made.exit_code() == 128 + signal.SIGTERM


def test_the_next_start_after_the_end_is_the_first_one_again(first: Start, start: StartOne) -> None:
    first.process.send_signal(signal.SIGTERM)
    first.exit_code()
    start().until("listening")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(first: Start, number: signal.Signals) -> None:
    first.process.send_signal(number)
    assert first.next().event == "ended"
    assert first.exit_code() == 128 + number
    kept = Path(os.environ["XDG_CONFIG_HOME"], "mbgui", "mbgui.conf").read_text(encoding="utf-8")
    assert "geometry" in kept
    assert list(Path(os.environ["XDG_RUNTIME_DIR"], "mbgui").iterdir()) == []
