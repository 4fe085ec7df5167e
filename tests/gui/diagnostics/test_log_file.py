"""The log is read line by line, bounded in size, and whole where several write it."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mbgui.gui.diagnostics.log_file import Level, LogFile, log_folder

WRITE_MANY = """
import sys
from pathlib import Path
from mbgui.gui.diagnostics.log_file import Level, LogFile
log = LogFile(Path(sys.argv[1]), largest_bytes=int(sys.argv[3]))
for number in range(300):
    log.write(Level.INFO, f"{sys.argv[2]} {number} " + "x" * 200)
"""


def test_a_record_names_time_with_its_zone_level_and_process(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log.write(Level.WARNING, "no luck")
    day, time, level, process, text = log.path.read_text(encoding="utf-8").split(None, 4)
    assert len(day) == len("2026-11-27")
    assert time[-6] in "+-", "the distance from UTC"
    assert (level, process, text) == ("WARNING", f"[{os.getpid()}]", "no luck\n")


def test_the_detail_follows_indented(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log.write(Level.ERROR, "no luck", "Traceback\n  here")
    assert log.path.read_text(encoding="utf-8").splitlines()[1:] == ["    Traceback", "      here"]


def test_no_file_grows_beyond_its_size_and_three_are_kept(tmp_path: Path) -> None:
    log = LogFile(tmp_path, largest_bytes=1000)
    for number in range(100):
        log.write(Level.INFO, f"record {number}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mbgui.1.log", "mbgui.2.log", "mbgui.log"]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
    assert "record 99" in log.path.read_text(encoding="utf-8")


def test_a_record_is_kept_where_the_file_cannot_be_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows while another process writes."""

    def refuse(*_: object) -> Path:
        raise PermissionError("in use")

    log = LogFile(tmp_path, largest_bytes=100)
    monkeypatch.setattr(Path, "replace", refuse)
    for number in range(3):
        log.write(Level.INFO, f"record {number} " + "x" * 100)
    assert [f"record {number} " in log.path.read_text(encoding="utf-8") for number in range(3)] == [True] * 3


def test_the_tail_begins_with_the_session(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log.write(Level.INFO, "of another session")
    text = log.path.read_text(encoding="utf-8")
    log.path.write_text(text.replace(text[:19], "2001-01-01 00:00:00"), encoding="utf-8")
    start = datetime.now().astimezone() - timedelta(minutes=1)
    log.write(Level.INFO, "of this one")
    assert "another" in log.tail(os.getpid(), 9)
    assert log.tail(os.getpid(), 9, start).endswith("of this one")
    assert "another" not in log.tail(os.getpid(), 9, start)


def test_a_text_without_an_end_is_cut(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log.write(Level.INFO, "x" * 10_000_000)
    assert log.path.stat().st_size < 100_000


def test_the_tail_is_of_one_process_and_has_the_newest_records(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    for number in range(4):
        log.write(Level.INFO, f"record {number}", "detail")
    foreign = log.path.read_text(encoding="utf-8").replace(f"[{os.getpid()}]", "[1]").replace("record", "foreign")
    log.path.write_text(log.path.read_text(encoding="utf-8") + foreign, encoding="utf-8")
    tail = log.tail(os.getpid(), 2)
    assert [line.rpartition("] ")[2].strip() for line in tail.splitlines()] == [
        *("record 2", "detail"),
        *("record 3", "detail"),
    ]


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = LogFile(tmp_path / "file" / "below")
    log.write(Level.INFO, "lost")
    assert log.tail(os.getpid(), 1) == ""


@pytest.mark.parametrize("largest_bytes", [10_000_000, 20_000])
def test_records_of_several_processes_stay_whole(tmp_path: Path, largest_bytes: int) -> None:
    command = [sys.executable, "-c", WRITE_MANY, str(tmp_path)]
    writers = [subprocess.Popen([*command, name, str(largest_bytes)]) for name in ("first", "second")]
    assert [writer.wait() for writer in writers] == [0, 0]
    lines = [line for path in tmp_path.glob("*.log") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 600 or largest_bytes == 20_000
    assert {len(line.rpartition(" ")[2]) for line in lines} == {200}
    assert all("] first " in line or "] second " in line for line in lines)


def test_the_folder_is_that_of_the_platform() -> None:
    assert str(log_folder()).startswith(os.environ["XDG_STATE_HOME"]) or not sys.platform.startswith("linux")
