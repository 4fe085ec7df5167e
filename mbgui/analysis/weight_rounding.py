"""Values as narrower number formats hold them."""

from collections.abc import Callable

import numpy as np

from mbgui.analysis.weight_layout import Array


def as_float16(values: Array) -> Array:
    """Rounded to IEEE half precision, in single precision again."""
    with np.errstate(over="ignore", under="ignore"):
        rounded: Array = values.astype(np.float16).astype(np.float32)
    return rounded


def as_bfloat16(values: Array) -> Array:
    """Rounded to the nearest bfloat16, ties to even: the upper half of a float32."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32).astype(np.uint64)
    rounded = bits + np.uint64(0x7FFF) + ((bits >> np.uint64(16)) & np.uint64(1))
    return (rounded & np.uint64(0xFFFF0000)).astype(np.uint32).view(np.float32)


def as_cut_bfloat16(values: Array) -> Array:
    """Cut off to bfloat16: the lower half of a float32 is set to zero."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


ROUNDINGS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("rounded to bfloat16", as_bfloat16),
    ("rounded to float16", as_float16),
    ("cut off to bfloat16", as_cut_bfloat16),
)
"""What may have happened to values on their way, in words."""
