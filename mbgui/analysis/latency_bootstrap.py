"""A median or a ratio of medians and how sure it is: a hierarchical bootstrap over launches, blocks and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from mbgui.analysis.latency_launches import LaunchPair, Samples
from mbgui.analysis.latency_resampling import ResampledLaunch, resample_launch
from mbgui.analysis.launch_spread import LaunchSpread
from mbgui.analysis.student_t import t_quantile

REPLICATES = 2000
CERTAINTY = 0.95
_FEWEST_BEYOND = 5
"""Replicates that have to lie beyond a percentile for it to be read off them; else Student's t has to do."""
_SHARING_LAUNCHES = 4
_SEED = 20260102

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEstimate:
    """The logarithm of a ratio or of a median, its standard error and degrees of freedom, and its 95 % interval."""

    value: float
    low: float
    high: float
    standard_error: float
    degrees_of_freedom: float
    launches: int

    def interval(self, certainty: float) -> tuple[float, float]:
        """The bounds with another certainty, by Student's t."""
        reach = t_quantile((1.0 + certainty) / 2.0, self.degrees_of_freedom) * self.standard_error
        return self.value - reach, self.value + reach


def estimate_ratio(pairs: Sequence[LaunchPair], spread: LaunchSpread, *, replicates: int = REPLICATES) -> LogEstimate:
    """The logarithm of the ratio of medians, right over left: its mean over pairs of launches, with its 95 % interval.

    A replicate is the mean over n launches drawn from the n that were made, each with what resampling its blocks and
    calls changes. Deviations between launches are scaled so that both stages together have the variance that was
    observed between launches, which holds that within launches already (Davison and Hinkley, Bootstrap Methods and
    their Application, 1997, §3.8). Percentiles of so few launches cover too seldom: they are taken at Φ(∓t) with n − 1
    degrees of freedom in place of Φ(∓1.96) (Hesterberg, The American Statistician 69(4), 2015, §5.3.1). So far out,
    means of five values drawn from five still reach less far than t does (92 % of simulated intervals covered the truth
    where launches spread most), so each bound is the further one of percentile and t.

    One launch cannot see how far launches differ: the deviation is then drawn from the `spread` known of this machine,
    less the variance within launches, which its calibration saw as well. Where launches hardly differ at all that
    difference can only be too large, and such intervals cover the truth in up to 98 %. Raises `ValueError` for no
    launch.
    """
    if not pairs:
        raise ValueError("no launch has timed calls of both sides")
    generator = np.random.default_rng(_SEED)
    pool = _pool(replicates, len(pairs))
    resampled = [resample_launch(pair.right, pair.left, replicates=pool, generator=generator) for pair in pairs]
    values = np.array([pair.log_ratio() for pair in pairs])
    return _estimate(values, resampled, spread, _Drawing(replicates=replicates, generator=generator))


def estimate_median(
    launches: Sequence[tuple[Samples, ...]], spread: LaunchSpread | None, *, replicates: int = REPLICATES
) -> LogEstimate:
    """The logarithm of the median of one side in seconds, as `estimate_ratio` does; each launch is given by its blocks.

    `spread` is that of a duel, half of whose variance is this side's; without one, a single launch speaks for itself
    alone. Raises `ValueError` for no launch.
    """
    if not launches:
        raise ValueError("no launch has timed calls")
    generator = np.random.default_rng(_SEED)
    pool = _pool(replicates, len(launches))
    resampled = [resample_launch(blocks, replicates=pool, generator=generator) for blocks in launches]
    medians = np.log([np.median(np.concatenate(blocks)) for blocks in launches])
    drawing = _Drawing(replicates=replicates, generator=generator)
    return _estimate(medians, resampled, spread.of_one_side() if spread else None, drawing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """How many replicates are drawn, and by what."""

    replicates: int
    generator: np.random.Generator


def _pool(replicates: int, launches: int) -> int:
    """How often each launch is resampled: replicates draw from it, and several launches share the work."""
    return max(replicates // min(launches, _SHARING_LAUNCHES), 1)


def _estimate(
    values: Draws, resampled: Sequence[ResampledLaunch], spread: LaunchSpread | None, drawing: _Drawing
) -> LogEstimate:
    """The mean of one value a launch with its interval."""
    within = float(np.mean([launch.variance for launch in resampled]))
    deviations = np.stack([launch.deviations for launch in resampled])
    count = len(values)
    if count > 1:
        variance, degrees = float(values.var(ddof=1)) / count, count - 1.0
        draws = _draws_of_many(values, deviations, within, drawing)
    else:
        between = max(spread.log_sd**2 - within, 0.0) if spread else 0.0
        variance = between + within
        degrees = _degrees_of_one(between, within, spread)
        draws = _draws_of_one(sqrt(between), spread, deviations[0], drawing)
    low, high = _interval(draws, sqrt(variance), degrees)
    mean = float(values.mean())
    return LogEstimate(
        value=mean,
        low=mean + low,
        high=mean + high,
        standard_error=sqrt(variance),
        degrees_of_freedom=degrees,
        launches=count,
    )


def _draws_of_many(values: Draws, deviations: Draws, within: float, drawing: _Drawing) -> Draws:
    """Deviations of the mean over launches, one a replicate; `deviations` are those within each launch."""
    count, pool = deviations.shape
    observed = float(values.var(ddof=1))
    chosen = drawing.generator.integers(count, size=(drawing.replicates, count))
    scores = _standardized(values)[chosen]
    between = sqrt(max(observed - within, 0.0)) * scores
    share = min(sqrt(observed / within), 1.0) if within else 1.0  # launches that agree by chance leave less to share
    drawn: Draws = between + share * deviations[chosen, drawing.generator.integers(pool, size=chosen.shape)]
    averages: Draws = drawn.mean(axis=1)
    return averages


def _draws_of_one(log_sd: float, spread: LaunchSpread | None, deviations: Draws, drawing: _Drawing) -> Draws:
    """Deviations of a single launch, one a replicate: how far launches differ, and what happens within this one."""
    if spread is None or not spread.deviations:
        return deviations + log_sd * drawing.generator.standard_normal(drawing.replicates)
    scores = drawing.generator.choice(_standardized(np.asarray(spread.deviations)), drawing.replicates)
    return deviations + log_sd * scores


def _degrees_of_one(between: float, within: float, spread: LaunchSpread | None) -> float:
    """Only how far launches differ is known from few values; by Welch and Satterthwaite (Satterthwaite 1946)."""
    if spread is None or not between:
        return inf
    return spread.degrees_of_freedom * ((between + within) / between) ** 2


def _standardized(values: Draws) -> Draws:
    """Deviations from the mean with variance 1, zeros where all are equal."""
    deviations: Draws = values - values.mean()
    deviation = float(deviations.std())
    return deviations / deviation if deviation else deviations


def _interval(draws: Draws, standard_error: float, degrees: float) -> tuple[float, float]:
    """How far below and above the estimate the 95 % interval reaches: the percentiles, and no less far than t does."""
    quantile = t_quantile((1.0 + CERTAINTY) / 2.0, degrees)
    reach = quantile * standard_error
    beyond = NormalDist().cdf(-quantile)
    if beyond * len(draws) < _FEWEST_BEYOND:
        return -reach, reach
    low, high = np.quantile(draws, (beyond, 1.0 - beyond))
    return min(float(low), -reach), max(float(high), reach)
