"""Which activation follows a layer, whether it is fused into the layer or a layer of its own."""

from collections import Counter
from dataclasses import dataclass

from mbgui.analysis.graph import NetworkGraph, leaves
from mbgui.domain.attribute_names import ACTIVATION
from mbgui.domain.network import Layer, LayerKind, Network

NO_ACTIVATION = "linear"
_TRANSPARENT = frozenset({LayerKind.IDENTITY, LayerKind.FLATTEN, LayerKind.RESHAPE, LayerKind.DROPOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadActivation:
    """The function behind the last weighted layer, and the paths of the layers that make up the head."""

    function: str
    weighted_layer: str | None
    layers: frozenset[str]


def fused_activation(layer: Layer) -> str:
    """The activation that is part of a layer, `linear` where it has none."""
    value = layer.value(ACTIVATION)
    return value if isinstance(value, str) else NO_ACTIVATION


def following_activation(layer: Layer, graph: NetworkGraph) -> str:
    """The activation applied to a layer's output by itself or by the layer that alone reads it."""
    fused = fused_activation(layer)
    if fused != NO_ACTIVATION:
        return fused
    reader = graph.only_consumer(layer.path)
    return fused_activation(reader) if reader is not None and reader.kind is LayerKind.ACTIVATION else NO_ACTIVATION


def is_fused_partner(alone: Layer, graph: NetworkGraph, partners: dict[str, Layer]) -> bool:
    """Whether a lone activation layer is what the other side has fused into the partner of its producer."""
    producer = graph.only_producer(alone)
    if alone.kind is not LayerKind.ACTIVATION or producer is None:
        return False
    partner = partners.get(producer.path)
    return partner is not None and fused_activation(partner) == fused_activation(alone)


def repeated_activations(network: Network) -> Counter[str]:
    """How often each activation function runs beyond its first call, in layers that are called several times."""
    calls: Counter[str] = Counter()
    for layer in network.layers:
        if layer.kind is LayerKind.ACTIVATION and layer.call_count > 1:
            calls[fused_activation(layer)] += layer.call_count - 1
    return calls


def head_activation(network: Network, graph: NetworkGraph) -> HeadActivation:
    """The activation between the last weighted layer and the network's output.

    Walks back from the last leaf layer over activations and layers that only reshape; stops at the first other one.
    """
    function = NO_ACTIVATION
    passed: list[str] = []
    layer = next((found for found in reversed(leaves(network)) if found.call_count), None)
    while layer is not None and layer.kind in _TRANSPARENT | {LayerKind.ACTIVATION}:
        passed.append(layer.path)
        if layer.kind is LayerKind.ACTIVATION and function == NO_ACTIVATION:
            function = fused_activation(layer)
        layer = graph.only_producer(layer)
    if layer is None:
        return HeadActivation(function=function, weighted_layer=None, layers=frozenset(passed))
    if function == NO_ACTIVATION:
        function = fused_activation(layer)
    return HeadActivation(function=function, weighted_layer=layer.path, layers=frozenset((*passed, layer.path)))
