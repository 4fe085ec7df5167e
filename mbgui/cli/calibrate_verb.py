"""`mbgui calibrate`: the smallest difference between two models that this machine can tell."""

from pathlib import Path
from typing import Unpack

import click

from mbgui import api
from mbgui.cli.interrupt import cancel_on_interrupt
from mbgui.cli.options import (
    batch_option,
    input_option,
    left_path_option,
    output_option,
    path_option,
    right_path_option,
    threads_option,
)
from mbgui.cli.output import require_folder, write_text
from mbgui.cli.progress import ProgressDisplay
from mbgui.cli.running import tell_own_code
from mbgui.domain.calibration import Calibration
from mbgui.domain.errors import MbguiError
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.calibrating import CALIBRATION_LAUNCHES
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.reports.calibration import CALIBRATION_FORMATS, render
from mbgui.snapshots.calibrations import CalibrationStore, default_calibrations_path

_FORMATS = click.Choice([known.value for known in CALIBRATION_FORMATS])


@click.command("calibrate")
@click.argument("left", default="")
@click.argument("right", default="")
@input_option
@batch_option
@threads_option
@left_path_option
@right_path_option
@click.option("--launches", default=CALIBRATION_LAUNCHES, show_default=True, help="Pairs of processes of each model.")
@path_option
@click.option("--list", "is_listing", is_flag=True, help="Measure nothing; show what is known.")
@click.option(
    "--format",
    "report_format",
    type=_FORMATS,
    default=ReportFormat.MARKDOWN.value,
    show_default=True,
    help="Form of the report.",
)
@output_option
def calibrate_verb(  # noqa: PLR0913  one parameter an option
    left: str,
    right: str,
    launches: int,
    report_format: str,
    output: Path | None,
    *,
    is_listing: bool,
    **options: Unpack[CompareOptions],
) -> None:
    """Time each model against itself, and keep the smallest difference that can be told here.

    LEFT and RIGHT name models as in `mbgui compare --help`: the MobileNetV2 pair where both are left out, LEFT alone
    where RIGHT is. Later verdicts on this machine refer to what is found.
    """
    require_folder(output)
    if is_listing:
        if left:
            raise MbguiError.wrong_use(f"With --list, {left} would not be measured.", "Leave out one of them.")
        calibrations = CalibrationStore(default_calibrations_path()).known()
    else:
        calibrations = _calibrate(_request(left, right, options), launches)
    if not calibrations:
        click.echo("Nothing was calibrated yet. `mbgui calibrate` times two models against themselves.", err=True)
    if not calibrations and report_format == ReportFormat.MARKDOWN:
        return
    write_text(render(calibrations, ReportFormat(report_format)), output)


def _request(left: str, right: str, options: CompareOptions) -> CompareRequest:
    """Both models, the default pair for none; of one alone, it stands on both sides and is timed once."""
    if not left:
        return build_request(DEFAULT_LEFT.reference, DEFAULT_RIGHT.reference, options)
    if right:
        return build_request(left, right, options)
    if options.get("right_path") is not None:
        raise MbguiError.wrong_use("There is no right model to be called by a path.", "Name it, or use --left-path.")
    return build_request(left, left, {**options, "right_path": options.get("left_path")})


def _calibrate(request: CompareRequest, launches: int) -> tuple[Calibration, ...]:
    tell_own_code(request)
    with cancel_on_interrupt() as cancel, ProgressDisplay() as display:
        return api.run_calibration(request, launches=launches, cancel=cancel, on_event=display.show)
