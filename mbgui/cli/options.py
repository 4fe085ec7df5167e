"""Options that several verbs share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mbgui.domain.framework import CallPath
from mbgui.domain.request import DEFAULT_BUDGETS_S, BenchMode, LatencyRequest, ReadingLimits, Weights
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

_WEIGHTS = click.Choice([weights.value for weights in Weights])
_CALL_PATHS = click.Choice([path.value for path in CallPath])
_MODES = click.Choice([mode.value for mode in BenchMode])
_LATENCY = LatencyRequest()
_BUDGETS = ", ".join(f"{seconds:g} {mode}" for mode, seconds in DEFAULT_BUDGETS_S.items())
_LIMITS = ReadingLimits()

input_option = click.option(
    "--input",
    "input_size",
    metavar="SIZE",
    help="224x224, with channels 1x28x28, a length 128, or by name a=224x224x3,b=10.  [default: what a model states]",
)
batch_option = click.option("--batch", "batch_size", default=1, show_default=True, help="Images in the input.")
weights_option = click.option(
    "--weights", type=_WEIGHTS, default=Weights.NONE.value, show_default=True, help="Weights to start with."
)
seed_option = click.option(
    "--seed", default=0, show_default=True, help="Seed of untrained weights and of the timed input."
)
mode_option = click.option(
    "--mode",
    type=_MODES,
    default=_LATENCY.mode.value,
    show_default=True,
    help="One process a side, or five and more: only they tell how far processes of one model differ.",
)
budget_option = click.option(
    "--budget",
    "budget_s",
    type=float,
    default=_LATENCY.budget_s,
    metavar="SECONDS",
    help=f"Time after which nothing further is begun, for each kind of measurement.  [default: {_BUDGETS}]",
)
runs_option = click.option(
    "--runs", default=_LATENCY.runs, help="Timed calls a side in each process.  [default: what its start is worth]"
)
warmup_option = click.option(
    "--warmup", default=_LATENCY.warmup, show_default=True, help="The fewest calls a side before the timed ones."
)
left_path_option = click.option("--left-path", type=_CALL_PATHS, help="How the left model is called.")
right_path_option = click.option("--right-path", type=_CALL_PATHS, help="How the right model is called.")

_Verb = TypeVar("_Verb", bound=Callable[..., Any])


def input_options(verb: _Verb) -> _Verb:
    """What both models are given, and the weights they start with."""
    return _with(verb, input_option, batch_option, weights_option, seed_option)


def measuring_options(verb: _Verb) -> _Verb:
    """How latency is measured."""
    return _with(
        verb,
        mode_option,
        budget_option,
        runs_option,
        warmup_option,
        threads_option,
        left_path_option,
        right_path_option,
    )


def _with(verb: _Verb, *options: Callable[[_Verb], _Verb]) -> _Verb:
    """The verb with these options, in the order in which help lists them."""
    for option in reversed(options):
        verb = option(verb)
    return verb


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
