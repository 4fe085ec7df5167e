"""Time by layer beside the pairs: what both partners take, and where the sides differ most."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from mbgui.domain.alignment import Alignment
from mbgui.domain.network import call_name
from mbgui.domain.performance import LayerTime, LayerTiming, LayerTimings

_PAIRS_A_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTimeRow:
    """The time of two partners, or of one layer that has none, in seconds.

    `left` and `right` are titles, "" for a side without a layer; `layers` are the paths behind them. A time is `None`
    where the layer was not timed apart: its time is in that of its container. `difference_s` is right minus left, a
    side without a layer counting 0; `None` where one of two partners has no time, or one side was not timed. `size` is
    its absolute value, or the time of one partner where the difference is not known. Shares are those of each side's
    whole pass.
    """

    left: str
    right: str
    layers: tuple[str, ...]
    left_s: float | None
    right_s: float | None
    difference_s: float | None
    left_share: float | None
    right_share: float | None
    size: float


def layer_time_rows(timings: LayerTimings, alignment: Alignment) -> tuple[LayerTimeRow, ...]:
    """All rows, the largest differences first, then those without one; every time of either side is in exactly one.

    Calls that no pair names, such as what a container does itself, get rows of their own.
    """
    steps = layer_time_row_steps(timings, alignment)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            rows: tuple[LayerTimeRow, ...] = end.value
            return rows


def layer_time_row_steps(
    timings: LayerTimings, alignment: Alignment
) -> Generator[None, None, tuple[LayerTimeRow, ...]]:
    """The same a few pairs at a time: yields between steps and returns the rows."""
    left, right = _Times(timings.left), _Times(timings.right)
    yield from left.fill_steps(timings.left)
    yield from right.fill_steps(timings.right)
    rows = []
    for number, pair in enumerate(alignment.pairs):
        if number % _PAIRS_A_STEP == 0:
            yield
        mine = left.half(pair.left, _names(pair.left, pair.left_call, pair.left_members))
        other = right.half(pair.right, _names(pair.right, pair.right_call, pair.right_members))
        if mine.duration_s is not None or other.duration_s is not None:
            rows.append(_row(mine, other))
    for number, (name, path) in enumerate(left.rest()):
        if number % _PAIRS_A_STEP == 0:
            yield
        rows.append(_row(left.half(path, (name,)), right.half(None, ())))
    for number, (name, path) in enumerate(right.rest()):
        if number % _PAIRS_A_STEP == 0:
            yield
        rows.append(_row(left.half(None, ()), right.half(path, (name,))))
    yield
    by_size = attrgetter("size")
    known = sorted((row for row in rows if row.difference_s is not None), key=by_size, reverse=True)
    yield
    unknown = sorted((row for row in rows if row.difference_s is None), key=by_size, reverse=True)
    return (*known, *unknown)


@dataclass(frozen=True, slots=True)
class _Half:
    """One side of a row."""

    title: str = ""
    path: str | None = None
    duration_s: float | None = None
    share: float | None = None
    is_timed: bool = True  # the side as a whole

    @property
    def is_known(self) -> bool:
        """Whether there is no layer, or one with a time of its own."""
        return self.is_timed and (self.path is None or self.duration_s is not None)


class _Times:
    """The times of one side by call, each to be taken once."""

    def __init__(self, timing: LayerTiming | None) -> None:
        self._is_timed = timing is not None
        self._left: dict[str, LayerTime] = {}
        self._total_s = timing.total_s if timing is not None else 0.0

    def fill_steps(self, timing: LayerTiming | None) -> Iterator[None]:
        """Take all times in, a few at a time; what they add up to is a pass where that claims to have been shorter."""
        sum_s = 0.0
        for number, time in enumerate(timing.layers if timing is not None else ()):
            if number % _PAIRS_A_STEP == 0:
                yield
            self._left[call_name(time.layer, time.call)] = time
            sum_s += time.duration_s
        self._total_s = max(self._total_s, sum_s)

    def half(self, path: str | None, names: Sequence[str]) -> _Half:
        """The side of a row with these calls together; it has no time where none of them was timed apart."""
        found = [self._left.pop(name).duration_s for name in names if name in self._left]
        duration_s = sum(found) if found else None
        share = duration_s / self._total_s if duration_s is not None and self._total_s > 0 else None
        return _Half(" + ".join(names), path, duration_s, share, self._is_timed)

    def rest(self) -> list[tuple[str, str]]:
        """The names and layers of the calls that were not taken."""
        return [(name, time.layer) for name, time in self._left.items()]


def _names(path: str | None, call: int, members: tuple[str, ...]) -> tuple[str, ...]:
    if path is None:
        return ()
    return members or (call_name(path, call),)


def _row(left: _Half, right: _Half) -> LayerTimeRow:
    is_known = left.is_known and right.is_known
    left_s, right_s = left.duration_s or 0.0, right.duration_s or 0.0
    return LayerTimeRow(
        left=left.title,
        right=right.title,
        layers=tuple(path for path in (left.path, right.path) if path is not None),
        left_s=left.duration_s,
        right_s=right.duration_s,
        difference_s=right_s - left_s if is_known else None,
        left_share=left.share,
        right_share=right.share,
        size=abs(right_s - left_s),
    )
