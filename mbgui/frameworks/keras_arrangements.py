"""Keras layers that reshape, resize, permute or rescale."""

from typing import Any

from mbgui.domain import attribute_names as names
from mbgui.domain.network import LayerKind
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.layer_traits import LayerTraits, traits


def reshape(layer: Any, _call: GraphCall) -> LayerTraits:
    """To another shape."""
    return traits(LayerKind.RESHAPE, {names.TARGET_SHAPE: tuple(int(size) for size in layer.target_shape)})


def resize(layer: Any, call: GraphCall) -> LayerTraits:
    """Interpolation of a map to another size."""
    values: dict[str, Any] = {names.INTERPOLATION: layer.interpolation, names.OUTPUT_SIZE: call.outputs[0].shape[1:-1]}
    if layer.interpolation != "nearest":
        values[names.ALIGN_CORNERS] = False
    if layer.interpolation == "bicubic":
        values[names.CUBIC_COEFFICIENT] = -0.5  # `ResizeBicubic` of TensorFlow with pixels that count by their middle
    return traits(LayerKind.RESIZE, values)


def permute(layer: Any, _call: GraphCall) -> LayerTraits:
    """Axes in another order."""
    return traits(
        LayerKind.RESHAPE, {names.PERMUTATION: (0, *map(int, layer.dims))}, {names.PERMUTATION: f"dims={layer.dims!r}"}
    )


def rescale(layer: Any, _call: GraphCall) -> LayerTraits:
    """Times a factor, plus an offset; values only where each is a single number."""
    values = {names.FACTOR: layer.scale, names.OFFSET: layer.offset}
    native = {names.FACTOR: f"scale={layer.scale!r}", names.OFFSET: f"offset={layer.offset!r}"}
    return traits(
        LayerKind.RESCALE, {name: value for name, value in values.items() if isinstance(value, int | float)}, native
    )
