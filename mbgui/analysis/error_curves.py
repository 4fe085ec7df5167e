"""Errors on a logarithmic axis: where zero is drawn, what the axis spans, and the peaks of more pairs than pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

_LOWEST = -20  # a smaller error is drawn here: below it, decades tell nothing
_LEAST_DECADES = 3
_USUAL_LOWEST = -17  # where there is nothing but zeros: below the rounding of float64

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogScale:
    """The decades an axis spans: `bottom` and `top` are exponents of ten, zero is drawn a decade below `bottom`."""

    bottom: int
    top: int

    @property
    def zero(self) -> int:
        """Where an error of zero is drawn."""
        return self.bottom - 1


def as_array(errors: Sequence[float | None]) -> Floats:
    """The errors, `None` as NaN."""
    return np.array(errors, dtype=np.float64)


def scale_of(*curves: Floats) -> LogScale:
    """The decades that hold every positive error of these curves, at least three of them."""
    positive = [found for curve in curves if (found := curve[np.isfinite(curve) & (curve > 0)]).size]
    if not positive:
        return LogScale(bottom=_USUAL_LOWEST, top=_USUAL_LOWEST + _LEAST_DECADES)
    least, most = min(float(found.min()) for found in positive), max(float(found.max()) for found in positive)
    bottom = max(floor(np.log10(least)), _LOWEST)
    return LogScale(bottom=bottom, top=max(ceil(np.log10(most)), bottom + _LEAST_DECADES))


def on_scale(errors: Floats, scale: LogScale) -> Floats:
    """The heights at which these errors are drawn, NaN for those that are not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.log10(errors)
    heights = np.where(errors == 0, scale.zero, np.maximum(heights, scale.bottom))
    return np.where(np.isfinite(errors), heights, np.nan)


def peaks(values: Floats, start: int, stop: int, most: int) -> tuple[Floats, Floats]:
    """Places and values from `start` to `stop`, at most `most`: where there are more, the highest of neighbours."""
    if stop - start <= most:
        return np.arange(start, stop, dtype=np.float64), values[start:stop]
    edges = np.unique(np.linspace(start, stop, most, endpoint=False, dtype=np.int64))
    return edges.astype(np.float64), np.fmax.reduceat(values[:stop], edges)


def missing_places(values: Floats, start: int, stop: int, most: int) -> list[int]:
    """Places from `start` to `stop` whose value is not finite; where there are more than `most`, some of them."""
    missing = np.flatnonzero(~np.isfinite(values[start:stop])) + start
    return [int(place) for place in missing[:: max(-(-len(missing) // most), 1)]]


def spans(*, count: int, start: int, stop: int, factor: float, around: int) -> tuple[int, int]:
    """The range from `start` to `stop` made `factor` times as wide, with `around` where it was, inside of `count`."""
    width = min(max(round((stop - start) * factor), min(count, 10)), count)
    share = (around - start) / max(stop - start, 1)
    first = min(max(round(around - share * width), 0), count - width)
    return first, first + width
