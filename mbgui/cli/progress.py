"""How a comparison goes, on standard error: a moving line in a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mbgui.analysis.latency_wording import difference_percent_text, ratio_text, rounds_text
from mbgui.analysis.wording import milliseconds_text
from mbgui.cli.output import printable, tell_problem
from mbgui.domain.calibration import Calibration
from mbgui.domain.events import (
    Calibrated,
    CallPathTimed,
    Event,
    LatencyEstimated,
    Progressed,
    Stage,
    StageFinished,
    StageStarted,
    SweepPointTimed,
    Warned,
)
from mbgui.domain.latency import LatencyEstimate, LatencySummary

STAGE_TEXTS = {
    Stage.START: "Starting the frameworks",
    Stage.READ: "Reading the models",
    Stage.COMPARE: "Comparing the structure",
    Stage.VERIFY: "Verifying the numbers",
    Stage.MEASURE: "Measuring latency",
    Stage.CALL_PATHS: "Timing every call path",
    Stage.SWEEP: "Sweeping",
    Stage.LAYER_TIMES: "Timing the layers",
    Stage.CALIBRATE: "Calibrating",
    Stage.SAVE: "Saving",
}
_REFRESHES_PER_S = 2
"""Seldom, so that drawing does not disturb what is being measured."""


class ProgressDisplay:
    """Shows events; use as a context manager so that the terminal is left clean."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._progress = Progress(
            SpinnerColumn(),
            TimeElapsedColumn(),
            BarColumn(bar_width=16),
            TextColumn("{task.description}", markup=False),
            console=self._console,
            transient=True,
            refresh_per_second=_REFRESHES_PER_S,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("Starting", total=1.0)
        self._estimate: LatencyEstimate | None = None
        self._told: LatencyEstimate | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case StageStarted(stage=stage):
                self._start_stage(STAGE_TEXTS[stage])
            case Progressed(fraction=fraction, text=text, stage=stage):
                self._show_progress(stage, fraction, text)
            case StageFinished(stage=Stage.MEASURE):
                self._tell_estimate()
                self._estimate = self._told = None
            case Warned(problem=problem):
                self._progress.stop()
                tell_problem(problem, "Warning")
                self._progress.start()
            case _:
                self._show_figure(event)

    def _show_figure(self, event: Event) -> None:
        """Show what was measured."""
        match event:
            case LatencyEstimated(estimate=estimate):
                self._take_estimate(estimate)
            case CallPathTimed(timing=timing):
                self._tell(f"{timing.side} {timing.call_path}: {_figure(timing.summary, timing.reason)}")
            case SweepPointTimed(sweep=sweep, point=point):
                self._tell(f"{sweep.axis} {point.value}, {point.side}: {_figure(point.summary, point.reason)}")
            case Calibrated(calibration=calibration):
                self._tell(_calibration_text(calibration))
            case _:
                pass

    def _start_stage(self, text: str) -> None:
        if not self._console.is_terminal:
            self._console.print(f"{text} …", markup=False)
        self._progress.update(self._task, completed=0.0, description=text, refresh=True)

    def _show_progress(self, stage: Stage, fraction: float, text: str) -> None:
        words = [f"{STAGE_TEXTS[stage]}: {text}"]
        if self._estimate is not None and stage is Stage.MEASURE:
            words.append(estimate_text(self._estimate))
        self._progress.update(self._task, completed=fraction, description=printable(" · ".join(words)), refresh=False)

    def _take_estimate(self, estimate: LatencyEstimate) -> None:
        """A moving line shows every estimate; plain lines one for each launch, and the last."""
        self._estimate = estimate
        if self._told is None or estimate.launches > self._told.launches:
            self._tell_estimate()

    def _tell_estimate(self) -> None:
        if self._estimate is not None and self._estimate is not self._told:
            self._told = self._estimate
            self._tell(f"launch {self._estimate.launches}: {estimate_text(self._estimate)}")

    def _tell(self, text: str) -> None:
        """A line of its own where nothing moves; what matters of it stands in the report."""
        if not self._console.is_terminal:
            self._console.print(f"  {printable(text)}", markup=False, soft_wrap=True)


def estimate_text(estimate: LatencyEstimate) -> str:
    """`ratio 1.03 (0.97–1.09), about 40 more rounds`."""
    return ", ".join(filter(None, (f"ratio {ratio_text(estimate)}", rounds_text(estimate.rounds_to_decide))))


def _figure(summary: LatencySummary | None, reason: str) -> str:
    return f"not run: {reason}" if summary is None else f"{milliseconds_text(summary.median_s)} ms"


def _calibration_text(calibration: Calibration) -> str:
    quick, rigorous = (difference_percent_text(found) for found in (calibration.quick, calibration.rigorous))
    return f"{calibration.model} by {calibration.call_path}: quick can tell {quick}, rigorous {rigorous}"
