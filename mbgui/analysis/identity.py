"""Layers that change nothing at the size at hand, so that standing alone is no difference."""

from mbgui.analysis.graph import NetworkGraph
from mbgui.analysis.value_range import cuts_nothing
from mbgui.domain.attribute_names import FACTOR, OFFSET, OUTPUT_SIZE, RATE
from mbgui.domain.network import Layer, LayerKind


def is_identity(layer: Layer, graph: NetworkGraph) -> bool:
    """Whether a layer hands on what it gets.

    True of a dropout of nothing, of a concatenation of one tensor, of a factor of one, of a ReLU behind a ReLU, and of
    an adaptive pooling whose map has its output size already: each window then holds one value.
    """
    if layer.kind is LayerKind.DROPOUT:
        return layer.value(RATE) == 0
    if layer.kind is LayerKind.CONCATENATE:
        return len(layer.inputs) == 1
    if layer.kind is LayerKind.RESCALE:
        return layer.value(FACTOR) == 1 and layer.value(OFFSET) == 0
    if layer.kind is LayerKind.ACTIVATION:
        return cuts_nothing(layer, graph)
    return layer.kind is LayerKind.POOLING and layer.attribute(OUTPUT_SIZE) is not None and _keeps_shape(layer, graph)


def _keeps_shape(layer: Layer, graph: NetworkGraph) -> bool:
    producer = graph.only_producer(layer)
    if producer is None or not producer.outputs or not layer.outputs:
        return False
    return producer.outputs[0].shape == layer.outputs[0].shape
