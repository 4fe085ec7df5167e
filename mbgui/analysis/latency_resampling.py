"""Within a launch: what its median, or ratio of medians, might have been with other blocks and other calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.latency_launches import Samples

_LEVELS_OVER_ALL = np.linspace(0.0, 1.0, 49)
_LEVELS_AROUND_THE_MEDIAN = np.linspace(-2.5, 2.5, 48)


@dataclass(frozen=True, slots=True)
class ResampledLaunch:
    """How far the value of one launch might have been off: deviations, one a replicate, and their variance."""

    deviations: NDArray[np.float64]
    variance: float


def resample_launch(
    blocks: Sequence[Samples],
    against: Sequence[Samples] = (),
    *,
    replicates: int,
    generator: np.random.Generator,
) -> ResampledLaunch:
    """Resample ln of the median of a launch, less that of `against` where it is given.

    Blocks are resampled, then calls in them; block k of both sides ran in turns, so they are drawn together. Medians of
    resamples are not found call by call: the median of N calls drawn from a distribution is its quantile at a
    level that is Beta((N + 1) / 2, (N + 1) / 2) distributed (David and Nagaraja, Order Statistics, 2003, §2.3), so one
    draw of that level stands for N draws of calls.
    """
    count = len(blocks)
    weights, same = _block_counts(count, replicates, generator), np.ones((1, count))
    both_stages, calls_alone = np.zeros(replicates), np.zeros(replicates)
    for sign, side in ((1.0, blocks), (-1.0, against)):
        if side:
            median = _Median(side)
            levels = median.levels(replicates, generator)
            both_stages += sign * median.logs(weights, levels)
            calls_alone += sign * median.logs(same, levels)
    return _matched(both_stages - both_stages.mean(), _variance(both_stages, calls_alone, count))


def _variance(both_stages: NDArray[np.float64], calls_alone: NDArray[np.float64], blocks: int) -> float:
    """The variance of the value of one launch, free of what resampling twice adds.

    The spread of block medians holds that of the calls in them already, so resampling calls once more counts it twice,
    and a few blocks resampled spread too little by (B − 1)/B (Davison and Hinkley, Bootstrap Methods and their
    Application, 1997, §3.8): the truth is (both stages − calls alone)·B/(B − 1), and no less than calls alone.
    """
    of_calls = float(calls_alone.var())
    if blocks == 1:
        return of_calls
    return max((float(both_stages.var()) - of_calls) * blocks / (blocks - 1), of_calls)


def _matched(deviations: NDArray[np.float64], variance: float) -> ResampledLaunch:
    """Deviations scaled to a variance."""
    resampled = float(deviations.var())
    scale = sqrt(variance / resampled) if resampled else 0.0
    return ResampledLaunch(deviations=deviations * scale, variance=variance)


class _Median:
    """The median of one side in one launch, for any mixture of its blocks."""

    def __init__(self, blocks: Sequence[Samples]) -> None:
        samples = np.concatenate(blocks)
        self._count = len(samples)
        self._grid = _grid(samples)
        self._counts_below = np.stack([_counts_below(np.sort(block), self._grid) for block in blocks])
        self._sizes = np.array([float(len(block)) for block in blocks])

    def levels(self, replicates: int, generator: np.random.Generator) -> NDArray[np.float64]:
        """The levels at which medians of so many resamples lie."""
        shape = (self._count + 1) / 2
        levels: NDArray[np.float64] = generator.beta(shape, shape, replicates)
        return levels

    def logs(self, weights: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Logarithms of the quantile at each level; blocks count as often as their row of `weights` (one for all)."""
        below = weights @ self._counts_below / (weights @ self._sizes)[:, None]
        last = len(self._grid) - 1
        after = np.clip((below < levels[:, None]).sum(axis=1), 1, last) if last else np.zeros(len(levels), dtype=int)
        before = np.maximum(after - 1, 0)
        rows = np.arange(len(levels)) if len(below) > 1 else np.zeros(len(levels), dtype=int)
        step = below[rows, after] - below[rows, before]
        share = np.divide(levels - below[rows, before], step, out=np.zeros(len(levels)), where=step > 0)
        logs: NDArray[np.float64] = np.log(
            self._grid[before] + np.clip(share, 0.0, 1.0) * (self._grid[after] - self._grid[before])
        )
        return logs


def _grid(samples: Samples) -> Samples:
    """Where the distribution is looked at: every call of a few, else quantiles, close together around the median."""
    levels = np.union1d(_LEVELS_OVER_ALL, np.clip(0.5 + _LEVELS_AROUND_THE_MEDIAN / np.sqrt(len(samples)), 0.0, 1.0))
    return np.unique(samples if len(samples) <= len(levels) else np.quantile(samples, levels))


def _counts_below(ordered: Samples, grid: Samples) -> NDArray[np.float64]:
    """How many calls took less than each time of the grid; equal ones count half."""
    return (np.searchsorted(ordered, grid, side="left") + np.searchsorted(ordered, grid, side="right")) / 2.0


def _block_counts(blocks: int, replicates: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """How often each block comes in each resample of as many blocks: (replicates, blocks)."""
    chosen = generator.integers(blocks, size=(replicates, blocks)) + np.arange(replicates)[:, None] * blocks
    return np.bincount(chosen.ravel(), minlength=replicates * blocks).reshape(replicates, blocks).astype(np.float64)
