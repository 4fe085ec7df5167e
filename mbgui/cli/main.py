"""The command line: its verbs, and the one boundary where errors become sentences and exit codes."""

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import click

import mbgui
from mbgui.cli.bench_verb import bench_verb
from mbgui.cli.calibrate_verb import calibrate_verb
from mbgui.cli.compare_verb import compare_and_report, compare_verb
from mbgui.cli.inspect_verb import inspect_verb
from mbgui.cli.models_verb import models_verb
from mbgui.cli.output import EXIT_CODES, discard_output, refused_output, tell_problem
from mbgui.cli.saved_verbs import report_snapshot, report_verb, snapshots_verb
from mbgui.cli.verify_verb import verify_verb
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.requests import build_request

_DETAILS = "--details"


@click.group("mbgui", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(mbgui.__version__, prog_name="mbgui", message="%(prog)s %(version)s")
@click.option(_DETAILS, is_flag=True, expose_value=False, help="With an error, show its technical details.")
def commands() -> None:
    """Compare a PyTorch model and a TensorFlow/Keras model, with evidence.

    Without a verb, or with the name of a snapshot file, the window opens.
    """


for _verb in (
    compare_verb,
    verify_verb,
    bench_verb,
    calibrate_verb,
    inspect_verb,
    report_verb,
    snapshots_verb,
    models_verb,
):
    commands.add_command(_verb)


def run(arguments: Sequence[str]) -> int:
    """Run a verb and return the exit code: 0 done, 1 failed, 2 wrong use, 130 stopped.

    `verify` answers with its verdict: 0 identical or equivalent, 3 equivalent after, 4 different, 5 not comparable.
    """
    return _bounded(lambda: _run_verb(arguments), with_detail=_DETAILS in arguments)


def run_without_display(problem: Problem, snapshot: Path | None) -> int:
    """Say why there is no window, and print as a report what it would have shown."""
    tell_problem(problem, "No window")
    click.echo("Here is the comparison as a report instead.\n", err=True)
    return _bounded(lambda: _report_instead(snapshot), with_detail=False)


def _run_verb(arguments: Sequence[str]) -> int:
    code = commands.main(args=list(arguments), prog_name="mbgui", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _report_instead(snapshot: Path | None) -> int:
    if snapshot is not None:
        report_snapshot(snapshot, ReportFormat.MARKDOWN)
    else:
        request = build_request(DEFAULT_LEFT.reference, DEFAULT_RIGHT.reference, {})
        compare_and_report(request, ReportFormat.MARKDOWN)
    return 0


def _bounded(action: Callable[[], int], *, with_detail: bool) -> int:
    """The one error boundary."""
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    try:
        return action()
    except MbguiError as error:
        tell_problem(error.problem, with_detail=with_detail)
        return EXIT_CODES[error.problem.kind]
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return EXIT_CODES[ProblemKind.CANCELLED]
    except BrokenPipeError:  # whoever read the output has seen enough
        discard_output()
        return EXIT_CODES[ProblemKind.FAILED]
    except Exception as error:  # noqa: BLE001  the user is to read a sentence, and we are to get the traceback
        tell_problem(refused_output(error) or _unexpected(error), with_detail=True)
        return EXIT_CODES[ProblemKind.FAILED]


def _use_utf8(stream: TextIO) -> None:
    """Reports are UTF-8 whatever the terminal's locale says; a character it cannot show is replaced."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")


def _unexpected(error: Exception) -> Problem:
    return Problem(
        sentence=f"Something unexpected went wrong: {type(error).__name__}: {error}",
        advice="This is a fault of mbgui; please report it with the details below.",
        detail="".join(traceback.format_exception(error)),
    )
