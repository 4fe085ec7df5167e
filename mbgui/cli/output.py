"""Where the text of a verb goes: a report to a file or standard output, all else to standard error."""

import errno
import os
import shlex
import sys
from pathlib import Path

import click

from mbgui.domain.comparison import Comparison
from mbgui.domain.equivalence import EquivalenceVerdict
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.export import render
from mbgui.snapshots.whole_file import write_whole

EXIT_CODES = {ProblemKind.FAILED: 1, ProblemKind.WRONG_USE: 2, ProblemKind.CANCELLED: 130}
VERDICT_EXIT_CODES = {
    EquivalenceVerdict.IDENTICAL: 0,
    EquivalenceVerdict.EQUIVALENT: 0,
    EquivalenceVerdict.EQUIVALENT_AFTER: 3,
    EquivalenceVerdict.DIFFERENT: 4,
    EquivalenceVerdict.NOT_COMPARABLE: 5,
}
"""What `verify` ends with; a verdict is no error."""
_REFUSALS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def write_report(comparison: Comparison, report_format: ReportFormat, output: Path | None) -> None:
    """Write a report to a file, or to standard output. Raises `MbguiError` where the file cannot be written."""
    write_text(render(comparison, report_format), output)


def write_text(text: str, output: Path | None) -> None:
    """Write a text to a file, or to standard output. Raises `MbguiError` where the file cannot be written."""
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text.encode())


def discard_output() -> None:
    """Drop what is still to be printed, and all that follows: standard output takes no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refused_output(error: Exception) -> Problem | None:
    """The problem of a standard output that takes no more, which is then discarded; `None` for any other error.

    An error of a file names that file; one of a stream names none.
    """
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _REFUSALS:
        return None
    discard_output()
    reason = (error.strerror or str(error)).lower()
    return Problem(sentence=f"Standard output cannot be written to: {reason}.", advice="Write elsewhere.")


def require_folder(path: Path | None) -> None:
    """Check that a file could be made at `path`, before the work is done whose result it is to hold.

    Raises:
        MbguiError: there is no such folder, or `path` names no file in it (wrong use).
    """
    if path is not None and not path.name:
        raise MbguiError.wrong_use(f"“{path}” names no file to write to.", "Name a file.")
    if path is not None and not path.absolute().parent.is_dir():
        raise MbguiError.wrong_use(
            f"There is no folder {path.absolute().parent} to write {path.name} to.",
            "Create it first, or name another file.",
        )


def tell_problem(problem: Problem, word: str = "Error", *, with_detail: bool = False) -> None:
    """Say on standard error what is wrong and what to do."""
    is_stopped = problem.kind is ProblemKind.CANCELLED
    click.echo(printable(problem.sentence if is_stopped else f"{word}: {problem.sentence}"), err=True)
    if problem.advice:
        click.echo(printable(problem.advice), err=True)
    for remedy in problem.remedies:
        click.echo(f"  {remedy.title}: {shlex.quote(printable(remedy.reference))}", err=True)
    if problem.detail and with_detail:
        click.echo(f"\n{printable(problem.detail)}", err=True)
    elif problem.detail:
        click.echo("(`mbgui --details …` shows the technical details.)", err=True)


def printable(text: str) -> str:
    """The text without what a terminal would take for a command: names in a file can hold anything."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text)
