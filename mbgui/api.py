"""The Python face: `mbgui.api.compare("torchvision:resnet50", "keras:ResNet50")`."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Unpack

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.events import Cancelled, Completed, Event, Failed
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare as compare_events
from mbgui.pipeline.files import inspect_model_file
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.store import SnapshotStore


def compare(
    left: str = DEFAULT_LEFT.reference, right: str = DEFAULT_RIGHT.reference, **options: Unpack[CompareOptions]
) -> Comparison:
    """Compare two models and return everything found; takes as long as it takes, and keeps nothing on disk.

    Args:
        left: a reference such as `torchvision:mobilenet_v2`, `package.module:callable`, or a file.
        right: the same for the right side, such as `keras:MobileNetV2?alpha=0.5@weights.h5`.
        **options: see `mbgui.pipeline.requests.CompareOptions`.

    Raises:
        MbguiError: wrong use, or the comparison failed; `problem` says what and what to do.
    """
    return run(build_request(left, right, options)).comparison


def inspect(path: str | Path) -> ModelFile:
    """What is in a file with a model or weights: tensors with statistics, and facts; nothing of it is executed.

    A file that would have to be executed to be opened is no error: `refusal` in the record says why.

    Raises:
        MbguiError: there is no such file, or it cannot be read.
    """
    with closing(WarmChildren()) as children:
        return inspect_model_file(str(Path(path).expanduser().absolute()), children=children, cancel=CancelToken())


def run(
    request: CompareRequest,
    *,
    cancel: CancelToken | None = None,
    on_event: Callable[[Event], None] | None = None,
    store: SnapshotStore | None = None,
) -> Completed:
    """Do a request in children of its own and tell `on_event` what happens on the way.

    Raises:
        MbguiError: the comparison failed, or `cancel` was used (of kind `CANCELLED`).
    """
    last: Event | None = None
    with closing(WarmChildren()) as children:
        for event in compare_events(request, cancel=cancel or CancelToken(), children=children, store=store):
            if on_event is not None:
                on_event(event)
            last = event
    return _result(last)


def _result(last: Event | None) -> Completed:
    match last:
        case Completed():
            return last
        case Failed(problem=problem):
            raise MbguiError(problem)
        case Cancelled():
            raise MbguiError.cancelled()
    raise MbguiError(Problem(sentence="The comparison ended without a result."))
