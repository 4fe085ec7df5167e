"""`mbgui compare`: two models in, a report out."""

from pathlib import Path
from typing import Unpack

import click

from mbgui import api
from mbgui.cli.interrupt import cancel_on_interrupt
from mbgui.cli.options import (
    file_limit_options,
    format_option,
    output_option,
    path_option,
    save_option,
    threads_option,
)
from mbgui.cli.output import require_folder, write_report
from mbgui.cli.progress import ProgressDisplay
from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CallPath
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest, Weights
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.snapshots.store import SnapshotStore, default_folder

_WEIGHTS = click.Choice([weights.value for weights in Weights])
_CALL_PATHS = click.Choice([path.value for path in CallPath])


@click.command("compare")
@click.argument("left", default=DEFAULT_LEFT.reference)
@click.argument("right", default=DEFAULT_RIGHT.reference)
@click.option(
    "--input",
    "input_size",
    metavar="SIZE",
    help="224x224, with channels 1x28x28, a length 128, or by name a=224x224x3,b=10.  [default: what a model states]",
)
@click.option("--batch", "batch_size", default=1, show_default=True, help="Images in the input.")
@click.option("--weights", type=_WEIGHTS, default=Weights.NONE.value, show_default=True, help="Weights to start with.")
@click.option("--seed", default=0, show_default=True, help="Seed of untrained weights and of the timed input.")
@click.option("--latency/--no-latency", default=True, show_default=True, help="Measure latency.")
@click.option("--runs", default=50, show_default=True, help="Timed calls a side.")
@click.option("--warmup", default=5, show_default=True, help="Calls a side before the timed ones.")
@threads_option
@click.option("--left-path", type=_CALL_PATHS, help="How the left model is called.")
@click.option("--right-path", type=_CALL_PATHS, help="How the right model is called.")
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


def tell_own_code(request: CompareRequest) -> None:
    """Say on standard error whose code is about to run."""
    for source in dict.fromkeys((request.left, request.right)):
        if source.runs_own_code:
            click.echo(f"{source.name} is Python code of yours: it runs, in a process of its own.", err=True)


def compare_and_report(
    request: CompareRequest, report_format: ReportFormat, *, output: Path | None = None, save: Path | None = None
) -> None:
    """Do a request, keep the comparison among the user's snapshots and write its report.

    Raises:
        MbguiError: it failed, was stopped, or a file cannot be written.
    """
    write_report(compare_and_keep(request, save), report_format, output)


def compare_and_keep(request: CompareRequest, save: Path | None) -> Comparison:
    """Do a request, keep the comparison among the user's snapshots, and save it where the user says.

    Saving comes before any report: whoever reads that may have seen enough before its end.

    Raises:
        MbguiError: it failed, was stopped, or the file cannot be written.
    """
    store = SnapshotStore(default_folder())
    with cancel_on_interrupt() as cancel, ProgressDisplay() as display:
        completed = api.run(request, cancel=cancel, on_event=display.show, store=store)
    if save is not None:
        store.save(completed.comparison, save)
    return completed.comparison
