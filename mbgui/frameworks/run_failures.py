"""Why a model cannot be called by a call path, in words a user reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mbgui.domain.error_text import error_detail, is_out_of_memory
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.framework import CallPath

_SEE_DETAILS = "The technical details hold the framework's own report."


@contextmanager
def explained(  # noqa: PLR0913  everything that a sentence may name
    title: str, call_path: CallPath, plain: CallPath, reason: Callable[[Exception], str], *, batch_size: int, built: int
) -> Iterator[None]:
    """Turn whatever a framework raises inside into an `MbguiError`.

    `plain` is the call path that runs what Python runs, `built` the batch size that the model was built for.
    """
    try:
        yield
    except MbguiError:
        raise
    except Exception as error:  # a model can bring its framework to raise anything
        sentence, advice = _in_words(title, call_path, plain, error, reason(error), batch_size, built)
        raise MbguiError(Problem(sentence=sentence, advice=advice, detail=error_detail(error))) from error


def _in_words(  # noqa: PLR0913, PLR0917
    title: str, call_path: CallPath, plain: CallPath, error: Exception, reason: str, batch_size: int, built: int
) -> tuple[str, str]:
    if is_out_of_memory(error):
        return (
            f"{title} ran out of memory by “{call_path}” with a batch of {batch_size}.",
            "Choose a smaller batch or input size, or close other programs.",
        )
    if batch_size != built:
        return (
            f"{title} takes a batch of {built} and cannot be run with one of {batch_size} ({reason}).",
            "Keep the batch size it was saved for, or save it anew with an open batch.",
        )
    is_plain = call_path is plain
    advice = _SEE_DETAILS if is_plain else f"Choose another call path: “{plain}” runs what Python runs."
    return f"{title} cannot be run by “{call_path}” ({reason}).", advice
