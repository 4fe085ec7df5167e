"""Which models can be named."""

from mbgui.domain.errors import MbguiError, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.machine import default_threads
from mbgui.processes.messages import ListModels, ModelNames
from mbgui.processes.pool import WarmChildren


def list_models(
    framework: Framework, *, children: WarmChildren, cancel: CancelToken, threads: int | None = None
) -> tuple[str, ...]:
    """Every model of a framework that can be named, sorted, without the word before the colon.

    Asks a child of `threads` threads (by default as many as a comparison takes), be it warm or at work for
    a comparison; where that comparison is stopped, another child is asked.

    Raises:
        MbguiError: the framework cannot be imported, the child died, or `cancel` was used.
    """
    count = default_threads() if threads is None else threads
    try:
        return _ask(framework, count, children, cancel)
    except MbguiError as error:
        if error.problem.kind is not ProblemKind.CANCELLED or cancel.is_cancelled:
            raise
    return _ask(framework, count, children, cancel)


def _ask(framework: Framework, threads: int, children: WarmChildren, cancel: CancelToken) -> tuple[str, ...]:
    cancel.raise_if_cancelled()
    child = children.share(framework, threads)
    cancel.add_callback(child.kill)
    try:
        child.wait_ready()
        return child.ask(ListModels(), ModelNames).names
    finally:
        cancel.remove_callback(child.kill)
