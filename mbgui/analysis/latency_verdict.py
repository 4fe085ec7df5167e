"""Which side is faster, and the sentence that says how sure that is."""

from datetime import datetime
from math import log

from mbgui.analysis.latency_bootstrap import LogEstimate
from mbgui.analysis.wording import milliseconds_text
from mbgui.domain.latency import LatencyComparison, LatencyVerdict, NoiseFloor
from mbgui.domain.request import Side

_OPENINGS = {
    LatencyVerdict.LEFT_FASTER: "The left side is faster",
    LatencyVerdict.RIGHT_FASTER: "The right side is faster",
    LatencyVerdict.NO_MEASURABLE_DIFFERENCE: "No measurable difference",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def verdict_of(estimate: LogEstimate, floor: NoiseFloor) -> LatencyVerdict:
    """Faster is the side that the 95 % interval names, where the difference is one that this machine can tell."""
    is_apart = estimate.low > 0.0 or estimate.high < 0.0
    if not is_apart or (floor.calibrated_at and is_below(estimate.value, floor)):
        return LatencyVerdict.NO_MEASURABLE_DIFFERENCE
    return LatencyVerdict.LEFT_FASTER if estimate.value > 0.0 else LatencyVerdict.RIGHT_FASTER


def is_below(log_ratio: float, floor: NoiseFloor) -> bool:
    """Whether a difference is one that equal sides show as well."""
    return abs(log_ratio) <= log(1.0 + floor.smallest_difference)


def verdict_sentence(comparison: LatencyComparison, launches: int) -> str:
    """The verdict in two or three plain sentences: call paths, medians, interval, launches, and the noise floor."""
    left, right = (
        f"{comparison.run(side).call_path} {milliseconds_text(comparison.summary(side).median_s)} ms" for side in Side
    )
    counted = f"{launches} launch{'' if launches == 1 else 'es'} a side"
    interval = f"95 % interval {comparison.ci_low:.2f}–{comparison.ci_high:.2f}, {counted}"
    return (
        f"{_OPENINGS[comparison.verdict]}: {left} against {right}; "
        f"the ratio of medians is {comparison.ratio:.2f} ({interval}). {_floor_text(comparison)}"
    )


def _floor_text(comparison: LatencyComparison) -> str:
    """What this machine can tell, and whether that is why nothing is claimed."""
    floor = comparison.noise_floor
    if floor is None or not floor.calibrated_at:
        return "This machine was not calibrated."
    when = datetime.fromisoformat(floor.calibrated_at)
    known = f"{floor.smallest_difference * 100:.1f} % (calibrated on {when.day} {_MONTHS[when.month - 1]} {when.year})"
    leaves_out_one = comparison.ci_low > 1.0 or comparison.ci_high < 1.0
    if leaves_out_one and comparison.verdict is LatencyVerdict.NO_MEASURABLE_DIFFERENCE:
        return f"The interval leaves out 1, but the difference is below what this machine can tell, {known}."
    if comparison.verdict is LatencyVerdict.NO_MEASURABLE_DIFFERENCE:
        return f"This machine can tell {known}."
    difference = max(comparison.ratio, 1.0 / comparison.ratio) - 1.0
    return f"The difference is {difference * 100:.1f} %; this machine can tell {known}."
