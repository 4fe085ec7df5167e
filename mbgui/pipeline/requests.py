"""A request made from options as users and programs write them."""

from typing import TypedDict, TypeVar

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.domain.request import DEFAULT_INPUT_SIZE, CompareRequest, LatencyRequest, Weights
from mbgui.pipeline.machine import default_threads
from mbgui.pipeline.references import parse_input_size, parse_source
from mbgui.pipeline.validation import validate

ChoiceT = TypeVar("ChoiceT", Weights, CallPath)


class CompareOptions(TypedDict, total=False):
    """Everything about a comparison but the two models; what is left out takes its default.

    Attributes:
        input_size: (height, width) in pixels, or as text: `224x224`, `224` (default).
        batch_size: images in the input (1).
        weights: `none` (default) or `imagenet`.
        seed: seed of the untrained weights and of the input that is timed (0).
        latency: whether to measure latency (yes).
        runs: timed calls a side (50).
        warmup: calls a side before the timed ones (5).
        round_size: calls in a row of one side before it is the other side's turn (5).
        threads: intra-operation threads of each side (the physical cores).
        left_path: how the left model is called, such as `eager` (its framework's recommended path).
        right_path: the same for the right model, such as `tf.function`, `predict`, `call`.
    """

    input_size: tuple[int, int] | str
    batch_size: int
    weights: str
    seed: int
    latency: bool
    runs: int
    warmup: int
    round_size: int
    threads: int | None
    left_path: str | None
    right_path: str | None


def build_request(left: str, right: str, options: CompareOptions) -> CompareRequest:
    """The request for two references such as `torchvision:mobilenet_v2`.

    Raises:
        MbguiError: a reference or an option makes no sense (wrong use).
    """
    size = options.get("input_size", DEFAULT_INPUT_SIZE)
    threads = options.get("threads")
    request = CompareRequest(
        left=parse_source(left),
        right=parse_source(right),
        input_size=parse_input_size(size) if isinstance(size, str) else size,
        batch_size=options.get("batch_size", 1),
        weights=_choose(Weights, options.get("weights", Weights.NONE), "weights"),
        seed=options.get("seed", 0),
        threads=default_threads() if threads is None else threads,
        latency=_latency(options) if options.get("latency", True) else None,
    )
    validate(request)
    return request


def _latency(options: CompareOptions) -> LatencyRequest:
    return LatencyRequest(
        runs=options.get("runs", 50),
        warmup=options.get("warmup", 5),
        round_size=options.get("round_size", 5),
        left_path=_call_path(options.get("left_path")),
        right_path=_call_path(options.get("right_path")),
    )


def _call_path(text: str | None) -> CallPath | None:
    return None if text is None else _choose(CallPath, text, "call path")


def _choose(choices: type[ChoiceT], text: str, what: str) -> ChoiceT:
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        raise MbguiError.wrong_use(f"“{text}” is no {what}.", f"Choose one of: {known}.") from None
