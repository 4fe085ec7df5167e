"""Duels and calibrations of real models without reading their layers, for benchmarks."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from mbgui.analysis.launch_spread import known_spread
from mbgui.domain.calibration import Calibration
from mbgui.domain.events import CalibrationCompleted, Event
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.request import BenchMode, CompareRequest, LatencyRequest, Side
from mbgui.pipeline.calibrating import calibrate
from mbgui.pipeline.called import called_side
from mbgui.pipeline.cancel import CancelToken
from mbgui.pipeline.duel import Duel
from mbgui.pipeline.launcher import Launcher
from mbgui.pipeline.machine import default_threads
from mbgui.pipeline.references import parse_source
from mbgui.pipeline.stages import StageClock
from mbgui.pipeline.subject import subject_of
from mbgui.processes.pool import WarmChildren
from mbgui.snapshots.calibrations import CalibrationStore

TIMED_MODELS = str(Path(__file__).parent / "timed_models")
CHAIN = "chain:build"
CHAIN_INPUT = InputShape(sizes=(32, 64, 64))
"""Channels, height, width of what the chain takes."""


def duel_request(left: str, right: str, mode: BenchMode = BenchMode.QUICK, *, budget_s: float = 0.0) -> CompareRequest:
    """A request for a duel of two references; the chain gets its own input."""
    is_chain = left.startswith(CHAIN)
    return CompareRequest(
        left=parse_source(left),
        right=parse_source(right),
        inputs=(CHAIN_INPUT,) if is_chain else (),
        threads=default_threads(),
        latency=LatencyRequest(mode=mode, budget_s=budget_s),
        code_folders=(TIMED_MODELS,),
    )


def fight(
    request: CompareRequest,
    calibrations: Sequence[Calibration] = (),
    on_event: Callable[[Event], None] | None = None,
) -> LatencyComparison:
    """The duel that a request asks for, in processes of its own. Raises `MbguiError`."""
    latency = request.latency or LatencyRequest()
    subjects = {
        side: subject_of(request, side, source.likely_framework or Framework.PYTORCH, request.inputs)
        for side, source in ((Side.LEFT, request.left), (Side.RIGHT, request.right))
    }
    left, right = (called_side(subject) for subject in subjects.values())
    with closing(WarmChildren()) as children:
        duel = Duel(subjects, latency, Launcher(children, CancelToken()), known_spread(calibrations, left, right))
        for event in duel.events(StageClock()):
            if on_event is not None:
                on_event(event)
    result = duel.result()
    if result is None:
        raise RuntimeError("the duel ended without a result")
    return result


def calibrate_here(reference: str, folder: Path, launches: int = 10) -> Calibration:
    """A model timed against itself on this machine, kept in a file of this folder."""
    store = CalibrationStore(folder / "calibrations.json")
    last: Event | None = None
    with closing(WarmChildren()) as children:
        for event in calibrate(
            duel_request(reference, reference),
            cancel=CancelToken(),
            children=children,
            calibrations=store,
            launches=launches,
        ):
            last = event
    if not isinstance(last, CalibrationCompleted):
        raise TypeError(f"the calibration ended in {last}")
    return last.calibrations[0]
