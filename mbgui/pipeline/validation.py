"""Whether a request can be done at all, asked before any process is started."""

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.request import CompareRequest, LatencyRequest
from mbgui.domain.source import ModelSource

LARGEST_SEED = 2**32 - 1
"""What NumPy, and Keras with it, takes as a seed."""


def validate(request: CompareRequest) -> None:
    """Check the numbers and the call paths.

    Raises:
        MbguiError: something cannot be meant (wrong use); the sentence says what.
    """
    for shape in request.inputs:
        for size in shape.sizes:
            _at_least(1, size, "An input side", "pixel")
    _at_least(1, request.batch_size, "The batch", "image")
    _at_least(0, request.seed, "The seed", "")
    _at_least(1, request.threads, "The number of threads", "")
    if request.seed > LARGEST_SEED:
        raise MbguiError.wrong_use(
            f"The seed has to be at most {LARGEST_SEED}, not {request.seed}.", "Choose a smaller seed."
        )
    _at_least(0, request.limits.memory_bytes, "The memory for reading a file", "")
    _at_least(0, request.limits.duration_s, "The time for reading a file", "")
    if request.latency is not None:
        _validate_latency(request, request.latency)


def _validate_latency(request: CompareRequest, latency: LatencyRequest) -> None:
    _at_least(1, latency.runs, "The number of timed calls", "")
    _at_least(0, latency.warmup, "The number of warm-up calls", "")
    _at_least(1, latency.round_size, "A round", "call")
    for source, path in ((request.left, latency.left_path), (request.right, latency.right_path)):
        if path is not None and source.likely_framework is not None:
            require_call_path(source, source.likely_framework, path)


def require_call_path(source: ModelSource, framework: Framework, path: CallPath) -> None:
    """Check that a model of a framework can be called this way. Raises `MbguiError` (wrong use)."""
    allowed = CALL_PATHS[framework]
    if path not in allowed:
        raise MbguiError.wrong_use(
            f"{source.reference} cannot be called by “{path}”.",
            f"Call paths of {framework.display_name}: {', '.join(allowed)}.",
        )


def _at_least(minimum: int, value: float, what: str, unit: str) -> None:
    if value < minimum:
        amount = f"{minimum} {unit}".strip()
        raise MbguiError.wrong_use(
            f"{what} has to be at least {amount}, not {value}.", "Change the value and compare again."
        )
