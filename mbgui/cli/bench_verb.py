"""`mbgui bench`: which of two models is faster here, and how sure that is."""

from pathlib import Path
from typing import Unpack

import click

from mbgui.cli.options import (
    file_limit_options,
    input_options,
    measuring_options,
    output_option,
    path_option,
    save_option,
)
from mbgui.cli.output import require_folder, write_text
from mbgui.cli.running import compare_and_keep, tell_own_code
from mbgui.domain.errors import MbguiError
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.measured import has_measured, require_measured
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.reports.bench import BENCH_FORMATS, render

_FORMATS = click.Choice([known.value for known in BENCH_FORMATS])


@click.command("bench")
@click.argument("left", default=DEFAULT_LEFT.reference)
@click.argument("right", default=DEFAULT_RIGHT.reference)
@input_options
@measuring_options
@click.option("--duel/--no-duel", default=True, show_default=True, help="Time both sides in turns.")
@click.option("--ladder", is_flag=True, help="Time every call path of both sides as well.")
@click.option(
    "--sweep",
    "sweeps",
    multiple=True,
    metavar="AXIS=VALUES",
    help="Time both sides over batch=1,2,4, threads=1,2 or input=160,224 as well; can be given once for each axis.",
)
@click.option("--layers", "by_layer", is_flag=True, help="Time every layer of both sides as well.")
@path_option
@file_limit_options
@save_option
@click.option(
    "--format",
    "report_format",
    type=_FORMATS,
    default=ReportFormat.MARKDOWN.value,
    show_default=True,
    help="Form of the report.",
)
@output_option
def bench_verb(
    left: str,
    right: str,
    report_format: str,
    output: Path | None,
    save: Path | None,
    **options: Unpack[CompareOptions],
) -> None:
    """Measure which of two models is faster here, and say how sure that is.

    LEFT and RIGHT name models as in `mbgui compare --help`. Each side runs in processes of its own, the sides take
    turns, and the one that waits is suspended. `mbgui calibrate` finds the smallest difference that can be told here.

    \b
    The exit code is:
      0    it was measured, whatever the verdict
      1    it failed;  2  wrong use
      130  stopped; what was measured by then is reported
    """  # noqa: D301  click wants the backspace itself
    request = build_request(left, right, {**options, "latency": True})
    require_folder(output)
    require_folder(save)
    tell_own_code(request)
    run = compare_and_keep(request, save)
    if has_measured(run.comparison):
        write_text(render(run.comparison, ReportFormat(report_format)), output)
    if run.was_stopped:
        raise MbguiError.cancelled()
    require_measured(run.comparison)
