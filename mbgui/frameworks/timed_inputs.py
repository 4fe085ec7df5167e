"""The numbers that models are timed on: the same ones on both sides."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mbgui.domain.network import TensorSpec

Array = np.ndarray[Any, Any]

_IMAGE_RANK = 4


def drawn_inputs(specs: Sequence[TensorSpec], *, batch_size: int, seed: int, is_channels_first: bool) -> list[Array]:
    """A value for each input, the batch in front.

    Floating point inputs get float32 from a standard normal distribution. An image (four sizes) is drawn as NHWC and
    turned to NCHW for a side with its channels first, so that a network and its port in the other layout get the same
    numbers. Whole numbers are zeros, which every embedding has a row for.
    """
    generator = np.random.default_rng(seed)
    return [_drawn(spec, batch_size, generator, is_channels_first=is_channels_first) for spec in specs]


def _drawn(spec: TensorSpec, batch_size: int, generator: np.random.Generator, *, is_channels_first: bool) -> Array:
    shape = (batch_size, *spec.shape[1:]) if spec.shape else ()
    if not spec.dtype.startswith(("float", "bfloat")):
        return np.zeros(shape, dtype=spec.dtype if spec.dtype != "string" else "int32")
    if len(shape) != _IMAGE_RANK or not is_channels_first:
        return generator.standard_normal(shape, dtype=np.float32)
    batch, channels, height, width = shape
    image = generator.standard_normal((batch, height, width, channels), dtype=np.float32)
    return np.ascontiguousarray(image.transpose(0, 3, 1, 2))
