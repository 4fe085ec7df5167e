"""What is said of ladders, sweeps and times by layer."""

from typing import Literal

from mbgui.analysis.call_path_wording import call_path_title, framework_of_path
from mbgui.analysis.wording import MISSING, milliseconds_text
from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencySummary
from mbgui.domain.performance import Ladder, LayerTiming, Sweep
from mbgui.domain.request import Side, SweepAxis

_HEAVY_OVERHEAD = 0.2  # of a pass: beyond it shares say more than milliseconds
_SMALLEST_SHOWN_S = 0.005

AXIS_TITLES: dict[SweepAxis, str] = {
    SweepAxis.BATCH: "Batch size",
    SweepAxis.THREADS: "Threads",
    SweepAxis.INPUT: "Input size",
}
AXIS_UNITS: dict[SweepAxis, str] = {
    SweepAxis.BATCH: "batch size",
    SweepAxis.THREADS: "threads of each side",
    SweepAxis.INPUT: "height and width, pixels",
}


def seconds_text(duration_s: float | None) -> str:
    """`3.70`, the seconds without the unit; `<0.01` for less than can be written so, a dash for nothing."""
    if duration_s is None:
        return MISSING
    return "<0.01" if 0 < duration_s < _SMALLEST_SHOWN_S else f"{duration_s:,.2f}"


def layer_milliseconds_text(duration_s: float, *, sign: Literal["-", "+"] = "-") -> str:
    """`0.412`, milliseconds to the microsecond, since layers take little; with `sign` "+" also what is above 0."""
    return f"{duration_s * 1e3:{sign},.3f}"


def interval_text(summary: LatencySummary) -> str:
    """`20.95–21.30`, the 95 % interval of the median in milliseconds, or a dash where it is not known."""
    if summary.median_high_s <= 0:
        return MISSING
    return f"{milliseconds_text(summary.median_low_s)}–{milliseconds_text(summary.median_high_s)}"


def path_name(path: CallPath) -> str:
    """`PyTorch · eager`."""
    return f"{framework_of_path(path).display_name} · {call_path_title(path)}"


def threads_text(threads: int) -> str:
    """`1 thread` or `2 threads`."""
    return f"{threads} thread{'' if threads == 1 else 's'}"


def ladder_sentence(ladder: Ladder) -> str:
    """How the call paths were timed."""
    how = f"Each in a process of its own · batch {ladder.batch_size} · {threads_text(ladder.threads)}"
    return how if ladder.is_complete else f"{how} · ended early, what was timed is shown"


def sweep_sentence(sweep: Sweep) -> str:
    """What was timed over the axis, what was kept, and whether it is all that was asked for."""
    return f"{path_name(sweep.left_path)} against {path_name(sweep.right_path)} · {sweep_conditions(sweep)}"


def sweep_conditions(sweep: Sweep) -> str:
    """What was kept over a sweep, and whether it is all that was asked for."""
    kept = {
        SweepAxis.BATCH: threads_text(sweep.threads),
        SweepAxis.THREADS: f"batch {sweep.batch_size}",
        SweepAxis.INPUT: f"batch {sweep.batch_size} · {threads_text(sweep.threads)}",
    }[sweep.axis]
    partial = "" if sweep.is_complete else " · ended early, what was timed is shown"
    return f"{kept}{partial}"


def overhead(timing: LayerTiming) -> float | None:
    """What timing the layers added to a pass, as a fraction; `None` where a pass without took no time."""
    return timing.total_s / timing.plain_s - 1 if timing.plain_s > 0 else None


def timing_sentence(timing: LayerTiming | None, reason: str) -> str:
    """How the layers of one side were timed and what that cost, or why they were not."""
    if timing is None:
        return f"not timed by layer: {reason}" if reason else "not timed by layer"
    passes = f"{timing.passes:,} pass{'' if timing.passes == 1 else 'es'}"
    added = overhead(timing)
    cost = "" if added is None else f" ({added * 100:+.1f} %)"
    slow = "; read the shares rather than the milliseconds" if added is not None and added > _HEAVY_OVERHEAD else ""
    return (
        f"{timing.method} · median of {passes} · a pass took {milliseconds_text(timing.total_s)} ms with its layers "
        f"timed, {milliseconds_text(timing.plain_s)} ms without{cost}{slow}"
    )


def missing_text(side: Side, reason: str) -> str:
    """Why a side has no figure at a point of a sweep."""
    return f"{side.value}: {reason or 'not measured'}"
