"""`mbgui models`: what can be named, and with which options."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import click

from mbgui.cli.interrupt import cancel_on_interrupt
from mbgui.cli.output import tell_problem
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.model_option import ModelOption
from mbgui.domain.option_text import option_text
from mbgui.domain.source import ZOO_FRAMEWORKS, SourceKind
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.models import describe_model, list_models
from mbgui.processes.messages import ModelDescribed
from mbgui.processes.pool import WarmChildren

_TEXT_WIDTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """The references of one source of models, or why there are none; `described` is the model that was named whole."""

    references: tuple[str, ...] = ()
    described: tuple[tuple[str, ModelDescribed], ...] = ()
    problem: Problem | None = None


@click.command("models")
@click.argument("text", metavar="[NAME]", default="")
def models_verb(text: str) -> None:
    """List the models that can be named, or those whose names contain NAME.

    Of a model that is named in full, such as keras:MobileNetV2, every option is listed.
    """
    with cancel_on_interrupt() as cancel, closing(WarmChildren()) as children, ThreadPoolExecutor() as executor:
        waiting = [executor.submit(_list, kind, text, children, cancel) for kind in ZOO_FRAMEWORKS]
        listings = [future.result() for future in waiting]
    cancel.raise_if_cancelled()
    problems = [listing.problem for listing in listings if listing.problem is not None]
    if len(problems) == len(listings):
        raise MbguiError(problems[0])
    for problem in problems:
        tell_problem(problem, "Warning")
    references = [reference for listing in listings for reference in listing.references]
    described = dict(pair for listing in listings for pair in listing.described)
    found = [reference for reference in references if text.lower() in reference.lower()]
    for reference in found:
        click.echo(reference)
        if reference in described:
            click.echo("\n".join(_description(described[reference])))
    if not found:
        click.echo(f"No model's name contains “{text}”; without a filter all {len(references)} are listed.", err=True)


def _list(kind: SourceKind, text: str, children: WarmChildren, cancel: CancelToken) -> _Listing:
    """The models of one source; a framework that is not there leaves the other one's to be listed."""
    framework = ZOO_FRAMEWORKS[kind]
    try:
        names = list_models(framework, children=children, cancel=cancel)
        named = tuple(name for name in names if text in (name, f"{kind}:{name}"))
        described = tuple(
            (f"{kind}:{name}", describe_model(framework, name, children=children, cancel=cancel)) for name in named
        )
    except MbguiError as error:
        return _Listing(problem=error.problem)
    return _Listing(references=tuple(f"{kind}:{name}" for name in names), described=described)


def _description(described: ModelDescribed) -> Iterator[str]:
    if described.input_size is not None:
        yield "    made for an input of {}×{} pixels".format(*described.input_size)
    for option in described.options:
        yield f"    {_option_line(option)}".rstrip()


def _option_line(option: ModelOption) -> str:
    """`?alpha=1.0                     width of every layer, as a factor (both frameworks)`."""
    text = f"?{option.name}={option_text(option.default)}"
    remarks = [f"one of {', '.join(option.choices)}"] if option.choices else []
    remarks += ["in both frameworks"] if option.is_common else []
    return f"{text:<{_TEXT_WIDTH}}{option.description}" + (f" ({'; '.join(remarks)})" if remarks else "")
