"""The ratio of medians and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from mbgui.analysis.latency_launches import LaunchPair
from mbgui.analysis.launch_spread import LaunchSpread
from mbgui.analysis.student_t import t_quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioEstimate:
    """The logarithm of the ratio of medians, its standard error with degrees of freedom, and its 95 % interval."""

    log_ratio: float
    log_low: float
    log_high: float
    standard_error: float
    degrees_of_freedom: float
    launches: int

    def interval(self, certainty: float) -> tuple[float, float]:
        """The ratio's bounds with this certainty, by Student's t."""
        reach = t_quantile((1.0 + certainty) / 2.0, self.degrees_of_freedom) * self.standard_error
        return exp(self.log_ratio - reach), exp(self.log_ratio + reach)


def estimate_ratio(pairs: Sequence[LaunchPair], spread: LaunchSpread) -> RatioEstimate:
    """Raises `ValueError` for no launch."""
    if not pairs:
        raise ValueError("no launch has timed calls of both sides")
    values = np.array([pair.log_ratio() for pair in pairs])
    count = len(values)
    error = float(values.std(ddof=1)) / sqrt(count) if count > 1 else spread.log_sd
    degrees = float(count - 1) if count > 1 else spread.degrees_of_freedom
    reach = t_quantile(0.975, degrees) * error
    mean = float(values.mean())
    return RatioEstimate(
        log_ratio=mean,
        log_low=mean - reach,
        log_high=mean + reach,
        standard_error=error,
        degrees_of_freedom=degrees,
        launches=count,
    )
