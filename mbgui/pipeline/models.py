"""Which models can be named."""

from mbgui.domain.framework import Framework
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.machine import default_threads
from mbgui.processes.messages import ListModels, ModelNames
from mbgui.processes.pool import WarmChildren


def list_models(
    framework: Framework, *, children: WarmChildren, cancel: CancelToken, threads: int | None = None
) -> tuple[str, ...]:
    """Every model of a framework that can be named, sorted, without the word before the colon.

    Asks a child, a warm one of `threads` threads where there is one (by default as many as a comparison takes).

    Raises:
        MbguiError: the framework cannot be imported, the child died, or it was cancelled.
    """
    child = children.take(framework, default_threads() if threads is None else threads)
    cancel.add_callback(child.kill)
    try:
        child.wait_ready()
        return child.ask(ListModels(), ModelNames).names
    finally:
        cancel.remove_callback(child.kill)
        children.give_back(child)
