"""What the dimensions of a stored tensor stand for, by the kind of its layer and its role."""

from mbgui.analysis.weight_layout import Axes
from mbgui.analysis.weight_roles import EMBEDDINGS, KERNEL
from mbgui.analysis.weight_slots import WeightSlot
from mbgui.domain.framework import Framework
from mbgui.domain.network import LayerKind

IN, OUT, MULTIPLIER = "in", "out", "multiplier"
SPATIAL: dict[int, tuple[str, ...]] = {
    0: (),
    1: ("width",),
    2: ("height", "width"),
    3: ("depth", "height", "width"),
}


def tensor_axes(framework: Framework, slot: WeightSlot, kind: LayerKind, role: str) -> Axes | None:
    """The axes of a tensor in storage order, `None` where nothing is known of them; a vector has one."""
    shape = slot.tensors[role].shape
    if role == EMBEDDINGS:
        names: tuple[str, ...] = ("token", OUT)
    elif role != KERNEL:
        sizes = [size for size in shape if size != 1] or [1]
        return ((OUT, sizes[0]),) if len(sizes) == 1 else None
    else:
        spatial = SPATIAL.get(len(shape) - 2, ()) if kind is not LayerKind.DENSE else ()
        names = _kernel_names(framework, spatial, kind, is_depthwise=slot.is_depthwise)
    return tuple(zip(names, shape, strict=True)) if len(names) == len(shape) else None


def _kernel_names(
    framework: Framework, spatial: tuple[str, ...], kind: LayerKind, *, is_depthwise: bool
) -> tuple[str, ...]:
    is_transposed = kind is LayerKind.TRANSPOSED_CONVOLUTION
    if framework is Framework.PYTORCH:
        return (IN, OUT, *spatial) if is_transposed else (OUT, IN, *spatial)
    if is_transposed:
        return (*spatial, OUT, IN)
    return (*spatial, IN, MULTIPLIER if is_depthwise else OUT)


def split_heads(plain: Axes, shape: tuple[int, ...]) -> tuple[Axes, Axes] | None:
    """The axes of a matrix or a bias, and of a Keras `EinsumDense` that holds features as (heads, size).

    Its kernel is (in, heads, size) where it makes heads, and (heads, size, out) where it joins them.
    """
    sizes = dict(plain)
    made = shape if IN not in sizes else shape[1:] if shape[:1] == (sizes[IN],) else ()
    if len(made) == 2 and made[0] * made[1] == sizes.get(OUT):
        parts = ((f"{OUT} head", made[0]), (f"{OUT} size", made[1]))
        return _replaced(plain, OUT, parts), (*(axis for axis in plain if axis[0] == IN), *parts)
    if IN in sizes and len(shape) == 3 and shape[0] * shape[1] == sizes[IN] and shape[2] == sizes.get(OUT):
        parts = ((f"{IN} head", shape[0]), (f"{IN} size", shape[1]))
        return _replaced(plain, IN, parts), (*parts, (OUT, shape[2]))
    return None


def _replaced(axes: Axes, name: str, parts: Axes) -> Axes:
    return tuple(part for axis in axes for part in (parts if axis[0] == name else (axis,)))


def split_multipliers(axes: Axes, other: Axes) -> Axes:
    """PyTorch's depthwise outputs, split into channels and multipliers where the other side has them apart.

    Both count outputs by channel first: output c·M + m belongs to channel c.
    """
    theirs = dict(other)
    mine = dict(axes)
    if MULTIPLIER not in theirs or MULTIPLIER in mine or mine.get(IN) != 1 or OUT not in mine:
        return axes
    split = ((IN, theirs[IN]), (MULTIPLIER, theirs[MULTIPLIER]))
    if mine[OUT] != theirs[IN] * theirs[MULTIPLIER]:
        return axes
    return tuple(part for axis in axes if axis[0] != IN for part in (split if axis[0] == OUT else (axis,)))
