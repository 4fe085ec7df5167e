"""Whether what was to be measured was."""

from mbgui.domain.comparison import Comparison
from mbgui.domain.errors import MbguiError, Problem
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.performance import CallPathTiming, SweepPoint


def has_measured(comparison: Comparison) -> bool:
    """Whether any call was timed, be it in a duel or beside it."""
    times = comparison.layer_times
    has_layers = times is not None and (times.left is not None or times.right is not None)
    return comparison.latency is not None or has_layers or any(found.summary for found in _timed(comparison))


def require_measured(comparison: Comparison) -> None:
    """Check that the duel has a result, and where none was asked for, that anything has.

    Raises:
        MbguiError: it has none; the advice says why.
    """
    asked = comparison.request.latency
    if asked is not None and asked.is_duel:
        require_latency(comparison)
    elif not has_measured(comparison):
        raise _unmeasured(comparison)


def require_latency(comparison: Comparison) -> LatencyComparison:
    """The result of the duel. Raises `MbguiError` where there is none, though one was asked for."""
    if comparison.latency is None:
        raise _unmeasured(comparison)
    return comparison.latency


def _timed(comparison: Comparison) -> tuple[CallPathTiming | SweepPoint, ...]:
    timings = () if comparison.ladder is None else comparison.ladder.timings
    return (*timings, *(point for sweep in comparison.sweeps for point in sweep.points))


def _unmeasured(comparison: Comparison) -> MbguiError:
    """Why nothing was measured: what the run warned of, and the reasons that stand with what was left out."""
    reasons = (*comparison.warnings, *(found.reason for found in _timed(comparison)))
    advice = " ".join(dict.fromkeys(filter(None, reasons)))
    return MbguiError(Problem(sentence="Latency could not be measured.", advice=advice))
