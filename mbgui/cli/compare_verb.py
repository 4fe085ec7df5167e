"""`mbgui compare`: two models in, a report out."""

from pathlib import Path
from typing import Unpack

import click

from mbgui.cli.options import (
    file_limit_options,
    format_option,
    input_options,
    measuring_options,
    output_option,
    path_option,
    save_option,
)
from mbgui.cli.output import require_folder, write_report
from mbgui.cli.running import compare_and_keep, tell_own_code
from mbgui.domain.errors import MbguiError
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.requests import CompareOptions, build_request


@click.command("compare")
@click.argument("left", default=DEFAULT_LEFT.reference)
@click.argument("right", default=DEFAULT_RIGHT.reference)
@input_options
@click.option("--latency/--no-latency", default=True, show_default=True, help="Measure latency.")
@measuring_options
@path_option
@file_limit_options
@save_option
@format_option
@output_option
def compare_verb(
    left: str,
    right: str,
    report_format: str,
    output: Path | None,
    save: Path | None,
    **options: Unpack[CompareOptions],
) -> None:
    """Compare two models and print a report.

    LEFT and RIGHT each name a model, torchvision:mobilenet_v2 and keras:MobileNetV2 where they are left out:

    \b
      torchvision:NAME, keras:NAME   of a zoo; `mbgui models` lists them
      package.module:callable        code of your own that returns a model; it is run
      FILE                           .keras, .h5, .pt2, TorchScript; nothing in it is run
      …?alpha=0.5&num_classes=10     with options; `mbgui models NAME` lists them
      …@FILE                         with weights: .pth, .safetensors, .weights.h5, .npz

    Put a reference with options in quotes: shells read ? and & for themselves.
    """  # noqa: D301  click wants the backspace itself
    request = build_request(left, right, options)
    require_folder(output)
    require_folder(save)
    tell_own_code(request)
    compare_and_report(request, ReportFormat(report_format), output=output, save=save)


def compare_and_report(
    request: CompareRequest, report_format: ReportFormat, *, output: Path | None = None, save: Path | None = None
) -> None:
    """Do a request, keep the comparison among the user's snapshots and write its report.

    Raises:
        MbguiError: it failed, a file cannot be written, or it was stopped; where something was measured by then, the
            report on that is written first.
    """
    run = compare_and_keep(request, save)
    write_report(run.comparison, report_format, output)
    if run.was_stopped:
        raise MbguiError.cancelled()
