"""A process that does not end as it should leaves a report, and that is told once."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from mbgui.gui.diagnostics.crash_reports import KEPT_REPORTS, take_crashes
from mbgui.gui.diagnostics.log_file import Level, LogFile, log_folder, moment_text
from mbgui.gui.diagnostics.trace import Trace

PROGRAM = Path(__file__).resolve().parents[2] / "support" / "dying_app.py"
GONE = 2**22 + 1
"""The identifier of no process: beyond the largest that Linux gives."""


def leave_trace(folder: Path, process_id: int, left: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    trace = folder / f"session-{process_id}-20261127-200103.trace"
    trace.write_text(f"Started: then\nmbgui 0.0.0\n\n{left}", encoding="utf-8")
    return trace


def run_to_death(way: str) -> int:
    return subprocess.run([sys.executable, str(PROGRAM), way], check=False, stderr=subprocess.DEVNULL).returncode


@pytest.mark.parametrize(
    ("way", "reason", "left"),
    [
        ("segmentation fault", "segmentation fault", "in die"),
        ("abort", "abort", "in die"),
        ("killed", "it was killed, memory ran out, or the computer went off", "mbgui was started."),
        ("error", "an error of its own, ValueError: no luck", "Traceback (most recent call last)"),
    ],
)
def test_a_death_is_told_once_by_the_next_start(way: str, reason: str, left: str) -> None:
    assert run_to_death(way) != 0
    folder = log_folder()
    problem = take_crashes(folder, LogFile(folder))
    assert problem is not None
    assert reason in problem.sentence
    (report,) = folder.glob("crash-*.txt")
    assert report.name in problem.advice
    assert report.read_text(encoding="utf-8") == problem.detail
    assert left in problem.detail
    assert "torch " in problem.detail
    assert take_crashes(folder, LogFile(folder)) is None
    assert sorted(path.name for path in folder.iterdir()) == [report.name, "mbgui.log"]


def test_a_process_that_ends_well_leaves_its_log_alone() -> None:
    assert run_to_death("closed") == 0
    assert [path.name for path in log_folder().iterdir()] == ["mbgui.log"]
    assert "mbgui was closed." in (log_folder() / "mbgui.log").read_text(encoding="utf-8")


@pytest.mark.usefixtures("own_hooks")
def test_a_session_of_a_process_that_lives_is_no_crash(log: LogFile) -> None:
    trace = Trace(log.path.parent)
    try:
        assert take_crashes(log.path.parent, log) is None
        assert trace.path.exists()
    finally:
        trace.end()
    assert not any(log.path.parent.iterdir())


def test_the_report_ends_with_what_that_process_logged_last(log: LogFile) -> None:
    log.write(Level.INFO, "A comparison began")
    leave_trace(log.path.parent, os.getpid() + GONE)
    leave_trace(log.path.parent, os.getpid())
    problem = take_crashes(log.path.parent, log)
    assert problem is not None
    reports = [path.read_text(encoding="utf-8") for path in sorted(log.path.parent.glob("crash-*.txt"))]
    assert sorted("A comparison began" in report for report in reports) == [False, True]


def test_a_lock_that_a_killed_process_left_says_nothing_though_its_number_is_in_use(log: LogFile) -> None:
    """In a container every start may have the same number."""
    trace = leave_trace(log.path.parent, os.getpid())
    left = QLockFile(f"{trace}.lock")
    assert left.tryLock(0)
    content = Path(f"{trace}.lock").read_bytes()
    left.unlock()
    Path(f"{trace}.lock").write_bytes(content)
    assert take_crashes(log.path.parent, log) is not None
    assert sorted(path.suffix for path in log.path.parent.iterdir()) == [".txt"]


def test_the_report_has_nothing_of_an_earlier_session_of_that_number(log: LogFile) -> None:
    log.write(Level.INFO, "of an earlier one")
    text = log.path.read_text(encoding="utf-8")
    log.path.write_text(text.replace(text[:19], "2001-01-01 00:00:00"), encoding="utf-8")
    trace = leave_trace(log.path.parent, os.getpid())
    trace.write_text(f"Started: {moment_text(datetime.now().astimezone())}, process 1\n\n", encoding="utf-8")
    log.write(Level.INFO, "of this one")
    problem = take_crashes(log.path.parent, log)
    assert problem is not None
    assert "of this one" in problem.detail
    assert "of an earlier one" not in problem.detail


def test_a_report_that_cannot_be_written_is_tried_again_by_the_next_start(
    log: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = leave_trace(log.path.parent, GONE)

    def refuse(*_: object, **__: object) -> int:
        raise OSError("No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", refuse)
        problem = take_crashes(log.path.parent, log)
    assert problem is not None
    assert ".txt" not in problem.advice
    assert trace.exists()
    assert take_crashes(log.path.parent, log) is not None
    assert not trace.exists()


def test_only_the_newest_reports_are_kept(log: LogFile) -> None:
    folder = log.path.parent
    folder.mkdir()
    for day in range(10, 25):
        (folder / f"crash-202611{day}-000000.txt").touch()
    leave_trace(folder, GONE)
    assert take_crashes(folder, log) is not None
    names = sorted(path.name for path in folder.glob("crash-*.txt"))
    assert len(names) == KEPT_REPORTS
    assert names[0] == "crash-20261116-000000.txt"


def test_a_fault_without_a_known_name_is_one_of_native_code(log: LogFile) -> None:
    leave_trace(log.path.parent, GONE, "Windows fatal exception: code 0xc0000374\n")
    problem = take_crashes(log.path.parent, log)
    assert problem is not None
    assert "a fault in native code" in problem.sentence


def test_the_first_fault_is_the_reason(log: LogFile) -> None:
    leave_trace(
        log.path.parent, GONE, "Fatal Python error: Aborted\n\nThread: \nFatal Python error: Segmentation fault\n"
    )
    problem = take_crashes(log.path.parent, log)
    assert problem is not None
    assert "abort" in problem.sentence


def test_a_trace_that_is_no_text_is_a_report_all_the_same(log: LogFile) -> None:
    leave_trace(log.path.parent, GONE).write_bytes(bytes(range(256)))
    assert take_crashes(log.path.parent, log) is not None


def test_a_session_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Trace(tmp_path / "file" / "below")


@pytest.mark.usefixtures("own_hooks")
def test_a_disk_that_is_full_is_no_crash(log: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr("mbgui.gui.diagnostics.trace._header", fail)
    with pytest.raises(OSError, match="No space"):
        Trace(log.path.parent)
    assert not any(log.path.parent.iterdir())
