"""Whether a side ran at two speeds within a launch."""

from collections.abc import Sequence
from math import ceil, exp, log
from statistics import median

from mbgui.analysis.drift import levels_by_launch
from mbgui.domain.latency import LatencyRound, LatencyWarning, WarningKind
from mbgui.domain.request import Side

_FEWEST_ROUNDS = 10
"""With fewer, what is one level with much noise is taken for two in several of a hundred launches."""
_FEWEST_OF_A_LEVEL = 3
_SMALLEST_SHARE = 0.2
_SMALLEST_GAP = log(1.25)


def levels_warning(rounds: Sequence[LatencyRound]) -> LatencyWarning | None:
    """A warning where the rounds of a launch lie on two levels, well apart; `None` where none does."""
    told = [words for side in Side if (words := _words(side, levels_by_launch(rounds, side)))]
    if not told:
        return None
    sentence = (
        f"{' and '.join(told)}; the verdict depends on how often each speed came. Measure again, or in rigorous mode."
    )
    return LatencyWarning(kind=WarningKind.TWO_SPEEDS, sentence=sentence[0].upper() + sentence[1:])


def _words(side: Side, launches: Sequence[Sequence[float]]) -> str:
    ratios = [ratio for levels in launches if (ratio := _ratio_of_levels(levels))]
    if not ratios:
        return ""
    where = f" in {len(ratios)} of {len(launches)} launches" if len(launches) > 1 else ""
    return f"the {side} side ran at two speeds{where}, {median(ratios):.1f} times apart"


def _ratio_of_levels(levels: Sequence[float]) -> float:
    """How many times the slower level is the faster one; 0 where there is one level only.

    `levels` are ln of the medians of rounds. Two levels are told where the widest gap between two neighbours in size
    is no smaller than what either group spans, and 25 % at least, with a fifth of the rounds on either side of it.
    """
    if len(levels) < _FEWEST_ROUNDS:
        return 0.0
    ordered = sorted(levels)
    least = max(_FEWEST_OF_A_LEVEL, ceil(len(ordered) * _SMALLEST_SHARE))
    cut = max(range(least, len(ordered) - least + 1), key=lambda place: ordered[place] - ordered[place - 1])
    fast, slow = ordered[:cut], ordered[cut:]
    span = max(fast[-1] - fast[0], slow[-1] - slow[0], _SMALLEST_GAP)
    return exp(median(slow) - median(fast)) if slow[0] - fast[-1] >= span else 0.0
