"""Shapes in one layout, so that tensors of both frameworks can be compared."""

from mbgui.domain.network import Layer

CHANNELS_LAST = "NHWC"


def canonical_shape(shape: tuple[int, ...], data_layout: str) -> tuple[int, ...]:
    """`shape` without its batch dimension, channels first, trailing dimensions of one dropped.

    A pooled (1, 1280, 1, 1) in NCHW and a pooled (1, 1280) both give (1280,).
    """
    body = shape[1:]
    if data_layout == CHANNELS_LAST and len(body) > 2:
        body = (body[-1], *body[:-1])
    while len(body) > 1 and body[-1] == 1:
        body = body[:-1]
    return body


def canonical_output(layer: Layer, data_layout: str) -> tuple[int, ...] | None:
    """The canonical shape of a layer's first output, `None` where it has none."""
    return canonical_shape(layer.outputs[0].shape, data_layout) if layer.outputs else None


def unordered_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The sizes of a stored tensor above one, the smallest first: the same for a kernel in either layout."""
    return tuple(sorted(size for size in shape if size != 1))
