"""Effective padding: a padding layer and the convolution behind it, read as one."""

from dataclasses import replace

from mbgui.analysis.graph import NetworkGraph, graph_of
from mbgui.domain.attribute_names import PADDING, PADDING_MODE
from mbgui.domain.network import Attribute, Layer, LayerKind, Network

_PADDED_KINDS = frozenset(
    {LayerKind.CONVOLUTION, LayerKind.SEPARABLE_CONVOLUTION, LayerKind.TRANSPOSED_CONVOLUTION, LayerKind.POOLING}
)


def fold_padding(network: Network) -> Network:
    """The network with the sides of each zero-padding layer added to the padding of the layer that alone reads it.

    The padding layers stay in the list; only the `padding` attribute behind them changes, and says so in its spelling.
    """
    graph = graph_of(network)
    return replace(network, layers=tuple(_with_folded_padding(layer, graph) for layer in network.layers))


def folded_padding_layers(network: Network) -> frozenset[str]:
    """Paths of the padding layers whose sides `fold_padding` adds to the layer behind them."""
    graph = graph_of(network)
    return frozenset(
        producer.path for layer in network.layers if (producer := _padding_in_front(layer, graph)) is not None
    )


def _padding_in_front(layer: Layer, graph: NetworkGraph) -> Layer | None:
    if layer.kind not in _PADDED_KINDS:
        return None
    producer = graph.only_producer(layer)
    if producer is None or producer.kind is not LayerKind.PADDING or graph.only_consumer(producer.path) is not layer:
        return None
    return producer if producer.value(PADDING_MODE) in {None, "zeros"} else None


def _with_folded_padding(layer: Layer, graph: NetworkGraph) -> Layer:
    producer = _padding_in_front(layer, graph)
    own = layer.attribute(PADDING)
    if producer is None or own is None:
        return layer
    front = producer.value(PADDING)
    if not isinstance(front, tuple) or not isinstance(own.value, tuple) or len(front) != len(own.value):
        return layer
    folded = Attribute(
        name=PADDING,
        value=tuple(mine + before for mine, before in zip(own.value, front, strict=True)),
        native=f"{own.native} behind {producer.path}",
    )
    attributes = tuple(folded if attribute.name == PADDING else attribute for attribute in layer.attributes)
    return replace(layer, attributes=attributes)
