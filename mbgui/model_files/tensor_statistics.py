"""Mean, deviation and extremes of stored tensors."""

from collections.abc import Iterator
from math import isfinite, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from mbgui.domain.network import TensorStatistics

CHUNK_VALUES = 1 << 15
"""Values taken at a time, 256 KiB in float64.

Arrays as large as the model's own tensors would leave their mark on the allocator: glibc raises its thresholds for
giving memory back when a large block is freed, and MobileNetV2 then ran 1.4 times as fast as in a process that had read
nothing. A latency has to be that of a process that only runs the model.
"""

_Values = npt.NDArray[np.float64]


def describe(values: npt.NDArray[Any]) -> TensorStatistics:
    """Statistics over the finite values, accumulated in float64; `None` where there are none or a sum overflows."""
    if not np.issubdtype(values.dtype, np.number) or np.iscomplexobj(values):
        return _nothing(0)
    flat = values.reshape(-1)
    count, total, minimum, maximum = 0, 0.0, np.inf, -np.inf
    with np.errstate(over="ignore", invalid="ignore"):
        for chunk in _finite_chunks(flat):
            count += chunk.size
            total += float(chunk.sum())
            minimum, maximum = min(minimum, float(chunk.min())), max(maximum, float(chunk.max()))
        if not count:
            return _nothing(flat.size)
        mean = total / count
        squares = sum(float(np.square(chunk - mean).sum()) for chunk in _finite_chunks(flat))
    return TensorStatistics(
        mean=_finite(mean),
        std=_finite(sqrt(squares / count)),
        minimum=minimum,
        maximum=maximum,
        non_finite_count=flat.size - count,
    )


def _finite_chunks(flat: npt.NDArray[Any]) -> Iterator[_Values]:
    """The finite values, some at a time; no empty arrays."""
    for start in range(0, flat.size, CHUNK_VALUES):
        chunk = flat[start : start + CHUNK_VALUES].astype(np.float64)
        if not isfinite(float(chunk.sum())):  # NaN and infinities show in the sum, as does an overflow
            chunk = chunk[np.isfinite(chunk)]
        if chunk.size:
            yield chunk


def _nothing(non_finite_count: int) -> TensorStatistics:
    return TensorStatistics(mean=None, std=None, minimum=None, maximum=None, non_finite_count=non_finite_count)


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
