"""How far a comparison is, and how long each stage took."""

import time

from mbgui.domain.comparison import StageDuration
from mbgui.domain.events import Progressed, Stage, StageFinished, StageStarted


class StageClock:
    """Times one stage after the other and makes their events."""

    def __init__(self) -> None:
        self._started_s = 0.0
        self._stage: Stage | None = None
        self._durations: list[StageDuration] = []

    @property
    def durations(self) -> tuple[StageDuration, ...]:
        """The stages finished so far."""
        return tuple(self._durations)

    def start(self, stage: Stage) -> StageStarted:
        """Begin a stage."""
        self._stage = stage
        self._started_s = time.monotonic()
        return StageStarted(stage=stage)

    def finish(self) -> StageFinished:
        """End the stage that was begun last. Raises `ValueError` where none was."""
        if self._stage is None:
            raise ValueError("no stage was started")
        duration_s = time.monotonic() - self._started_s
        self._durations.append(StageDuration(stage=self._stage.value, duration_s=duration_s))
        finished, self._stage = self._stage, None
        return StageFinished(stage=finished, duration_s=duration_s)

    def progress(self, fraction: float, text: str) -> Progressed:
        """How far the present stage is. Raises `ValueError` where there is none."""
        if self._stage is None:
            raise ValueError("no stage was started")
        return Progressed(stage=self._stage, fraction=fraction, text=text)
