"""Quantiles of Student's t distribution for any degrees of freedom, whole or not."""

from functools import lru_cache
from math import atan, exp, lgamma, pi, sqrt, tan
from statistics import NormalDist

import numpy as np

_NORMAL_FROM = 1e5
_HALVINGS = 60
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """The value below which a t variable falls with this probability; that of the normal one for infinite degrees.

    With t = √ν·tan θ the density is a constant times cos^(ν−1) θ, which is integrated by Gauss and Legendre's rule and
    inverted by bisection. Raises `ValueError` for a probability outside (0, 1) or degrees of freedom below 1.
    """
    if not 0.0 < probability < 1.0 or degrees_of_freedom < 1.0:
        raise ValueError(f"no t quantile for {probability} with {degrees_of_freedom} degrees of freedom")
    if degrees_of_freedom > _NORMAL_FROM:
        return NormalDist().inv_cdf(probability)
    if probability < 0.5:
        return -t_quantile(1.0 - probability, degrees_of_freedom)
    return sqrt(degrees_of_freedom) * tan(_angle(probability - 0.5, degrees_of_freedom))


def _angle(mass: float, degrees_of_freedom: float) -> float:
    """The angle between which and 0 this much of the probability lies."""
    low, high = 0.0, _widest_angle(degrees_of_freedom)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _mass_below(middle, degrees_of_freedom) < mass:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _widest_angle(degrees_of_freedom: float) -> float:
    """Where nothing of the density is left, so that the nodes of the rule are spent where it is."""
    return atan(40.0 / sqrt(degrees_of_freedom)) if degrees_of_freedom > 30.0 else pi / 2


def _mass_below(angle: float, degrees_of_freedom: float) -> float:
    """The probability between 0 and √ν·tan(angle)."""
    angles = (_NODES + 1.0) * (angle / 2)
    constant = exp(lgamma((degrees_of_freedom + 1) / 2) - lgamma(degrees_of_freedom / 2)) / sqrt(pi)
    return constant * angle / 2 * float(_WEIGHTS @ np.cos(angles) ** (degrees_of_freedom - 1))
