"""A request made from options as users and programs write them."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, TypeVar

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CallPath
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.domain.request import BenchMode, CompareRequest, LatencyRequest, ReadingLimits, VerifyRequest, Weights
from mbgui.pipeline.input_texts import parse_inputs
from mbgui.pipeline.machine import default_threads
from mbgui.pipeline.references import parse_source
from mbgui.pipeline.sweep_texts import parse_sweeps
from mbgui.pipeline.validation import validate

InputSize = tuple[int, int] | str
"""(height, width) in pixels, or as a user types it."""
ChoiceT = TypeVar("ChoiceT", Weights, CallPath, BenchMode, WeightTransfer, Precision)

_OF_VERIFICATION = ("transfer", "dtype", "further_inputs", "export")
_OF_LATENCY = ("ladder", "sweeps", "by_layer")


class CompareOptions(TypedDict, total=False):
    """Everything about a comparison but the two models; what is left out takes its default.

    Attributes:
        input_size: (height, width) in pixels, or as text: `224x224`, `1x28x28`, `128`, `a=224x224x3,b=10`. By default
            the size that a model states, else 224×224.
        batch_size: images in the input (1).
        weights: `none` (default) or `imagenet`.
        seed: seed of the untrained weights and of the input that is timed (0).
        latency: whether to measure latency (yes).
        mode: `quick` (default, one process a side) or `rigorous` (five and more).
        budget_s: seconds after which nothing further is begun, for each kind of measurement; 0 for that of the mode.
        runs: timed calls a side in each process; 0 (default) for as many as make it worth its start.
        warmup: the fewest calls a side before the timed ones (5); more are made until the level is steady.
        round_size: calls in a row of one side before it is the other side's turn; 0 (default) to go by their duration.
        duel: whether to time both sides in turns (yes).
        ladder: whether to time every call path of both sides as well (no).
        sweeps: texts such as `batch=1,2,4`, `threads=1,2`, `input=160,224`: further settings to time both sides at.
        by_layer: whether to time every layer as well (no).
        threads: intra-operation threads of each side (the physical cores).
        left_path: how the left model is called, such as `eager` (its framework's recommended path).
        right_path: the same for the right model, such as `tf.function`, `predict`, `call`.
        code_folders: where modules of your own are looked for, before the current folder and the installed packages.
        file_memory_gib: memory that reading a file may take, in GiB (8); 0 for no limit.
        file_timeout_s: seconds that reading a file may take (300); 0 for no limit.
        verification: whether to run both networks on the same probes and prove what they compute (no). The following
            need it.
        transfer: whose weights both sides run with: `as-is` (default), `left-to-right`, `right-to-left`.
        dtype: the number format in which the verdict is judged: `float64` (default) or `float32`.
        further_inputs: sizes that are verified after `input_size`, each written like it.
        export: a file that gets the moved weights: `.safetensors` for PyTorch, `.weights.h5` for Keras.
    """

    input_size: InputSize | None
    batch_size: int
    weights: str
    seed: int
    latency: bool
    mode: str
    budget_s: float
    runs: int
    warmup: int
    round_size: int
    duel: bool
    ladder: bool
    sweeps: Sequence[str]
    by_layer: bool
    threads: int | None
    left_path: str | None
    right_path: str | None
    code_folders: Sequence[str]
    file_memory_gib: float
    file_timeout_s: float
    verification: bool
    transfer: str
    dtype: str
    further_inputs: Sequence[InputSize]
    export: str | Path | None


def build_request(left: str, right: str, options: CompareOptions) -> CompareRequest:
    """The request for two references such as `torchvision:mobilenet_v2`.

    Raises:
        MbguiError: a reference or an option makes no sense (wrong use).
    """
    threads = options.get("threads")
    inputs = _inputs(options.get("input_size"))
    request = CompareRequest(
        left=parse_source(left),
        right=parse_source(right),
        inputs=inputs,
        batch_size=options.get("batch_size", 1),
        weights=_choose(Weights, options.get("weights", Weights.NONE), "weights"),
        seed=options.get("seed", 0),
        threads=default_threads() if threads is None else threads,
        latency=_latency(options),
        code_folders=tuple(str(Path(folder).expanduser().absolute()) for folder in options.get("code_folders", ())),
        limits=reading_limits(options.get("file_memory_gib"), options.get("file_timeout_s")),
        verification=_verification(options, inputs),
    )
    validate(request)
    return request


def reading_limits(memory_gib: float | None = None, timeout_s: float | None = None) -> ReadingLimits:
    """What a file may cost: GiB and seconds, 0 for no limit, `None` for the default.

    Raises:
        MbguiError: a limit is below 0 or no number (wrong use).
    """
    for limit, what in ((memory_gib, "memory"), (timeout_s, "time")):
        if limit is not None and not 0 <= limit < math.inf:
            raise MbguiError.wrong_use(f"The {what} for reading a file cannot be {limit:g}.", "Give 0 for no limit.")
    default = ReadingLimits()
    return ReadingLimits(
        memory_bytes=default.memory_bytes if memory_gib is None else int(memory_gib * 2**30),
        duration_s=default.duration_s if timeout_s is None else timeout_s,
    )


def _inputs(size: InputSize | None) -> tuple[InputShape, ...]:
    if isinstance(size, str):
        return parse_inputs(size)
    return () if size is None else (InputShape(sizes=size),)


def _verification(options: CompareOptions, inputs: tuple[InputShape, ...]) -> VerifyRequest | None:
    if not options.get("verification", False):
        idle = [name for name in _OF_VERIFICATION if name in options]
        if idle:
            raise MbguiError.wrong_use(
                f"“{idle[0]}” says how to verify, but nothing is to be verified.", "Set verification=True as well."
            )
        return None
    further = (_inputs(size) for size in options.get("further_inputs", ()))
    export = options.get("export") or ""
    return VerifyRequest(
        transfer=_choose(WeightTransfer, options.get("transfer", WeightTransfer.AS_IS), "transfer of weights"),
        precision=_choose(Precision, options.get("dtype", Precision.FLOAT64), "number format for a proof"),
        further_inputs=tuple(named for named in dict.fromkeys(further) if not named or named != inputs),
        export=str(Path(export).expanduser().absolute()) if export else "",
    )


def _latency(options: CompareOptions) -> LatencyRequest | None:
    if not options.get("latency", True):
        idle = [name for name in _OF_LATENCY if options.get(name)]
        if idle:
            raise MbguiError.wrong_use(
                f"“{idle[0]}” says what to measure, but no latency is to be measured.", "Set latency=True as well."
            )
        return None
    return LatencyRequest(
        mode=_choose(BenchMode, options.get("mode", BenchMode.QUICK), "mode of measuring"),
        runs=options.get("runs", 0),
        warmup=options.get("warmup", 5),
        round_size=options.get("round_size", 0),
        budget_s=options.get("budget_s", 0.0),
        left_path=_call_path(options.get("left_path")),
        right_path=_call_path(options.get("right_path")),
        is_duel=options.get("duel", True),
        is_ladder=options.get("ladder", False),
        sweeps=parse_sweeps(options.get("sweeps", ())),
        is_by_layer=options.get("by_layer", False),
    )


def _call_path(text: str | None) -> CallPath | None:
    return None if text is None else _choose(CallPath, text, "call path")


def _choose(choices: type[ChoiceT], text: str, what: str) -> ChoiceT:
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        raise MbguiError.wrong_use(f"“{text}” is no {what}.", f"Choose one of: {known}.") from None
