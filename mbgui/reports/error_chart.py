"""The errors along the network as geometry: a curve each on a logarithmic axis, without any markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from mbgui.domain.equivalence import Equivalence, SizeEvidence
from mbgui.reports.charts import WIDTH

_PLOT_HEIGHT = 240.0
_TITLE_HEIGHT = 26.0
_LABEL_WIDTH = 60.0
_LOWEST_DECADE = -20
_HIGHEST_DECADE = 6
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One error over all pairs; `points` as SVG writes them, `name` is its class there."""

    name: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decade:
    """A horizontal line with its power of ten."""

    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPlot:
    """The curves of one input size; `divergence_x` is the first pair that differs, `None` where there is none."""

    title: str
    top: float
    decades: tuple[Decade, ...]
    curves: tuple[Curve, ...]
    divergence_x: float | None
    bottom: float
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorChart:
    """One plot below the other, an input size each."""

    height: float
    plots: tuple[ErrorPlot, ...]


def error_chart(proof: Equivalence) -> ErrorChart:
    """The errors of every size that has pairs; no error at all lies on the floor, one that is not finite on top."""
    sizes = [size for size in proof.sizes if size.pairs]
    row_height = _PLOT_HEIGHT + _TITLE_HEIGHT
    plots = tuple(_plot(size, proof, row * row_height + _TITLE_HEIGHT) for row, size in enumerate(sizes))
    return ErrorChart(height=len(sizes) * row_height, plots=plots)


def _plot(size: SizeEvidence, proof: Equivalence, top: float) -> ErrorPlot:
    series: dict[str, Sequence[float | None]] = {
        "floor": [pair.noise_floor for pair in size.pairs],
        "propagated": [pair.propagated.relative_l2 for pair in size.pairs],
        "isolated": [pair.isolated.relative_l2 if pair.isolated is not None else 0.0 for pair in size.pairs],
    }
    low, high = _decades([error for errors in series.values() for error in errors])
    return ErrorPlot(
        title=f"At {size.input_text}",
        top=top,
        bottom=top + _PLOT_HEIGHT - _TITLE_HEIGHT,
        left=_LABEL_WIDTH,
        decades=tuple(_ticks(low, high, top)),
        curves=tuple(Curve(name=name, points=_points(errors, low, high, top)) for name, errors in series.items()),
        divergence_x=_divergence_x(size, proof),
    )


def _decades(errors: Sequence[float | None]) -> tuple[int, int]:
    """The powers of ten above the floor that hold every error that is something and finite; at least three."""
    exponents = [log10(error) for error in errors if error is not None and isfinite(error) and error > 0]
    low = max(floor(min(exponents, default=-16.0)) - 1, _LOWEST_DECADE)
    high = min(ceil(max(exponents, default=0.0)), _HIGHEST_DECADE)
    return min(low, high - 3), high


def _ticks(low: int, high: int, top: float) -> Iterator[Decade]:
    step = ceil((high - low) / _MOST_TICKS)
    for exponent in range(high, low - 1, -step):
        yield Decade(y=_y(10.0**exponent, low, high, top), text=f"1e{exponent}")


def _points(errors: Sequence[float | None], low: int, high: int, top: float) -> str:
    places = ((_x(index, len(errors)), _y(error, low, high, top)) for index, error in enumerate(errors))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _x(index: int, count: int) -> float:
    return _LABEL_WIDTH + (index / (count - 1) if count > 1 else 0.5) * (WIDTH - _LABEL_WIDTH)


def _y(error: float | None, low: int, high: int, top: float) -> float:
    height = _PLOT_HEIGHT - _TITLE_HEIGHT
    if error is None or not isfinite(error):
        return top
    fraction = (log10(error) - low) / (high - low) if error > 0 else 0.0
    return top + height * (1 - min(max(fraction, 0.0), 1.0))


def _divergence_x(size: SizeEvidence, proof: Equivalence) -> float | None:
    first = proof.first_divergence
    for index, pair in enumerate(size.pairs):
        if first is not None and (pair.left, pair.right) == (first.left, first.right):
            return _x(index, len(size.pairs))
    return None
