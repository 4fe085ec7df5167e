"""The Python face: `mbgui.api.compare("torchvision:resnet50", "keras:ResNet50")`."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Unpack

from mbgui.domain.calibration import Calibration
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.events import CalibrationCompleted, Cancelled, Completed, Event, Failed
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.model_file import ModelFile
from mbgui.domain.request import DEFAULT_LEFT, DEFAULT_RIGHT, CompareRequest
from mbgui.pipeline.calibrating import CALIBRATION_LAUNCHES
from mbgui.pipeline.calibrating import calibrate as calibrate_events
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.compare import compare as compare_events
from mbgui.pipeline.files import inspect_model_file
from mbgui.pipeline.measured import require_latency
from mbgui.pipeline.requests import CompareOptions, build_request
from mbgui.processes.pool import WarmChildren
from mbgui.reports.proof_message import disagreement
from mbgui.snapshots.calibrations import CalibrationStore, default_calibrations_path
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


def verify(left: str, right: str, **options: Unpack[CompareOptions]) -> Comparison:
    """Run two models on the same probes and prove whether they compute the same; `equivalence` holds the proof.

    Latency is measured only with `latency=True`, and nothing is kept on disk.

    Args:
        left: a reference, as for `compare`.
        right: the same for the right side.
        **options: see `mbgui.pipeline.requests.CompareOptions`; `transfer`, `dtype`, `further_inputs` and `export` are
            those of a proof.

    Raises:
        MbguiError: wrong use, or the proof failed; `problem` says what and what to do.
    """
    wanted: CompareOptions = {"latency": False, **options, "verification": True}
    comparison = compare(left, right, **wanted)
    proof_of(comparison)
    return comparison


def assert_equivalent(
    left: str, right: str, *, allow: Collection[str | Cause] = (), **options: Unpack[CompareOptions]
) -> Equivalence:
    """Assert in a test that two models compute the same but for rounding, or but for causes that are `allow`ed.

    Neither framework is imported into the process that asks.

    Args:
        left: a reference, as for `compare`.
        right: the same for the right side.
        allow: causes that may differ as long as they explain everything, such as `"batchnorm_epsilon"`.
        **options: see `mbgui.pipeline.requests.CompareOptions`: `transfer` says whose weights both sides run with
            (`as-is`, `left-to-right`, `right-to-left`).

    Returns:
        The proof.

    Raises:
        AssertionError: they do not; the message names the verdict, the first divergence, the causes and the residual.
        MbguiError: wrong use, or the proof failed.
    """
    __tracebackhide__ = True  # pytest then shows the test's own line
    allowed = _causes(allow)
    comparison = verify(left, right, **options)
    proof = proof_of(comparison)
    if not _is_accepted(proof, allowed):
        raise AssertionError(disagreement(comparison, proof, allowed))
    return proof


def bench(
    left: str = DEFAULT_LEFT.reference, right: str = DEFAULT_RIGHT.reference, **options: Unpack[CompareOptions]
) -> LatencyComparison:
    """Measure which of two models is faster here: the verdict, the ratio with its interval, and every sample.

    Verdicts refer to what `calibrate` found on this machine. Nothing is kept on disk. For call paths, sweeps and times
    of layers ask `compare` with `ladder`, `sweeps` and `by_layer`; its `ladder`, `sweeps` and `layer_times` hold them.

    Args:
        left: a reference, as for `compare`.
        right: the same for the right side.
        **options: see `mbgui.pipeline.requests.CompareOptions`: `mode="rigorous"` makes five processes a side and more,
            `budget_s` bounds the time, `left_path` and `right_path` say how the models are called.

    Raises:
        MbguiError: wrong use, or latency could not be measured; `problem` says why.
    """
    wanted: CompareOptions = {**options, "latency": True, "duel": True}
    return require_latency(compare(left, right, **wanted))


def calibrate(
    left: str = DEFAULT_LEFT.reference,
    right: str = DEFAULT_RIGHT.reference,
    *,
    launches: int = CALIBRATION_LAUNCHES,
    **options: Unpack[CompareOptions],
) -> tuple[Calibration, ...]:
    """Time each model against itself and keep on disk the smallest difference that this machine can tell.

    Args:
        left: a reference, as for `compare`.
        right: the same for the right side; a model that is named twice is timed once.
        launches: pairs of processes of each model, at least 3.
        **options: see `mbgui.pipeline.requests.CompareOptions`.

    Raises:
        MbguiError: wrong use, or it failed; what was calibrated before a failure is kept.
    """
    return run_calibration(build_request(left, right, options), launches=launches)


def proof_of(comparison: Comparison) -> Equivalence:
    """The proof in a comparison. Raises `MbguiError` where there is none, though one was asked for."""
    if comparison.equivalence is None:
        reasons = " ".join(comparison.warnings)
        raise MbguiError(Problem(sentence="What the models compute could not be verified.", advice=reasons))
    return comparison.equivalence


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

    Verdicts on latency refer to the calibrations of this machine.

    Raises:
        MbguiError: the comparison failed, or `cancel` was used (of kind `CANCELLED`) before anything was measured.
    """
    cancel = cancel or CancelToken()
    known = CalibrationStore(default_calibrations_path())
    with closing(WarmChildren()) as children:
        last = _last(
            compare_events(request, cancel=cancel, children=children, store=store, calibrations=known), on_event
        )
    if isinstance(last, Completed):
        return last
    raise _failure(last)


def run_calibration(
    request: CompareRequest,
    *,
    launches: int = CALIBRATION_LAUNCHES,
    cancel: CancelToken | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> tuple[Calibration, ...]:
    """Calibrate with the models of a request, keep what is found, and tell `on_event` what happens on the way.

    Raises:
        MbguiError: wrong use, it failed, or `cancel` was used (of kind `CANCELLED`).
    """
    cancel = cancel or CancelToken()
    known = CalibrationStore(default_calibrations_path())
    with closing(WarmChildren()) as children:
        events = calibrate_events(request, cancel=cancel, children=children, calibrations=known, launches=launches)
        last = _last(events, on_event)
    if isinstance(last, CalibrationCompleted):
        return last.calibrations
    raise _failure(last)


def _last(events: Iterator[Event], on_event: Callable[[Event], None] | None) -> Event | None:
    """The last of these events; all are told."""
    last: Event | None = None
    for event in events:
        if on_event is not None:
            on_event(event)
        last = event
    return last


def _causes(names: Collection[str | Cause]) -> frozenset[Cause]:
    """The causes of these names. Raises `MbguiError` for a name that is none (wrong use)."""
    listed = (names,) if isinstance(names, str) else names  # a single name is meant as one, not as its letters
    unknown = [name for name in listed if name not in tuple(Cause)]
    if unknown:
        raise MbguiError.wrong_use(f"“{unknown[0]}” is no cause.", f"Causes are: {', '.join(Cause)}.")
    return frozenset(Cause(name) for name in listed)


def _is_accepted(proof: Equivalence, allowed: frozenset[Cause]) -> bool:
    if proof.verdict is EquivalenceVerdict.EQUIVALENT_AFTER:
        return allowed.issuperset(proof.causes)
    return proof.verdict in (EquivalenceVerdict.IDENTICAL, EquivalenceVerdict.EQUIVALENT)


def _failure(last: Event | None) -> MbguiError:
    """What a run that was not completed raises."""
    match last:
        case Failed(problem=problem):
            return MbguiError(problem)
        case Cancelled():
            return MbguiError.cancelled()
    return MbguiError(Problem(sentence="The run ended without a result."))
