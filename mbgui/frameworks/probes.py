"""The inputs that both networks are run on: the same numbers on both sides, made from a seed."""

from collections.abc import Sequence

import numpy as np

from mbgui.frameworks.stepwise import Array

PROBE_NAMES = ("standard normal", "waves, edges and a point")
_AMPLITUDE = 3.0
"""Of the structured probe: wide enough to reach the bounds of clipped activations."""


def make_probes(shapes: Sequence[tuple[int, ...]], dtypes: Sequence[str], seed: int) -> list[tuple[Array, ...]]:
    """Every probe as one float64 array an input, in `shapes` (batch first, channels last).

    Inputs of whole numbers get small ones, which every embedding has rows for.
    """
    generator = np.random.default_rng(seed)
    first = tuple(_normal(shape, dtype, generator) for shape, dtype in zip(shapes, dtypes, strict=True))
    second = tuple(_structured(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True))
    return [first, second]


def moved_by_one(probe: tuple[Array, ...]) -> tuple[Array, ...]:
    """A probe moved by one pixel along the first dimension behind the batch."""
    return tuple(np.roll(array, 1, axis=1) if array.ndim > 1 else array for array in probe)


def _is_number(dtype: str) -> bool:
    return dtype.startswith(("float", "bfloat"))


def _normal(shape: tuple[int, ...], dtype: str, generator: np.random.Generator) -> Array:
    if not _is_number(dtype):
        return generator.integers(0, 2, size=shape)
    return generator.standard_normal(shape)


def _structured(shape: tuple[int, ...], dtype: str) -> Array:
    """Waves along every dimension, a jump in the middle and one high value: smooth, sharp and sparse at once."""
    if not _is_number(dtype):
        return np.arange(int(np.prod(shape))).reshape(shape) % 2
    places = np.meshgrid(*(np.linspace(0, 1, max(size, 1)) for size in shape[1:]), indexing="ij")
    # no whole number of waves: three channels would all stand at the same point of them
    waves = sum(np.sin(2 * np.pi * (index + 2.3) * place + index) for index, place in enumerate(places))
    values = np.asarray(waves, dtype=np.float64) / max(len(places), 1)
    if places:
        values = values + np.sign(places[0] - 0.5)
        values.flat[values.size // 3] += _AMPLITUDE
    return np.ascontiguousarray(np.broadcast_to(values * _AMPLITUDE / 2, shape))
