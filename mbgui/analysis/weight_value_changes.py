"""Whether values were changed in a regular way: rounded, scaled, moved by a constant.

A hypothesis is made from a sample of both sides' values, and holds only if all of them bear it out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from mbgui.analysis.weight_axes import OUT
from mbgui.analysis.weight_comparing import chunks
from mbgui.analysis.weight_layout import Array
from mbgui.analysis.weight_rounding import ROUNDINGS

TOLERANCE = 1e-6
"""Of the largest value: what single precision leaves of a regular change."""
_SAMPLED_VALUES = 4096
_NAMED_OUTPUTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hypothesis:
    """What may have happened, in words, and whether two flat arrays bear it out."""

    words: str
    holds: Callable[[Array, Array], bool]


def value_change(left: Array, right: Array, axes: tuple[str, ...]) -> str:
    """What happened to the values of the left side, as a clause; at least how many of them differ.

    Both arrays have one shape, and where `axes` are given one dimension for each.
    """
    if left.size > 1 and _are_finite(left, right):
        for hypothesis in _hypotheses(_sample(left), _sample(right)):
            if all(hypothesis.holds(mine, other) for mine, other in chunks(left, right)):
                return hypothesis.words
    return _count_of_differences(left, right, axes)


def _are_finite(left: Array, right: Array) -> bool:
    return all(bool(np.isfinite(mine).all() and np.isfinite(other).all()) for mine, other in chunks(left, right))


def _sample(values: Array) -> Array:
    """Values from all over an array, in float64."""
    flat = values.reshape(-1)
    sampled: Array = flat[:: max(1, flat.size // _SAMPLED_VALUES)].astype(np.float64)
    return sampled


def _hypotheses(left: Array, right: Array) -> Iterator[_Hypothesis]:
    """What a sample suggests, that which says most first."""
    found = (*_constant(left, right), *_roundings(), *_offset(left, right), *_factor(left, right), *_square_roots())
    return (hypothesis for hypothesis in found if hypothesis.holds(left, right))


def _constant(left: Array, right: Array) -> Iterator[_Hypothesis]:
    value = float(right[0])
    if not bool((left == left[0]).all()):
        yield _Hypothesis(
            words=f"the right values are all {value:.6g}", holds=lambda _left, right: bool((right == value).all())
        )


def _roundings() -> Iterator[_Hypothesis]:
    for words, rounded in ROUNDINGS:
        yield _Hypothesis(words=f"the right values are the left ones {words}", holds=_gives(rounded))
        yield _Hypothesis(words=f"the left values are the right ones {words}", holds=_comes_from(rounded))
    yield _Hypothesis(
        words="the values differ only behind single precision",
        holds=lambda left, right: np.array_equal(left.astype(np.float32), right.astype(np.float32)),
    )


def _gives(change: Callable[[Array], Array]) -> Callable[[Array, Array], bool]:
    return lambda left, right: np.array_equal(change(left), right)


def _comes_from(change: Callable[[Array], Array]) -> Callable[[Array, Array], bool]:
    return lambda left, right: np.array_equal(change(right), left)


def _offset(left: Array, right: Array) -> Iterator[_Hypothesis]:
    offset = float((right - left).mean())
    limit = TOLERANCE * max(float(np.abs(left).max()), abs(offset))
    if abs(offset) > 10 * limit:
        yield _Hypothesis(
            words=f"every right value is the left one {'plus' if offset > 0 else 'minus'} {abs(offset):.4g}",
            holds=lambda left, right: bool((np.abs(right - left - offset) <= 2 * limit).all()),
        )


def _factor(left: Array, right: Array) -> Iterator[_Hypothesis]:
    power = float(np.vdot(left, left))
    factor = float(np.vdot(left, right)) / power if power else 1.0
    if abs(factor - 1) > 10 * TOLERANCE and factor:
        is_flip = abs(factor + 1) <= TOLERANCE
        limit = 2 * TOLERANCE * float(np.abs(right).max())
        yield _Hypothesis(
            words="the signs are flipped" if is_flip else f"every right value is the left one times {factor:.6g}",
            holds=lambda left, right: bool((np.abs(right - factor * left) <= limit).all()),
        )


def _square_roots() -> Iterator[_Hypothesis]:
    yield _Hypothesis(
        words="the right values are the square roots of the left ones",
        holds=lambda left, right: _are_roots(right, left),
    )
    yield _Hypothesis(
        words="the left values are the square roots of the right ones",
        holds=_are_roots,
    )


def _are_roots(roots: Array, values: Array) -> bool:
    return bool((values >= 0).all()) and np.allclose(np.sqrt(values), roots, rtol=TOLERANCE, atol=0)


def _count_of_differences(left: Array, right: Array, axes: tuple[str, ...]) -> str:
    count = missing = 0
    largest = 0.0
    with np.errstate(invalid="ignore"):
        for mine, other in chunks(left, right):
            is_different = _are_different(mine, other)
            distances = np.abs(other - mine)[is_different]
            finite = distances[np.isfinite(distances)]
            count += int(is_different.sum())
            missing += distances.size - finite.size
            largest = max(largest, float(finite.max(initial=0.0)))
    unfinished = f" ({missing:,} of them not finite on a side)" if missing else ""
    distance = f", the largest by {largest:.3g}" if count > missing else ""
    return f"{count:,} of {left.size:,} values differ{unfinished}{distance}{_where(left, right, axes)}"


def _are_different(left: Array, right: Array) -> Array:
    different: Array = (left != right) & ~((left != left) & (right != right))  # noqa: PLR0124 - not a number
    return different


def _where(left: Array, right: Array, axes: tuple[str, ...]) -> str:
    """In which output channels, where it is only a few of them."""
    if OUT not in axes or left.ndim != len(axes) or left.ndim < 2:
        return ""
    place = axes.index(OUT)
    others = tuple(dimension for dimension in range(left.ndim) if dimension != place)
    outputs = _are_different(left, right).any(axis=others)
    guilty = np.flatnonzero(outputs)
    if guilty.size > min(_NAMED_OUTPUTS, outputs.size // 2):
        return ""
    return f", all in output channel{'s' if guilty.size > 1 else ''} {', '.join(str(index) for index in guilty)}"
