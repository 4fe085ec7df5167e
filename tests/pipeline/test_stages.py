"""Stages and their times."""

import pytest

from mbgui.domain.events import Progressed, Stage, StageStarted
from mbgui.pipeline.stages import StageClock


def test_a_stage_is_started_progresses_and_ends_with_its_duration() -> None:
    clock = StageClock()
    assert clock.start(Stage.READ) == StageStarted(stage=Stage.READ)
    assert clock.progress(0.5, "half") == Progressed(stage=Stage.READ, fraction=0.5, text="half")
    finished = clock.finish()
    assert finished.stage is Stage.READ
    assert finished.duration_s >= 0
    assert [(stage.stage, stage.duration_s) for stage in clock.durations] == [("read", finished.duration_s)]


def test_nothing_ends_that_was_not_started() -> None:
    clock = StageClock()
    with pytest.raises(ValueError, match="no stage"):
        clock.finish()
    clock.start(Stage.START)
    clock.finish()
    with pytest.raises(ValueError, match="no stage"):
        clock.finish()
    with pytest.raises(ValueError, match="no stage"):
        clock.progress(1.0, "too late")
