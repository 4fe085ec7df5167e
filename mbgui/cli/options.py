"""Options that several verbs share."""

from pathlib import Path

import click

from mbgui.domain.snapshot import ReportFormat

FILE = click.Path(dir_okay=False, path_type=Path)

format_option = click.option(
    "--format",
    "report_format",
    type=click.Choice([report_format.value for report_format in ReportFormat]),
    default=ReportFormat.MARKDOWN.value,
    show_default=True,
    help="Form of the report.",
)
output_option = click.option("--output", type=FILE, help="Write the report to FILE instead of standard output.")
