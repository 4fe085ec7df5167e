"""Permutations that swap the sides of a map, told from those that only change the layout."""

from mbgui.analysis.call_sides import CallSide
from mbgui.domain.attribute_names import PERMUTATION
from mbgui.domain.network import LayerKind

_LAYOUT_KINDS = frozenset(
    {
        LayerKind.INPUT,
        LayerKind.CONVOLUTION,
        LayerKind.TRANSPOSED_CONVOLUTION,
        LayerKind.SEPARABLE_CONVOLUTION,
        LayerKind.POOLING,
        LayerKind.BATCH_NORMALIZATION,
        LayerKind.RESIZE,
        LayerKind.PADDING,
    }
)
"""Kinds that give maps in the network's own layout."""
_AXES = {"NCHW": (0, 1, 2, 3), "NHWC": (0, 2, 3, 1)}
"""Which axis of NCHW each axis of a map is."""
_HEIGHT, _WIDTH = 2, 3


def turning_layers(side: CallSide) -> frozenset[str]:
    """Paths of the layers that put height and width of a map in each other's place."""
    if not any(layer.attribute(PERMUTATION) is not None for layer in side.calls.layers):
        return frozenset()
    own = _AXES.get(side.network.data_layout, ())
    found: list[tuple[int, ...]] = []
    turning: set[str] = set()
    for call, layer in enumerate(side.calls.layers):
        read = side.calls.producers[call]
        spec = side.output(call)
        given = found[read[0]] if read and layer.kind not in _LAYOUT_KINDS else own
        permutation = layer.value(PERMUTATION)
        axes = given if spec is not None and len(spec.shape) == len(own) else ()
        if isinstance(permutation, tuple) and axes and sorted(permutation) == list(range(len(axes))):
            axes = tuple(axes[axis] for axis in permutation)
            if _is_upright(axes) is not _is_upright(given):
                turning.add(layer.path)
        found.append(axes)
    return frozenset(turning)


def _is_upright(axes: tuple[int, ...]) -> bool:
    return axes.index(_HEIGHT) < axes.index(_WIDTH)
