"""How densely calls lie along the axis of durations: a kernel estimate, drawn over the histogram."""

from collections.abc import Sequence
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

_CELLS = 1024
_REACH = 4.0
"""Bandwidths beyond which a Gaussian kernel counts as 0."""
_WIDEST_PERCENTILE = 99.5
"""The slowest calls can lie so far out that a grid over all of them would be coarse where most are."""


def density(
    durations_s: Sequence[float] | NDArray[np.float64], grid_s: Sequence[float] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """The density of calls (1/s) at each place of the grid, which may be spaced in any way; zeros for no calls.

    A Gaussian kernel with the bandwidth 0.9·min(SD, IQR/1.34)·n^(−1/5) (Silverman, Density Estimation, 1986, eq. 3.31)
    on linearly binned calls (Wand, Journal of Computational and Graphical Statistics 3, 1994), so that the effort
    hardly grows with their number.
    """
    samples = np.asarray(durations_s, dtype=np.float64)
    grid = np.asarray(grid_s, dtype=np.float64)
    if not samples.size or not grid.size:
        return np.zeros(grid.shape)
    bandwidth = _bandwidth(samples)
    low = float(samples.min()) - 2 * _REACH * bandwidth
    high = float(np.percentile(samples, _WIDEST_PERCENTILE)) + 2 * _REACH * bandwidth
    cells = np.linspace(low, high, _CELLS)
    step = cells[1] - cells[0]
    reach = int(np.ceil(_REACH * bandwidth / step))
    offsets = np.arange(-reach, reach + 1) * step
    kernel = np.exp(-0.5 * (offsets / bandwidth) ** 2) / (bandwidth * sqrt(2.0 * pi))
    smooth = np.convolve(_binned(samples, low, step), kernel, mode="same") / samples.size
    return np.interp(grid, cells, smooth, left=0.0, right=0.0)


def _bandwidth(samples: NDArray[np.float64]) -> float:
    """Silverman's; a thousandth of the level where the calls do not spread at all."""
    quartile_1, quartile_3 = np.percentile(samples, (25, 75))
    spreads = [spread for spread in (float(samples.std()), float(quartile_3 - quartile_1) / 1.34) if spread > 0.0]
    spread = min(spreads, default=0.0)
    floor = max(abs(float(np.median(samples))) * 1e-3, 1e-12)
    return float(max(0.9 * spread * samples.size ** (-0.2), floor))


def _binned(samples: NDArray[np.float64], low: float, step: float) -> NDArray[np.float64]:
    """Each call shared out between the two cells next to it; those beyond the last cell are left out."""
    places = (samples - low) / step
    places = places[places < _CELLS - 1]
    cells = places.astype(np.intp)
    share = places - cells
    lower = np.bincount(cells, 1.0 - share, _CELLS).astype(np.float64)
    upper = np.bincount(cells + 1, share, _CELLS).astype(np.float64)
    return np.asarray(lower + upper)
