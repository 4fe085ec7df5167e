"""Which models can be named."""

from typing import TypeVar

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.machine import default_threads
from mbgui.processes.messages import Command, DescribeModel, ListModels, ModelDescribed, ModelNames, Reply
from mbgui.processes.pool import WarmChildren

AnswerT = TypeVar("AnswerT", bound=Reply)


def list_models(
    framework: Framework, *, children: WarmChildren, cancel: CancelToken, threads: int | None = None
) -> tuple[str, ...]:
    """Every model of a framework that can be named, sorted, without the word before the colon.

    Asks a child of `threads` threads (by default as many as a comparison takes), be it warm or at work for
    a comparison; where that comparison is stopped, another child is asked.

    Raises:
        MbguiError: the framework cannot be imported, the child died, or `cancel` was used.
    """
    return _ask_twice(framework, ListModels(), ModelNames, children, cancel, threads).names


def describe_model(
    framework: Framework, name: str, *, children: WarmChildren, cancel: CancelToken, threads: int | None = None
) -> ModelDescribed:
    """The options of a model of the framework's zoo, and the input size it states; asked as in `list_models`.

    Raises:
        MbguiError: there is no such model, or as `list_models`.
    """
    return _ask_twice(framework, DescribeModel(name=name), ModelDescribed, children, cancel, threads)


def _ask_twice(  # noqa: PLR0913, PLR0917  what is asked, and of whom
    framework: Framework,
    command: Command,
    answer: type[AnswerT],
    children: WarmChildren,
    cancel: CancelToken,
    threads: int | None,
) -> AnswerT:
    count = default_threads() if threads is None else threads
    try:
        return _ask(framework, command, answer, children, cancel, count)
    except MbguiError as error:
        if error.problem.kind is not ProblemKind.CANCELLED or cancel.is_cancelled:
            raise
    return _ask(framework, command, answer, children, cancel, count)


def _ask(  # noqa: PLR0913, PLR0917
    framework: Framework,
    command: Command,
    answer: type[AnswerT],
    children: WarmChildren,
    cancel: CancelToken,
    threads: int,
) -> AnswerT:
    cancel.raise_if_cancelled()
    child = children.share(framework, threads)
    cancel.add_callback(child.kill)
    try:
        child.wait_ready()
        return child.ask(command, answer)
    finally:
        cancel.remove_callback(child.kill)
