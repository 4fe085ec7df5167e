"""Effective padding: a padding layer and the layer behind it, read as one."""

from dataclasses import replace

from mbgui.analysis.activation import is_never_negative
from mbgui.analysis.graph import NetworkGraph, graph_of
from mbgui.domain.attribute_names import COUNT_INCLUDE_PAD, PADDING, PADDING_MODE, POOLING
from mbgui.domain.network import Attribute, Layer, LayerKind, Network

_PADDED_KINDS = frozenset({LayerKind.CONVOLUTION, LayerKind.SEPARABLE_CONVOLUTION, LayerKind.POOLING})
"""Not transposed convolutions: zeros in front of one widen its output by the stride, they are no padding of its own."""
_ZEROS = frozenset({None, "zeros"})


def fold_padding(network: Network) -> Network:
    """The network with the sides of each zero-padding layer added to the padding of the layer that alone reads it.

    The padding layers stay in the list; only the attributes of the layers behind them change, and say so in their
    spelling. A network that was folded already comes back as it is.
    """
    if not any(layer.kind is LayerKind.PADDING for layer in network.layers):
        return network
    graph = graph_of(network)
    return replace(network, layers=tuple(_with_folded_padding(layer, graph) for layer in network.layers))


def folded_padding_layers(network: Network, graph: NetworkGraph) -> frozenset[str]:
    """Paths of the padding layers whose sides `fold_padding` adds to the layer behind them, or has added already."""
    fronts = (_padding_in_front(layer, graph) for layer in network.layers)
    return frozenset(front.path for front in fronts if front is not None)


def _padding_in_front(layer: Layer, graph: NetworkGraph) -> Layer | None:
    if layer.kind not in _PADDED_KINDS:
        return None
    front = graph.only_producer(layer)
    if front is None or front.kind is not LayerKind.PADDING or graph.only_consumer(front.path) is not layer:
        return None
    if len(_sides(front)) != len(_sides(layer)) or not _sides(front):
        return None
    modes = {front.value(PADDING_MODE), layer.value(PADDING_MODE)}
    return front if modes <= _ZEROS and _takes_zeros_for_padding(layer, front, graph) else None


def _takes_zeros_for_padding(layer: Layer, front: Layer, graph: NetworkGraph) -> bool:
    """Whether zeros in front of a layer are the same as padding of its own.

    A maximum takes padding for minus infinity, which zeros equal only where nothing is below zero. An average has to
    count its own padding, too, if it has any.
    """
    if layer.kind is not LayerKind.POOLING:
        return True
    if layer.value(POOLING) == "average":
        return not any(_sides(layer)) or layer.value(COUNT_INCLUDE_PAD) is True
    producer = graph.only_producer(front)
    return producer is not None and is_never_negative(producer)


def _sides(layer: Layer) -> tuple[int, ...]:
    sides = layer.value(PADDING)
    return sides if isinstance(sides, tuple) else ()


def _with_folded_padding(layer: Layer, graph: NetworkGraph) -> Layer:
    front = _padding_in_front(layer, graph)
    if front is None:
        return layer
    attributes = {attribute.name: attribute for attribute in layer.attributes}
    addition = f" behind {front.path}"
    if attributes[PADDING].native.endswith(addition):
        return layer
    attributes[PADDING] = Attribute(
        name=PADDING,
        value=tuple(own + before for own, before in zip(_sides(layer), _sides(front), strict=True)),
        native=f"{attributes[PADDING].native}{addition}",
    )
    if layer.kind is LayerKind.POOLING and layer.value(POOLING) == "average":
        attributes[COUNT_INCLUDE_PAD] = Attribute(
            name=COUNT_INCLUDE_PAD, value=True, native=f"the zeros of {front.path} are values like any other"
        )
    return replace(layer, attributes=tuple(attributes.values()))
