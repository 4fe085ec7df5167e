"""From the size of an error to a word: identical, rounding, or a difference."""

from dataclasses import dataclass

import numpy as np

from mbgui.domain import attribute_names as names
from mbgui.domain.equivalence import ErrorFigures, ErrorWord
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, LayerKind
from mbgui.domain.proof_choices import Precision

FORMAT_RATIO = float(np.finfo(np.float64).eps / np.finfo(np.float32).eps)
"""How much finer float64 is than float32."""
_SAFETY = 64.0
_LEAST = {Precision.FLOAT64: 1e-12, Precision.FLOAT32: 1e-5}
"""Relative errors below which two ways to add up the same numbers cannot be told apart, whatever the layer.

The sum of n products has a relative error of about √n ε: 4e-15 and 2e-6 for the 300 million of a large layer.
"""
KEPT_IN_FLOAT32 = 5e-7
"""Four times float32's ε: what a constant or a step in float32 leaves in a float64 computation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """Relative errors up to which a pair's error is rounding: of the pair alone, and as the networks run."""

    isolated: float
    propagated: float


def tolerances(noise_floor: float | None, precision: Precision, *, is_coarse: bool, was_coarse: bool) -> Tolerances:
    """What is rounding at a pair whose left side in float32 is `noise_floor` away from itself in float64.

    `is_coarse` says that a framework computes part of this pair in float32 whatever the number format, `was_coarse`
    that it does so here or anywhere before.
    """
    floor = noise_floor or 0.0
    scaled = floor * _SAFETY * (FORMAT_RATIO if precision is Precision.FLOAT64 else 1.0)
    least = max(_LEAST[precision], scaled)
    coarse = max(least, KEPT_IN_FLOAT32)
    return Tolerances(
        isolated=coarse if is_coarse else least,
        propagated=max(coarse, floor * _SAFETY) if was_coarse else least,
    )


def word_of(figures: ErrorFigures | None, tolerance: float) -> ErrorWord | None:
    """The word for an error; `None` for none."""
    if figures is None:
        return None
    if figures.non_finite or figures.relative_l2 is None:
        return ErrorWord.DIFFERS
    return word_of_relative(figures.relative_l2, tolerance)


def word_of_relative(error: float | None, tolerance: float) -> ErrorWord:
    """The word for a relative error."""
    if error is None or error > tolerance:
        return ErrorWord.DIFFERS
    return ErrorWord.ROUNDING if error else ErrorWord.IDENTICAL


def coarse_reason(layer: Layer, framework: Framework) -> str:
    """Why a framework computes part of a layer in float32 though all is set to float64, "" where it does not.

    Measured with Keras 3.15.1: constants stay float32 in exact GELU, LeakyReLU, ReLU's bounds, Rescaling and
    Normalization, and bilinear resizing runs in float32 altogether.
    """
    if framework is not Framework.KERAS:
        return ""
    if layer.kind is LayerKind.RESIZE:
        return "Keras resizes in float32"
    if layer.kind in {LayerKind.RESCALE, LayerKind.NORMALIZATION}:
        return "Keras keeps the constants of this layer in float32"
    function = layer.value(names.ACTIVATION)
    if function == "gelu":
        return "Keras keeps the constants of the exact GELU in float32"
    constants = (layer.value(name) for name in (names.NEGATIVE_SLOPE, names.MAX_VALUE, names.MIN_VALUE, names.ALPHA))
    if isinstance(function, str) and any(isinstance(value, float) and _is_rounded(value) for value in constants):
        return "Keras keeps the constants of this activation in float32"
    return ""


def _is_rounded(value: float) -> bool:
    return float(np.float32(value)) != value
