"""The drawings of a report as geometry: where bars, dots and ticks go, without any markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10

from mbgui.analysis.latency import bin_counts, common_edges
from mbgui.analysis.outliers import outlier_mask
from mbgui.analysis.wording import milliseconds_text, percent_text
from mbgui.domain.accounting import LayerTypeShare
from mbgui.domain.comparison import Comparison
from mbgui.domain.latency import LatencyComparison, LatencyRound
from mbgui.domain.performance import CallPathTiming, Ladder
from mbgui.domain.request import Side

WIDTH = 900.0
_LABEL_WIDTH = 190.0
_FIGURE_WIDTH = 100.0
_ROW_HEIGHT = 22.0
_BAR_HEIGHT = 12.0
_HISTOGRAM_HEIGHT = 240.0
_STRIP_HEIGHT = 110.0
_AXIS_HEIGHT = 24.0
_TICKS = 6
_BINS = 60
MOST_DOTS = 4000
"""Of a side; a page with more is slow to open, and no eye tells them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A filled rectangle of one side."""

    side: Side
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledBar:
    """A bar with a word before and a figure behind it; texts sit at `text_y`."""

    bar: Bar
    label: str
    figure: str
    text_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One sample of one side; `is_warmup` and `is_outlier` are drawn in another way."""

    side: Side
    x: float
    y: float
    is_warmup: bool = False
    is_outlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line with a word: a tick of an axis, or the median of a side."""

    x: float
    text: str
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """A bar below the other, all from the same start."""

    height: float
    bars: tuple[LabelledBar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyChart:
    """Histograms of both sides on common bins, and below them the calls over the time of the run.

    `step` tells that of the timed calls only every so many-th is drawn; outliers all are.
    """

    height: float
    axis_y: float
    strip_y: float
    bars: tuple[Bar, ...]
    ticks: tuple[Mark, ...]
    medians: tuple[Mark, ...]
    dots: tuple[Dot, ...]
    step: int = 1


def share_chart(comparison: Comparison) -> BarChart:
    """A bar for every layer type that has parameters, the largest share first, both sides together."""
    books = ((Side.LEFT, comparison.accounting.left), (Side.RIGHT, comparison.accounting.right))
    shares = [(side, kind) for side, side_books in books for kind in side_books.layer_types if kind.parameter_count]
    shares.sort(key=_by_share)
    bars = tuple(_share_bar(side, kind, row) for row, (side, kind) in enumerate(shares))
    return BarChart(height=len(bars) * _ROW_HEIGHT, bars=bars)


def latency_chart(latency: LatencyComparison) -> LatencyChart:
    """The timed calls of both sides; calls slower than the last bin count in the last bin."""
    edges_s = common_edges(latency.durations_s(Side.LEFT), latency.durations_s(Side.RIGHT), _BINS)
    strip_y = _HISTOGRAM_HEIGHT + _AXIS_HEIGHT
    step = max(ceil(len(latency.durations_s(side)) / MOST_DOTS) for side in Side)
    return LatencyChart(
        height=strip_y + _STRIP_HEIGHT,
        axis_y=_HISTOGRAM_HEIGHT,
        strip_y=strip_y,
        bars=tuple(_histogram_bars(latency, edges_s)),
        ticks=tuple(_ticks(edges_s)),
        medians=(
            _median_mark(Side.LEFT, latency.left_summary.median_s, edges_s),
            _median_mark(Side.RIGHT, latency.right_summary.median_s, edges_s),
        ),
        dots=tuple(_strip_dots(latency, edges_s, strip_y, step)),
        step=step,
    )


def ladder_chart(ladder: Ladder) -> BarChart:
    """The median of every call path that was timed, on one axis that starts at nothing."""
    timed = [timing for timing in ladder.timings if timing.summary is not None]
    longest_s = max((timing.summary.median_s for timing in timed if timing.summary is not None), default=0.0) or 1.0
    bars = tuple(_ladder_bar(timing, row, longest_s) for row, timing in enumerate(timed))
    return BarChart(height=len(bars) * _ROW_HEIGHT, bars=bars)


def _by_share(found: tuple[Side, LayerTypeShare]) -> float:
    return -found[1].share


def _share_bar(side: Side, kind: LayerTypeShare, row: int) -> LabelledBar:
    return _labelled_bar(side, row, min(kind.share, 1.0), kind.type_name, percent_text(kind.share))


def _ladder_bar(timing: CallPathTiming, row: int, longest_s: float) -> LabelledBar:
    median_s = 0.0 if timing.summary is None else timing.summary.median_s
    label = f"{timing.side} {timing.call_path}"
    return _labelled_bar(timing.side, row, median_s / longest_s, label, f"{milliseconds_text(median_s)} ms")


def _labelled_bar(side: Side, row: int, fraction: float, label: str, figure: str) -> LabelledBar:
    middle = (row + 0.5) * _ROW_HEIGHT
    width = max(fraction * (WIDTH - _LABEL_WIDTH - _FIGURE_WIDTH), 1.0)
    bar = Bar(side=side, x=_LABEL_WIDTH, y=middle - _BAR_HEIGHT / 2, width=width, height=_BAR_HEIGHT)
    return LabelledBar(bar=bar, label=label, figure=figure, text_y=middle)


def _histogram_bars(latency: LatencyComparison, edges_s: tuple[float, ...]) -> Iterator[Bar]:
    counts = {side: bin_counts(latency.durations_s(side), edges_s) for side in Side}
    tallest = max(max(side_counts) for side_counts in counts.values())
    width = WIDTH / (len(edges_s) - 1)
    for side, side_counts in counts.items():
        for index, count in enumerate(side_counts):
            height = count / tallest * (_HISTOGRAM_HEIGHT - 30)  # room for the words of the medians
            if count:
                yield Bar(side=side, x=index * width, y=_HISTOGRAM_HEIGHT - height, width=width, height=height)


def _ticks(edges_s: tuple[float, ...]) -> Iterator[Mark]:
    """Round milliseconds inside the edges, at most `_TICKS` or so of them."""
    low, high = edges_s[0] * 1e3, edges_s[-1] * 1e3
    step = _round_step((high - low) / _TICKS)
    first = floor(low / step) + 1
    digits = max(0, -floor(log10(step)))
    marks: dict[str, Mark] = {}  # times that differ in their last bit only read alike: one tick is enough
    for index in range(first, floor(high / step) + 1):
        text = f"{index * step:.{digits}f} ms"
        marks.setdefault(text, Mark(x=_x(index * step / 1e3, edges_s), text=text))
    yield from marks.values()


def _round_step(step: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(step))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= step)


def _median_mark(side: Side, median_s: float, edges_s: tuple[float, ...]) -> Mark:
    return Mark(x=_x(median_s, edges_s), text=f"median {median_s * 1e3:.2f} ms", side=side)


def _strip_dots(latency: LatencyComparison, edges_s: tuple[float, ...], strip_y: float, step: int) -> Iterator[Dot]:
    """Calls at the moments when they ended; those beyond the last bin sit at the upper rim."""
    end_s = max(taken.started_s + sum(taken.durations_s) for taken in latency.rounds) or 1.0
    number = -1
    for taken, outliers in _with_outliers(latency):
        moment_s = taken.started_s
        for duration_s, is_outlier in zip(taken.durations_s, outliers, strict=True):
            moment_s += duration_s
            number += 1
            if number % step and not is_outlier:
                continue
            height = _x(duration_s, edges_s) / WIDTH * (_STRIP_HEIGHT - 12)
            x, y = moment_s / end_s * WIDTH, strip_y + _STRIP_HEIGHT - 6 - height
            yield Dot(side=taken.side, x=x, y=y, is_warmup=taken.is_warmup, is_outlier=is_outlier)


def _with_outliers(latency: LatencyComparison) -> Iterator[tuple[LatencyRound, list[bool]]]:
    """Every round with its outliers marked; outliers are looked for within a launch, and not in a warm-up."""
    rounds = sorted(latency.rounds, key=_launch)
    for (*_, is_warmup), launch in groupby(rounds, _launch):
        taken = list(launch)
        durations_s = [duration_s for one in taken for duration_s in one.durations_s]
        marks = iter([False] * len(durations_s) if is_warmup else outlier_mask(durations_s).tolist())
        yield from ((one, [next(marks) for _ in one.durations_s]) for one in taken)


def _launch(taken: LatencyRound) -> tuple[str, int, bool]:
    return taken.side, taken.launch, taken.is_warmup


def _x(duration_s: float, edges_s: tuple[float, ...]) -> float:
    """The place of a duration on the common axis, clipped to its ends."""
    fraction = (duration_s - edges_s[0]) / (edges_s[-1] - edges_s[0])
    return min(max(fraction, 0.0), 1.0) * WIDTH
