"""Sweeps as rows: both sides at each value; and the points of one side as arrays for a chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mbgui.analysis.performance_wording import missing_text
from mbgui.domain.performance import SweepPoint
from mbgui.domain.request import Side

_SHORTEST_S = 1e-9  # what a coarse clock or a strange file shows less than


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRow:
    """Both sides at one value of the axis; `None` for a side that was not reached yet.

    `ratio` is the right median over the left one, `note` says which side has no figure and why.
    """

    value: int
    left: SweepPoint | None
    right: SweepPoint | None
    ratio: float | None
    note: str

    def point(self, side: Side) -> SweepPoint | None:
        """The point of one side."""
        return self.left if side is Side.LEFT else self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCurve:
    """One quantity of one side over the values it was measured at, with its 95 % interval."""

    values: tuple[int, ...] = ()
    middle: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


def sweep_rows(points: Iterable[SweepPoint]) -> tuple[SweepRow, ...]:
    """One row a value, in ascending order; of two points of one side at one value the later one counts."""
    found = {(point.value, point.side): point for point in points}
    values = sorted({value for value, _ in found})
    return tuple(_row(value, found.get((value, Side.LEFT)), found.get((value, Side.RIGHT))) for value in values)


def latency_curve(rows: Sequence[SweepRow], side: Side) -> SweepCurve:
    """Medians in milliseconds; an interval that is not known is as narrow as the median."""
    timed = [
        (row.value, _interval_s(point)) for row in rows if (point := row.point(side)) is not None and point.summary
    ]
    return _curve([(value, middle * 1e3, low * 1e3, high * 1e3) for value, (middle, low, high) in timed])


def throughput_curve(rows: Sequence[SweepRow], side: Side) -> SweepCurve:
    """Inputs per second; the bounds are those of the median, turned round."""
    timed = [(row.value, point) for row in rows if (point := row.point(side)) is not None and point.summary]
    return _curve([(value, *_throughputs(point)) for value, point in timed])


def _row(value: int, left: SweepPoint | None, right: SweepPoint | None) -> SweepRow:
    missing = [point for point in (left, right) if point is not None and point.summary is None]
    return SweepRow(
        value=value,
        left=left,
        right=right,
        ratio=_ratio(left, right),
        note="; ".join(missing_text(point.side, point.reason) for point in missing),
    )


def _ratio(left: SweepPoint | None, right: SweepPoint | None) -> float | None:
    if left is None or right is None or left.summary is None or right.summary is None:
        return None
    return right.summary.median_s / left.summary.median_s if left.summary.median_s > 0 else None


def _interval_s(point: SweepPoint) -> tuple[float, float, float]:
    summary = point.summary
    if summary is None:
        raise ValueError("a point without a figure has no interval")
    if summary.median_high_s <= 0:
        return summary.median_s, summary.median_s, summary.median_s
    return summary.median_s, summary.median_low_s, summary.median_high_s


def _throughputs(point: SweepPoint) -> tuple[float, float, float]:
    middle_s, low_s, high_s = _interval_s(point)
    inputs = point.throughput_per_s * middle_s
    bounds = (inputs / max(high_s, _SHORTEST_S), inputs / max(low_s, _SHORTEST_S))
    return (point.throughput_per_s, *bounds)


def _curve(points: Sequence[tuple[int, float, float, float]]) -> SweepCurve:
    if not points:
        return SweepCurve()
    values, middle, low, high = zip(*points, strict=True)
    return SweepCurve(values=values, middle=middle, low=low, high=high)
