"""How a comparison goes, on standard error: a moving line in a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mbgui.cli.output import tell_problem
from mbgui.domain.events import Event, Progressed, Stage, StageStarted, Warned

STAGE_TEXTS = {
    Stage.START: "Starting the frameworks",
    Stage.READ: "Reading the models",
    Stage.COMPARE: "Comparing the structure",
    Stage.VERIFY: "Verifying the numbers",
    Stage.WARM_UP: "Warming up",
    Stage.MEASURE: "Measuring latency",
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
            TextColumn("{task.description}"),
            console=self._console,
            transient=True,
            refresh_per_second=_REFRESHES_PER_S,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("Starting", total=1.0)

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
                self._progress.update(
                    self._task, completed=fraction, description=f"{STAGE_TEXTS[stage]}: {text}", refresh=False
                )
            case Warned(problem=problem):
                self._progress.stop()
                tell_problem(problem, "Warning")
                self._progress.start()
            case _:
                pass

    def _start_stage(self, text: str) -> None:
        if not self._console.is_terminal:
            self._console.print(f"{text} …", markup=False)
        self._progress.update(self._task, completed=0.0, description=text, refresh=True)
