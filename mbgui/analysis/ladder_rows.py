"""The ladder of call paths as rows on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from mbgui.analysis.call_path_wording import is_recommended
from mbgui.domain.performance import CallPathTiming


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRow:
    """One call path of one side; `share` is its median as a part of the axis, 0 where it has none."""

    timing: CallPathTiming
    is_recommended: bool
    share: float


def axis_end_s(timings: Sequence[CallPathTiming]) -> float:
    """Where the common axis ends, in seconds: at the slowest median; it begins at 0."""
    return max((timing.summary.median_s for timing in timings if timing.summary is not None), default=0.0)


def ladder_rows(timings: Sequence[CallPathTiming]) -> tuple[LadderRow, ...]:
    """All call paths in their order."""
    end_s = axis_end_s(timings)
    return tuple(
        LadderRow(
            timing=timing,
            is_recommended=is_recommended(timing.call_path),
            share=timing.summary.median_s / end_s if timing.summary is not None and end_s > 0 else 0.0,
        )
        for timing in timings
    )
