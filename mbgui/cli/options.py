"""Options that several verbs share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mbgui.domain.request import ReadingLimits
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

path_option = click.option(
    "--path",
    "code_folders",
    type=click.Path(exists=True, file_okay=False),
    multiple=True,
    metavar="DIR",
    help="Where modules of your own are looked for, before the current folder; can be given several times.",
)
save_option = click.option("--save", type=FILE, metavar="FILE.mbsnap", help="Save the comparison as a snapshot, too.")
threads_option = click.option("--threads", type=int, help="Threads of each side.  [default: the physical cores]")

_LIMITS = ReadingLimits()
_Verb = TypeVar("_Verb", bound=Callable[..., Any])


def file_limit_options(verb: _Verb) -> _Verb:
    """What reading a file of the user's may cost."""
    memory = click.option(
        "--file-memory",
        "file_memory_gib",
        type=float,
        metavar="GIB",
        help=f"Memory that reading a file may take, 0 for no limit.  [default: {_LIMITS.memory_bytes / 2**30:g}]",
    )
    timeout = click.option(
        "--file-timeout",
        "file_timeout_s",
        type=float,
        metavar="SECONDS",
        help=f"Time that reading a file may take, 0 for no limit.  [default: {_LIMITS.duration_s:g}]",
    )
    return memory(timeout(verb))
