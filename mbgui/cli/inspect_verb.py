"""`mbgui inspect`: what is in a file with a model or weights, read without building or executing anything."""

from contextlib import closing
from pathlib import Path

import click

from mbgui.cli.interrupt import cancel_on_interrupt
from mbgui.cli.options import file_limit_options, output_option
from mbgui.cli.output import require_folder, write_text
from mbgui.domain.errors import MbguiError
from mbgui.domain.snapshot import ReportFormat
from mbgui.pipeline.files import inspect_model_file
from mbgui.pipeline.requests import reading_limits
from mbgui.processes.pool import WarmChildren
from mbgui.reports.model_file import FILE_FORMATS, render


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "report_format",
    type=click.Choice([known.value for known in FILE_FORMATS]),
    default=ReportFormat.MARKDOWN.value,
    show_default=True,
    help="Form of the report.",
)
@file_limit_options
@output_option
def inspect_verb(
    file: Path,
    report_format: str,
    output: Path | None,
    file_memory_gib: float | None,
    file_timeout_s: float | None,
) -> None:
    """Show the tensors and facts of a model or weights FILE.

    Nothing in it is executed. Of a file that cannot be opened without executing it, what can be read is shown, and why
    it is refused; the exit code is then 1.
    """
    require_folder(output)
    limits = reading_limits(file_memory_gib, file_timeout_s)
    with cancel_on_interrupt() as cancel, closing(WarmChildren()) as children:
        found = inspect_model_file(str(file.expanduser().absolute()), children=children, cancel=cancel, limits=limits)
    write_text(render(found, ReportFormat(report_format)), output)
    if found.refusal is not None:
        raise MbguiError(found.refusal)
