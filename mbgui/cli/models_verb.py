"""`mbgui models`: what can be named."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import click

from mbgui.cli.interrupt import cancel_on_interrupt
from mbgui.cli.output import tell_problem
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.source import ModelSource, SourceKind
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.models import list_models
from mbgui.processes.pool import WarmChildren


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """The references of one source of models, or why there are none."""

    references: tuple[str, ...] = ()
    problem: Problem | None = None


@click.command("models")
@click.argument("text", metavar="[FILTER]", default="")
def models_verb(text: str) -> None:
    """List the models that can be named, or those whose names contain FILTER."""
    with cancel_on_interrupt() as cancel, closing(WarmChildren()) as children, ThreadPoolExecutor() as executor:
        waiting = [executor.submit(_list, kind, children, cancel) for kind in SourceKind]
        listings = [future.result() for future in waiting]
    cancel.raise_if_cancelled()
    problems = [listing.problem for listing in listings if listing.problem is not None]
    if len(problems) == len(listings):
        raise MbguiError(problems[0])
    for problem in problems:
        tell_problem(problem, "Warning")
    references = [reference for listing in listings for reference in listing.references]
    found = [reference for reference in references if text.lower() in reference.lower()]
    for reference in found:
        click.echo(reference)
    if not found:
        click.echo(f"No model's name contains “{text}”; without a filter all {len(references)} are listed.", err=True)


def _list(kind: SourceKind, children: WarmChildren, cancel: CancelToken) -> _Listing:
    """The models of one source; a framework that is not there leaves the other one's to be listed."""
    framework = ModelSource(kind=kind, name="").framework
    try:
        names = list_models(framework, children=children, cancel=cancel)
    except MbguiError as error:
        return _Listing(problem=error.problem)
    return _Listing(references=tuple(f"{kind}:{name}" for name in names))
