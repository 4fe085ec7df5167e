"""Whether calls became slower or faster in the course of a launch."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import exp, log, sqrt
from statistics import NormalDist, median

from mbgui.domain.latency import LatencyRound, LatencyWarning, WarningKind
from mbgui.domain.request import Side

_SIGNIFICANCE = 0.01
_SMALLEST_CHANGE = 0.03
_FEWEST_ROUNDS = 4


def drift_warning(rounds: Sequence[LatencyRound]) -> LatencyWarning | None:
    """A warning where the rounds of a side have a trend that all its launches show together; `None` where none has."""
    launches = {side: levels_by_launch(rounds, side) for side in Side}
    changes = {side: _change(_long_enough(levels)) for side, levels in launches.items()}
    told = [f"the {side} side's by {abs(change) * 100:.0f} %" for side, change in changes.items() if change]
    if not told:
        return None
    words = {change > 0 for change in changes.values() if change}
    how = "slower" if words == {True} else "faster" if words == {False} else "slower or faster"
    sides = " and ".join(told)
    sentence = f"Calls became {how} in the course of a launch, {sides}; the machine may not have been calm."
    return LatencyWarning(kind=WarningKind.DRIFT, sentence=sentence)


def levels_by_launch(rounds: Iterable[LatencyRound], side: Side) -> list[list[float]]:
    """Ln of the median (seconds) of each timed round of a side, by launch, in the order in which they ran."""
    found: dict[int, list[float]] = {}
    for taken in rounds:
        if taken.side is side and not taken.is_warmup and taken.durations_s:
            found.setdefault(taken.launch, []).append(log(max(median(taken.durations_s), 1e-12)))
    return list(found.values())


def _long_enough(launches: Sequence[list[float]]) -> list[list[float]]:
    return [levels for levels in launches if len(levels) >= _FEWEST_ROUNDS]


def _change(launches: Sequence[Sequence[float]]) -> float:
    """The relative change from the first to the last round of a launch; 0 where it is none to speak of.

    Kendall's S summed over launches with its variance (seasonal Kendall test: Hirsch, Slack and Smith, Water Resources
    Research 18, 1982); the slope is the median of all slopes within launches (Theil and Sen).
    """
    if not launches or _probability(launches) >= _SIGNIFICANCE:
        return 0.0
    slopes = [
        (levels[later] - levels[earlier]) / (later - earlier)
        for levels in launches
        for earlier, later in combinations(range(len(levels)), 2)
    ]
    change = exp(median(slopes) * (median(len(levels) for levels in launches) - 1)) - 1.0
    return change if abs(change) > _SMALLEST_CHANGE else 0.0


def _probability(launches: Sequence[Sequence[float]]) -> float:
    """How probable so strong a trend is where there is none, by the normal approximation with continuity correction."""
    score = sum(
        (later > earlier) - (later < earlier) for levels in launches for earlier, later in combinations(levels, 2)
    )
    variance = sum(count * (count - 1) * (2 * count + 5) / 18.0 for count in map(len, launches))
    distance = max(abs(score) - 1, 0) / sqrt(variance)
    return 2.0 * (1.0 - NormalDist().cdf(distance))
