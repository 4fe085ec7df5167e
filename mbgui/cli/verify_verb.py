"""`mbgui verify`: the proof whether two models compute the same, and an exit code for a gate."""

from pathlib import Path
from typing import Unpack

import click

from mbgui import api
from mbgui.cli.options import FILE, file_limit_options, output_option, path_option, save_option, threads_option
from mbgui.cli.output import VERDICT_EXIT_CODES, require_folder, write_text
from mbgui.cli.running import compare_and_keep, tell_own_code
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import Weights
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.reports.proof import PROOF_FORMATS, render

_TRANSFERS = click.Choice([transfer.value for transfer in WeightTransfer])
_PRECISIONS = click.Choice([precision.value for precision in Precision])
_PRETRAINED = click.Choice([weights.value for weights in Weights])
_FORMATS = click.Choice([known.value for known in PROOF_FORMATS])


class _VerifyOptions(CompareOptions, total=False):
    input_sizes: tuple[str, ...]


@click.command("verify")
@click.argument("left")
@click.argument("right")
@click.option(
    "--weights",
    "transfer",
    type=_TRANSFERS,
    default=WeightTransfer.AS_IS.value,
    show_default=True,
    help="Whose weights both sides run with.",
)
@click.option(
    "--dtype",
    type=_PRECISIONS,
    default=Precision.FLOAT64.value,
    show_default=True,
    help="The number format in which the verdict is judged.",
)
@click.option(
    "--input",
    "input_sizes",
    multiple=True,
    metavar="SIZE",
    help="As in compare; can be given several times.  [default: what a model states, and an odd one]",
)
@click.option(
    "--pretrained",
    "weights",
    type=_PRETRAINED,
    default=Weights.NONE.value,
    show_default=True,
    help="Weights that the models start with.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of untrained weights and of the probes.")
@threads_option
@path_option
@file_limit_options
@click.option(
    "--export",
    type=FILE,
    default=None,
    metavar="FILE",
    help="Write the moved weights to FILE: .safetensors for PyTorch, .weights.h5 for Keras.",
)
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
def verify_verb(
    left: str,
    right: str,
    report_format: str,
    output: Path | None,
    save: Path | None,
    **options: Unpack[_VerifyOptions],
) -> int:
    """Run two models on the same probes, prove whether they compute the same, and say why not.

    LEFT and RIGHT name models as in `mbgui compare --help`. No latency is measured.

    \b
    The exit code is the verdict:
      0    identical, or equivalent (only rounding)
      3    equivalent after: the named causes explain everything
      4    different: something is left unexplained
      5    not comparable
      1    it failed;  2  wrong use;  130  stopped
    """  # noqa: D301  click wants the backspace itself
    first, *further = options.pop("input_sizes") or (None,)
    rest: CompareOptions = options
    wanted: CompareOptions = {**rest, "input_size": first, "further_inputs": further}
    request = build_request(left, right, {**wanted, "verification": True, "latency": False})
    require_folder(output)
    require_folder(save)
    tell_own_code(request)
    comparison = compare_and_keep(request, save).comparison
    proof = api.proof_of(comparison)
    write_text(render(comparison, proof, ReportFormat(report_format)), output)
    return VERDICT_EXIT_CODES[proof.verdict]
