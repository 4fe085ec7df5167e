"""The drawings of a report as geometry: where bars, dots and ticks go, without any markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, log10

from mbgui.analysis.latency import bin_counts, common_edges
from mbgui.analysis.wording import percent_text
from mbgui.domain.accounting import LayerTypeShare
from mbgui.domain.comparison import Comparison
from mbgui.domain.latency import LatencyComparison
from mbgui.domain.request import Side

WIDTH = 900.0
_LABEL_WIDTH = 190.0
_SHARE_WIDTH = 80.0
_ROW_HEIGHT = 22.0
_BAR_HEIGHT = 12.0
_HISTOGRAM_HEIGHT = 240.0
_STRIP_HEIGHT = 110.0
_AXIS_HEIGHT = 24.0
_TICKS = 6
_BINS = 60


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
    """One sample of one side."""

    side: Side
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line with a word: a tick of an axis, or the median of a side."""

    x: float
    text: str
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareChart:
    """Layer types of both sides by their share of the parameters."""

    height: float
    bars: tuple[LabelledBar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyChart:
    """Histograms of both sides on common bins, and below them every call over the time of the run."""

    height: float
    axis_y: float
    strip_y: float
    bars: tuple[Bar, ...]
    ticks: tuple[Mark, ...]
    medians: tuple[Mark, ...]
    dots: tuple[Dot, ...]


def share_chart(comparison: Comparison) -> ShareChart:
    """A bar for every layer type that has parameters, the largest share first, both sides together."""
    books = ((Side.LEFT, comparison.accounting.left), (Side.RIGHT, comparison.accounting.right))
    shares = [(side, kind) for side, side_books in books for kind in side_books.layer_types if kind.parameter_count]
    shares.sort(key=_by_share)
    bars = tuple(_share_bar(side, kind, row) for row, (side, kind) in enumerate(shares))
    return ShareChart(height=len(bars) * _ROW_HEIGHT, bars=bars)


def latency_chart(latency: LatencyComparison) -> LatencyChart:
    """The timed calls of both sides; calls slower than the last bin count in the last bin."""
    edges_s = common_edges(latency.durations_s(Side.LEFT), latency.durations_s(Side.RIGHT), _BINS)
    strip_y = _HISTOGRAM_HEIGHT + _AXIS_HEIGHT
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
        dots=tuple(_strip_dots(latency, edges_s, strip_y)),
    )


def _by_share(found: tuple[Side, LayerTypeShare]) -> float:
    return -found[1].share


def _share_bar(side: Side, kind: LayerTypeShare, row: int) -> LabelledBar:
    room = WIDTH - _LABEL_WIDTH - _SHARE_WIDTH
    middle = (row + 0.5) * _ROW_HEIGHT
    width = max(min(kind.share, 1.0) * room, 1.0)
    bar = Bar(side=side, x=_LABEL_WIDTH, y=middle - _BAR_HEIGHT / 2, width=width, height=_BAR_HEIGHT)
    return LabelledBar(bar=bar, label=kind.type_name, figure=percent_text(kind.share), text_y=middle)


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


def _strip_dots(latency: LatencyComparison, edges_s: tuple[float, ...], strip_y: float) -> Iterator[Dot]:
    """Every call at the moment when it ended; calls beyond the last bin sit at the upper rim."""
    end_s = max(taken.started_s + sum(taken.durations_s) for taken in latency.rounds) or 1.0
    for taken in latency.rounds:
        moment_s = taken.started_s
        for duration_s in taken.durations_s:
            moment_s += duration_s
            height = _x(duration_s, edges_s) / WIDTH * (_STRIP_HEIGHT - 12)
            yield Dot(side=taken.side, x=moment_s / end_s * WIDTH, y=strip_y + _STRIP_HEIGHT - 6 - height)


def _x(duration_s: float, edges_s: tuple[float, ...]) -> float:
    """The place of a duration on the common axis, clipped to its ends."""
    fraction = (duration_s - edges_s[0]) / (edges_s[-1] - edges_s[0])
    return min(max(fraction, 0.0), 1.0) * WIDTH
