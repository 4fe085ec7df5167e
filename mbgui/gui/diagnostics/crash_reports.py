"""Turns what a process left that did not end well into a report for people, and tells of it once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mbgui.domain.errors import Problem
from mbgui.gui.diagnostics.log_file import LogFile, moment_text, record_moment
from mbgui.gui.diagnostics.trace import ERROR_MARK, TRACE_PATTERN, start_moment, trace_lock

if TYPE_CHECKING:
    from pathlib import Path

KEPT_REPORTS = 10
_TAIL_RECORDS = 40
_LARGEST_TRACE_BYTES = 1_000_000
_FAULTS = {
    "Segmentation fault": "a segmentation fault in native code",
    "access violation": "an access violation in native code",
    "Aborted": "native code gave up (abort)",
    "Bus error": "a bus error in native code",
    "Illegal instruction": "an instruction that this processor does not know",
    "Floating": "an arithmetic error in native code",
    "stack overflow": "a stack overflow in native code",
}
"""What `faulthandler` calls the ends it sees (CPython, Modules/faulthandler.c), in words."""
_ADVICE = "Finished comparisons are kept. If it happens again, please report it with {what}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """The end of one process: when, why in a few words, and the whole report."""

    moment: datetime
    reason: str
    report: str


def take_crashes(folder: Path, log: LogFile) -> Problem | None:
    """Make a report of every trace whose process is gone; what to tell of the latest, `None` where there is none.

    A trace is taken away once its report is there, so the next start does not tell of it again.
    """
    found = [taken for trace in folder.glob(TRACE_PATTERN) if (taken := _take(trace, log)) is not None]
    if not found:
        return None
    _forget_old(folder)
    crash, path = max(found, key=_moment)
    return Problem(sentence=_sentence(crash), advice=_advice(path), detail=crash.report)


def _take(trace: Path, log: LogFile) -> tuple[Crash, Path | None] | None:
    """A crash and its report, `None` for a report that cannot be written: then the next start tries again."""
    lock = trace_lock(trace)
    try:
        if not lock.take():  # its process lives
            return None
        crash = _crash_of(trace, log)
        report = _keep(crash, trace.parent)
        if report is not None:
            trace.unlink()
    except OSError:  # another start was faster, or nothing can be changed here
        return None
    finally:
        lock.release()
    return crash, report


def _crash_of(trace: Path, log: LogFile) -> Crash:
    with trace.open(encoding="utf-8", errors="replace") as stream:
        text = stream.read(_LARGEST_TRACE_BYTES)
    moment = datetime.fromtimestamp(trace.stat().st_mtime).astimezone()
    return _crash(text, moment, log.tail(_process_id(trace), _TAIL_RECORDS, start_moment(text)))


def _crash(trace: str, touched: datetime, tail: str) -> Crash:
    header, _, left = trace.partition("\n\n")
    reason = _reason(left)
    moment = max(touched, _last_moment(tail) or touched)
    title = f"mbgui did not end as it should: {reason}."
    parts = [
        f"{title}\nLast sign of life: {moment_text(moment)}",
        header,
        f"What the process left:\n{left.strip() or 'nothing'}",
        f"The end of its log:\n{tail or 'nothing'}",
    ]
    return Crash(moment=moment, reason=reason, report="\n\n".join(parts) + "\n")


def _reason(left: str) -> str:
    _, is_error, error = left.partition(ERROR_MARK)
    if is_error:
        return f"an error of its own, {error.strip().splitlines()[0]}"
    named = [(left.index(sign), words) for sign, words in _FAULTS.items() if sign in left]
    if named:  # the first: telling the stacks of threads that are still running can be a fault of its own
        return min(named)[1]
    return "a fault in native code" if left.strip() else "it was killed, memory ran out, or the computer went off"


def _sentence(crash: Crash) -> str:
    return f"mbgui did not end as it should ({crash.moment:%Y-%m-%d %H:%M}): {crash.reason}."


def _advice(report: Path | None) -> str:
    return _ADVICE.format(what=f"{report.name} of the log folder" if report is not None else "the details")


def _keep(crash: Crash, folder: Path) -> Path | None:
    """Write the report. Where that cannot be done the message alone tells what is in it, and this is `None`."""
    stem = f"crash-{crash.moment:%Y%m%d-%H%M%S}"
    path = folder / f"{stem}.txt"
    count = 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}.txt"
    try:
        path.write_text(crash.report, encoding="utf-8")
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()  # a part of it says nothing
        return None
    return path


def _forget_old(folder: Path) -> None:
    for path in sorted(folder.glob("crash-*.txt"))[:-KEPT_REPORTS]:
        with contextlib.suppress(OSError):
            path.unlink()


def _process_id(trace: Path) -> int:
    number = trace.name.split("-")[1]
    return int(number) if number.isdecimal() else 0


def _last_moment(tail: str) -> datetime | None:
    heads = [line for line in tail.splitlines() if not line.startswith(" ")]
    return record_moment(heads[-1]) if heads else None


def _moment(found: tuple[Crash, Path | None]) -> datetime:
    return found[0].moment
