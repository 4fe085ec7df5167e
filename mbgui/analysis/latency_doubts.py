"""What the launches and calls of a duel themselves cast doubt on."""

from collections.abc import Sequence

from mbgui.analysis.drift import drift_warning
from mbgui.analysis.speed_levels import levels_warning
from mbgui.domain.latency import LatencyRound, LatencyRun, LatencyWarning, WarningKind


def latency_warnings(left: LatencyRun, right: LatencyRun, rounds: Sequence[LatencyRound]) -> tuple[LatencyWarning, ...]:
    """Drift, two speeds, warm-ups that reached their bound, and functions traced again, each as a sentence."""
    over_time = (drift_warning(rounds), levels_warning(rounds))
    sides = (("left", left), ("right", right))
    doubts = [warning for name, run in sides for warning in (_unsteady(name, run), _retraced(name, run))]
    return tuple(warning for warning in (*over_time, *doubts) if warning is not None)


def _unsteady(name: str, run: LatencyRun) -> LatencyWarning | None:
    count = sum(not launch.is_steady for launch in run.launches)
    if not count:
        return None
    sentence = (
        f"The {name} side was still changing its speed when warming up ended, in {count} of {len(run.launches)} "
        f"{_launches_word(len(run.launches))}; its first timed calls may be slower than its later ones."
    )
    return LatencyWarning(kind=WarningKind.UNSTEADY, sentence=sentence)


def _retraced(name: str, run: LatencyRun) -> LatencyWarning | None:
    most = max((launch.traces or 0 for launch in run.launches), default=0)
    if most <= 1:
        return None
    sentence = f"The function of the {name} side was traced {most} times in place of once, which costs time in between."
    return LatencyWarning(kind=WarningKind.RETRACED, sentence=sentence)


def _launches_word(count: int) -> str:
    return "launch" if count == 1 else "launches"
