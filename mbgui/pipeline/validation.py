"""Whether a request can be done at all, asked before any process is started."""

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CALL_PATHS, CallPath
from mbgui.domain.request import CompareRequest, LatencyRequest, ModelSource

LARGEST_SEED = 2**32 - 1
"""What NumPy, and Keras with it, takes as a seed."""


def validate(request: CompareRequest) -> None:
    """Check the numbers and the call paths.

    Raises:
        MbguiError: something cannot be meant (wrong use); the sentence says what.
    """
    for side_px in request.input_size:
        _at_least(1, side_px, "An input side", "pixel")
    _at_least(1, request.batch_size, "The batch", "image")
    _at_least(0, request.seed, "The seed", "")
    _at_least(1, request.threads, "The number of threads", "")
    if request.seed > LARGEST_SEED:
        raise MbguiError.wrong_use(
            f"The seed has to be at most {LARGEST_SEED}, not {request.seed}.", "Choose a smaller seed."
        )
    if request.latency is not None:
        _validate_latency(request, request.latency)


def _validate_latency(request: CompareRequest, latency: LatencyRequest) -> None:
    _at_least(1, latency.runs, "The number of timed calls", "")
    _at_least(0, latency.warmup, "The number of warm-up calls", "")
    _at_least(1, latency.round_size, "A round", "call")
    _validate_path(request.left, latency.left_path)
    _validate_path(request.right, latency.right_path)


def _validate_path(source: ModelSource, path: CallPath | None) -> None:
    allowed = CALL_PATHS[source.framework]
    if path is None or path in allowed:
        return
    raise MbguiError.wrong_use(
        f"{source.reference} cannot be called by “{path}”.",
        f"Call paths of {source.framework.display_name}: {', '.join(allowed)}.",
    )


def _at_least(minimum: int, value: int, what: str, unit: str) -> None:
    if value < minimum:
        amount = f"{minimum} {unit}".strip()
        raise MbguiError.wrong_use(
            f"{what} has to be at least {amount}, not {value}.", "Change the value and compare again."
        )
