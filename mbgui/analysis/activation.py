"""Which activation follows a layer, whether it is fused into the layer or a layer of its own."""

from collections import Counter
from dataclasses import dataclass

from mbgui.analysis.graph import NetworkGraph, leaves
from mbgui.analysis.wording import attribute_title, value_text
from mbgui.domain.attribute_names import ACTIVATION, ALPHA, MAX_VALUE, MIN_VALUE, NEGATIVE_SLOPE
from mbgui.domain.network import Layer, LayerKind, Network

NO_ACTIVATION = "linear"
_PARAMETERS = (MAX_VALUE, MIN_VALUE, NEGATIVE_SLOPE, ALPHA)
_TRANSPARENT = frozenset({LayerKind.IDENTITY, LayerKind.FLATTEN, LayerKind.RESHAPE, LayerKind.DROPOUT})
_NEVER_NEGATIVE = frozenset({"relu", "sigmoid", "hard_sigmoid", "softmax", "softplus"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadActivation:
    """The function behind the last weighted layer, and the path of its own layer (`None` where it is fused)."""

    function: str
    weighted_layer: str | None
    own_layer: str | None


def fused_activation(layer: Layer) -> str:
    """The activation of a layer with its bounds and slopes: `relu (max value 6)`; `linear` where it has none."""
    name = layer.value(ACTIVATION)
    if not isinstance(name, str) or name == NO_ACTIVATION:
        return NO_ACTIVATION
    values = {parameter: layer.value(parameter) for parameter in _PARAMETERS}
    texts = [f"{attribute_title(name)} {value_text(value)}" for name, value in values.items() if value is not None]
    return f"{name} ({', '.join(texts)})" if texts else name


def following_activation(layer: Layer, graph: NetworkGraph) -> str:
    """The activation applied to a layer's output by itself or by the layer that alone reads it."""
    fused = fused_activation(layer)
    if fused != NO_ACTIVATION:
        return fused
    reader = graph.only_consumer(layer.path)
    return fused_activation(reader) if reader is not None and reader.kind is LayerKind.ACTIVATION else NO_ACTIVATION


def is_never_negative(layer: Layer) -> bool:
    """Whether a layer's activation sees to it that no output is below zero."""
    return layer.value(ACTIVATION) in _NEVER_NEGATIVE


def is_fused_partner(alone: Layer, graph: NetworkGraph, partners: dict[str, Layer]) -> bool:
    """Whether a lone activation layer stands where the other side has one fused into the partner of its producer.

    Which functions the two are is compared at that pair.
    """
    producer = graph.only_producer(alone)
    if alone.kind is not LayerKind.ACTIVATION or producer is None:
        return False
    partner = partners.get(producer.path)
    return partner is not None and fused_activation(partner) != NO_ACTIVATION


def repeated_activations(network: Network) -> Counter[str]:
    """How often each activation function runs beyond its first call, in layers that are called several times."""
    calls: Counter[str] = Counter()
    for layer in network.layers:
        if layer.kind is LayerKind.ACTIVATION and layer.call_count > 1:
            calls[fused_activation(layer)] += layer.call_count - 1
    return calls


def head_activation(network: Network, graph: NetworkGraph) -> HeadActivation:
    """The activation between the last weighted layer and the network's output.

    Walks back from the last leaf layer over one activation and layers that only reshape or drop; stops at any other.
    """
    own: Layer | None = None
    layer = next((found for found in reversed(leaves(network)) if found.call_count), None)
    while layer is not None and (layer.kind in _TRANSPARENT or (layer.kind is LayerKind.ACTIVATION and own is None)):
        own = layer if layer.kind is LayerKind.ACTIVATION else own
        layer = graph.only_producer(layer)
    applied = own or layer
    return HeadActivation(
        function=fused_activation(applied) if applied is not None else NO_ACTIVATION,
        weighted_layer=layer.path if layer is not None else None,
        own_layer=own.path if own is not None else None,
    )
