"""What is in a file with a model or its weights, found by a child that has no more rights than it needs."""

import dataclasses

from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import ReadingLimits
from mbgui.pipeline.cancel import CancelToken
from mbgui.processes.client import ANSWER_TIMEOUT_S
from mbgui.processes.messages import FileInspected, InspectFile
from mbgui.processes.pool import WarmChildren


def inspect_model_file(
    path: str, *, children: WarmChildren, cancel: CancelToken, limits: ReadingLimits | None = None
) -> ModelFile:
    """The tensors of a file with their statistics, and what else can be read of it; nothing is built or executed.

    A file that would have to be executed to be opened is no error: the record says why it is refused.

    Raises:
        MbguiError: there is no such file, it cannot be read, a limit was reached, or `cancel` was used.
    """
    chosen = ReadingLimits() if limits is None else limits
    cancel.raise_if_cancelled()
    child = children.take(None, 1)
    cancel.add_callback(child.kill)
    try:
        child.wait_ready()
        command = InspectFile(path=path, limits=chosen)
        inspected = child.ask(command, FileInspected, chosen.duration_s or ANSWER_TIMEOUT_S)
        return dataclasses.replace(inspected.file, path=path)  # who read the file does not say which one is used next
    finally:
        cancel.remove_callback(child.kill)
        children.give_back(child, is_used_up=True)
