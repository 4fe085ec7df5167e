"""`mbgui report` and `mbgui snapshots`: what was saved, without either framework."""

from datetime import datetime
from pathlib import Path

import click

from mbgui.cli.options import FILE, format_option, output_option
from mbgui.cli.output import require_folder, write_report
from mbgui.domain.snapshot import ReportFormat, SnapshotEntry
from mbgui.snapshots.store import SnapshotStore, default_folder


@click.command("report")
@click.argument("snapshot", type=FILE)
@format_option
@output_option
def report_verb(snapshot: Path, report_format: str, output: Path | None) -> None:
    """Print the report of a saved SNAPSHOT."""
    require_folder(output)
    report_snapshot(snapshot, ReportFormat(report_format), output=output)


def report_snapshot(snapshot: Path, report_format: ReportFormat, *, output: Path | None = None) -> None:
    """Write the report of a snapshot file. Raises `MbguiError` where it is none, or the report cannot be written."""
    write_report(SnapshotStore(default_folder()).open(snapshot), report_format, output)


@click.command("snapshots")
def snapshots_verb() -> None:
    """List the comparisons that were kept, newest first."""
    entries = SnapshotStore(default_folder()).entries()
    for entry in entries:
        click.echo(_line(entry))
    if not entries:
        click.echo("Nothing was kept yet. `mbgui compare` compares two models and keeps the result.", err=True)


def _line(entry: SnapshotEntry) -> str:
    moment = datetime.fromisoformat(entry.created_at).astimezone()
    return f"{moment:%Y-%m-%d %H:%M}  {entry.title}\n    {entry.headline}\n    {entry.path}"
