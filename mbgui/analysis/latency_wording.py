"""How a latency, its certainty and what a machine can tell are said, in the window, the terminal and reports alike."""

from mbgui.domain.latency import LatencyComparison, LatencyEstimate, LatencyVerdict, NoiseFloor, StopReason

VERDICT_WORDS: dict[LatencyVerdict, str] = {
    LatencyVerdict.LEFT_FASTER: "left faster",
    LatencyVerdict.RIGHT_FASTER: "right faster",
    LatencyVerdict.NO_MEASURABLE_DIFFERENCE: "no measurable difference",
}

STOP_SENTENCES: dict[StopReason, str] = {
    StopReason.DECIDED: "Measuring ended because the difference was certain.",
    StopReason.PRECISE: "Measuring ended because the interval was as narrow as anybody asks for.",
    StopReason.DONE: "Everything that was planned was measured.",
    StopReason.BUDGET: "Measuring ended with its time.",
    StopReason.FAILED: "Measuring was cut short because a side failed.",
    StopReason.STOPPED: "Measuring was stopped before all runs were done.",
}


def ratio_text(found: LatencyComparison | LatencyEstimate) -> str:
    """`1.03 (0.97–1.09)`: the ratio of medians, right over left, with its 95 % interval."""
    return f"{found.ratio:.2f} ({found.ci_low:.2f}–{found.ci_high:.2f})"


def rounds_text(rounds_to_decide: int | None) -> str:
    """`about 40 more rounds`, `decided`, or "" where it cannot be told."""
    if rounds_to_decide is None:
        return ""
    if rounds_to_decide == 0:
        return "decided"
    return f"about {rounds_to_decide:,} more round{'' if rounds_to_decide == 1 else 's'}"


def difference_percent_text(difference: float) -> str:
    """`3.1 %` for the fraction 0.031, to as many digits as matter."""
    percent = difference * 100
    return f"{percent:.1f} %" if percent < 10 else f"{percent:,.0f} %"


def noise_floor_text(floor: NoiseFloor) -> str:
    """What this machine can tell, and since when that is known, as a sentence."""
    if not floor.calibrated_at:
        return "This machine was not calibrated: the smallest difference that it can tell is not known."
    told = difference_percent_text(floor.smallest_difference)
    when = floor.calibrated_at.partition("T")[0]
    return f"The smallest difference that this machine can tell is {told}, calibrated {when} ({floor.basis})."
