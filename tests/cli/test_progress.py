"""How a run goes, on standard error: plain lines where nothing moves, one line in a terminal."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from mbgui.cli.progress import STAGE_TEXTS, ProgressDisplay, estimate_text
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
)
from mbgui.domain.latency import LatencyEstimate
from mbgui.domain.request import SweepAxis, SweepRequest
from tests.support.records import tiny_calibration, tiny_ladder, tiny_sweep


def estimate(launches: int, ratio: float, rounds: int | None = None) -> LatencyEstimate:
    return LatencyEstimate(
        elapsed_s=1.0, launches=launches, ratio=ratio, ci_low=0.97, ci_high=1.09, rounds_to_decide=rounds
    )


def shown(*events: Event, is_terminal: bool = False) -> str:
    """What is written of these events."""
    text = StringIO()
    console = Console(file=text, force_terminal=is_terminal, width=200, highlight=False, color_system=None)
    with ProgressDisplay(console) as display:
        for event in events:
            display.show(event)
    return text.getvalue()


def test_every_stage_has_its_words() -> None:
    assert set(STAGE_TEXTS) == set(Stage)


def test_an_estimate_says_the_ratio_its_interval_and_what_is_still_to_be_done() -> None:
    assert estimate_text(estimate(1, 1.03, 40)) == "ratio 1.03 (0.97–1.09), about 40 more rounds"
    assert estimate_text(estimate(1, 1.03)) == "ratio 1.03 (0.97–1.09)"


def test_plain_lines_tell_each_launch_once_and_the_last_estimate() -> None:
    lines = shown(
        StageStarted(stage=Stage.MEASURE),
        LatencyEstimated(estimate=estimate(1, 1.01)),
        LatencyEstimated(estimate=estimate(1, 1.02)),
        LatencyEstimated(estimate=estimate(2, 1.03, 40)),
        LatencyEstimated(estimate=estimate(2, 1.04, 0)),
        StageFinished(stage=Stage.MEASURE, duration_s=1.0),
    ).splitlines()
    assert lines == [
        "Measuring latency …",
        "  launch 1: ratio 1.01 (0.97–1.09)",
        "  launch 2: ratio 1.03 (0.97–1.09), about 40 more rounds",
        "  launch 2: ratio 1.04 (0.97–1.09), decided",
    ]


def test_the_last_estimate_is_not_told_twice() -> None:
    finished = StageFinished(stage=Stage.MEASURE, duration_s=1.0)
    assert shown(LatencyEstimated(estimate=estimate(1, 1.01)), finished).count("launch 1") == 1


def test_call_paths_points_and_calibrations_are_told_as_they_come() -> None:
    eager, skipped, _ = tiny_ladder().timings
    sweep = SweepRequest(axis=SweepAxis.BATCH, values=(1, 2, 4))
    lines = shown(
        CallPathTimed(timing=eager),
        CallPathTimed(timing=skipped),
        SweepPointTimed(sweep=sweep, point=tiny_sweep().points[2]),
        Calibrated(calibration=replace(tiny_calibration(), quick=0.09, rigorous=0.041)),
    ).splitlines()
    assert lines == [
        "  left eager: 10.10 ms",
        "  left torch.compile: not run: torch.compile needs a C++ compiler; none was found.",
        "  batch 2, left: 16.16 ms",
        "  torchvision:tiny_net by eager: quick can tell 9.0 %, rigorous 4.1 %",
    ]


def test_a_terminal_shows_the_launch_and_the_ratio_in_its_moving_line() -> None:
    text = shown(
        StageStarted(stage=Stage.MEASURE),
        LatencyEstimated(estimate=estimate(2, 1.03, 40)),
        Progressed(stage=Stage.MEASURE, fraction=0.5, text="Launch 3 (5 or more): round [1] of 12"),
        is_terminal=True,
    )
    assert (
        "Measuring latency: Launch 3 (5 or more): round [1] of 12 · ratio 1.03 (0.97–1.09), about 40 more rounds"
        in text
    )


def test_the_ratio_of_a_duel_is_not_shown_beside_what_follows_it() -> None:
    text = shown(
        LatencyEstimated(estimate=estimate(2, 1.03)),
        StageFinished(stage=Stage.MEASURE, duration_s=1.0),
        Progressed(stage=Stage.CALL_PATHS, fraction=0.5, text="eager"),
        Progressed(stage=Stage.MEASURE, fraction=0.0, text="starting"),
        is_terminal=True,
    )
    assert "Measuring latency: starting" in text
    assert "ratio" not in text


def test_a_reason_does_not_command_the_terminal() -> None:
    skipped = replace(tiny_ladder().timings[1], reason="\x1b]0;owned\x07")
    assert "\x1b" not in shown(CallPathTimed(timing=skipped))
