"""Whether a request can be done at all, asked before any process is started."""

import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mbgui.domain.errors import MbguiError
from mbgui.domain.framework import CALL_PATHS, CallPath, Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.proof_choices import WeightTransfer
from mbgui.domain.request import CompareRequest, LatencyRequest, SweepAxis, SweepRequest, VerifyRequest
from mbgui.domain.source import ModelSource
from mbgui.pipeline.machine import available_processors

LARGEST_SWEEP_VALUES: Mapping[SweepAxis, int] = MappingProxyType({SweepAxis.BATCH: 65_536, SweepAxis.INPUT: 16_384})
"""Far beyond what any machine holds in memory; threads go up to the processors."""
LARGEST_SEED = 2**32 - 1
"""What NumPy, and Keras with it, takes as a seed."""
MOST_CALLS = 100_000
"""Timed calls of a side in a launch, and calls of a warm-up: beyond it no launch would ever end."""
EXPORT_SUFFIXES: Mapping[Framework, str] = MappingProxyType(
    {Framework.PYTORCH: ".safetensors", Framework.KERAS: ".weights.h5"}
)
"""How a file of moved weights has to end, by the framework of the side that they were moved to."""


def validate(request: CompareRequest) -> None:
    """Check the numbers, the call paths and the file that weights are to be exported to.

    Raises:
        MbguiError: something cannot be meant (wrong use); the sentence says what.
    """
    _validate_inputs(request.inputs)
    _at_least(1, request.batch_size, "The batch", "image")
    _at_least(0, request.seed, "The seed", "")
    _validate_threads(request.threads)
    _at_most(LARGEST_SEED, request.seed, "The seed")
    _at_least(0, request.limits.memory_bytes, "The memory for reading a file", "")
    _at_least(0, request.limits.duration_s, "The time for reading a file", "")
    if request.latency is not None:
        _validate_latency(request, request.latency)
    if request.verification is not None:
        _validate_verification(request, request.verification)


def _validate_inputs(inputs: tuple[InputShape, ...]) -> None:
    for shape in inputs:
        for size in shape.sizes:
            _at_least(1, size, "An input side", "pixel")


def _validate_threads(threads: int) -> None:
    _at_least(1, threads, "The number of threads", "")
    processors = available_processors()
    if threads > processors:
        raise MbguiError.wrong_use(
            f"The number of threads has to be at most {processors}, as many as there are logical processors, "
            f"not {threads}.",
            "Choose fewer threads.",
        )


def _validate_latency(request: CompareRequest, latency: LatencyRequest) -> None:
    _at_least(0, latency.runs, "The number of timed calls", "")
    _at_least(0, latency.warmup, "The number of warm-up calls", "")
    _at_least(0, latency.round_size, "A round", "calls")
    _at_most(MOST_CALLS, latency.runs, "The number of timed calls")
    _at_most(MOST_CALLS, latency.warmup, "The number of warm-up calls")
    if not 0 <= latency.budget_s < math.inf:
        raise MbguiError.wrong_use(
            f"The time for measuring cannot be {latency.budget_s:g} seconds.", "Give 0 for that of the mode."
        )
    if not (latency.is_duel or latency.is_ladder or latency.sweeps or latency.is_by_layer):
        raise MbguiError.wrong_use(
            "Nothing is left to be measured without the duel.", "Ask for the call paths, a sweep or the layers as well."
        )
    for sweep in latency.sweeps:
        _validate_sweep(sweep)
    for source, path in ((request.left, latency.left_path), (request.right, latency.right_path)):
        if path is not None and source.likely_framework is not None:
            require_call_path(source, source.likely_framework, path)


def _validate_sweep(sweep: SweepRequest) -> None:
    if not sweep.values:
        raise MbguiError.wrong_use(f"The sweep over {sweep.axis} has no values.", f"Name some, as in {sweep.axis}=1,2.")
    for value in sweep.values:
        if sweep.axis is SweepAxis.THREADS:
            _validate_threads(value)
            continue
        what = {SweepAxis.BATCH: "A batch", SweepAxis.INPUT: "An input side"}[sweep.axis]
        _at_least(1, value, f"{what} of the sweep", "")
        largest = LARGEST_SWEEP_VALUES[sweep.axis]
        if value > largest:
            raise MbguiError.wrong_use(
                f"{what} of the sweep has to be at most {largest}, not {value}.", "Choose smaller values."
            )


def _validate_verification(request: CompareRequest, verification: VerifyRequest) -> None:
    for inputs in verification.further_inputs:
        if not inputs:
            raise MbguiError.wrong_use("A further input has no size.", "Name it, such as 225x225.")
        _validate_inputs(inputs)
    if verification.export:
        _validate_export(request, verification)


def _validate_export(request: CompareRequest, verification: VerifyRequest) -> None:
    """Refuse a file that the moved weights could not go to, before the work is done."""
    if verification.transfer is WeightTransfer.AS_IS:
        raise MbguiError.wrong_use(
            "There are no moved weights to export: each side keeps its own.", "Choose left-to-right or right-to-left."
        )
    path = Path(verification.export)
    receiver = request.right if verification.transfer is WeightTransfer.LEFT_TO_RIGHT else request.left
    framework = receiver.likely_framework
    allowed = tuple(EXPORT_SUFFIXES.values()) if framework is None else (EXPORT_SUFFIXES[framework],)
    if not path.name.lower().endswith(allowed):
        raise MbguiError.wrong_use(
            f"The weights of {receiver.title} cannot be exported to {path.name}.",
            f"Name a file that ends in {' or '.join(allowed)}.",
        )
    if not path.parent.is_dir():
        raise MbguiError.wrong_use(
            f"There is no folder {path.parent} to write {path.name} to.", "Create it first, or name another file."
        )


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


def _at_most(maximum: int, value: int, what: str) -> None:
    if value > maximum:
        raise MbguiError.wrong_use(f"{what} has to be at most {maximum}, not {value}.", "Choose a smaller number.")
