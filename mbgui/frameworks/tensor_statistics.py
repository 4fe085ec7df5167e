"""Mean, deviation and extremes of stored tensors."""

from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from mbgui.domain.network import TensorStatistics


def describe(values: npt.NDArray[Any]) -> TensorStatistics:
    """Statistics over the finite values, accumulated in float64; `None` where there are none or a sum overflows."""
    if not np.issubdtype(values.dtype, np.number) or np.iscomplexobj(values):
        return _statistics(values, 0, has_numbers=False)
    if values.dtype.itemsize < 4:  # half precision and small integers have no room for sums
        values = values.astype(np.float64)
    non_finite_count = 0
    minimum, maximum = (values.min(), values.max()) if values.size else (np.nan, np.nan)
    if not (isfinite(minimum) and isfinite(maximum)):  # NaN and infinities show in the extremes
        finite = values[np.isfinite(values)]
        non_finite_count = values.size - finite.size
        values = finite
    return _statistics(values, non_finite_count, has_numbers=values.size > 0)


def _statistics(values: npt.NDArray[Any], non_finite_count: int, *, has_numbers: bool) -> TensorStatistics:
    if not has_numbers:
        return TensorStatistics(mean=None, std=None, minimum=None, maximum=None, non_finite_count=non_finite_count)
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = np.mean(values, dtype=np.float64), np.std(values, dtype=np.float64)
    return TensorStatistics(
        mean=_finite(mean),
        std=_finite(std),
        minimum=float(values.min()),
        maximum=float(values.max()),
        non_finite_count=non_finite_count,
    )


def _finite(value: Any) -> float | None:
    return float(value) if isfinite(value) else None
