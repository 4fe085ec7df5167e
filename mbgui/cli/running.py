"""Doing a request from a verb: whose code runs is told, progress is shown, and the comparison is kept."""

from dataclasses import dataclass
from pathlib import Path

import click

from mbgui import api
from mbgui.cli.interrupt import cancel_on_interrupt
from mbgui.cli.progress import ProgressDisplay
from mbgui.domain.comparison import Comparison
from mbgui.domain.request import CompareRequest
from mbgui.snapshots.store import SnapshotStore, default_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A comparison that is kept. `was_stopped` tells that Ctrl-C ended the measuring and this is what there is."""

    comparison: Comparison
    was_stopped: bool


def tell_own_code(request: CompareRequest) -> None:
    """Say on standard error whose code is about to run."""
    for source in dict.fromkeys((request.left, request.right)):
        if source.runs_own_code:
            click.echo(f"{source.name} is Python code of yours: it runs, in a process of its own.", err=True)


def compare_and_keep(request: CompareRequest, save: Path | None) -> KeptRun:
    """Do a request, keep the comparison among the user's snapshots, and save it where the user says.

    Saving comes before any report: whoever reads that may have seen enough before its end.

    Raises:
        MbguiError: it failed, was stopped before there was anything, or the file cannot be written.
    """
    store = SnapshotStore(default_folder())
    with cancel_on_interrupt() as cancel, ProgressDisplay() as display:
        completed = api.run(request, cancel=cancel, on_event=display.show, store=store)
    if save is not None:
        store.save(completed.comparison, save)
    return KeptRun(comparison=completed.comparison, was_stopped=cancel.is_cancelled)
