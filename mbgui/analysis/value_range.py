"""Between which bounds the outputs of a layer lie, as far as its activation says."""

from math import inf

from mbgui.analysis.graph import NetworkGraph
from mbgui.domain.attribute_names import ACTIVATION, MAX_VALUE, MIN_VALUE, NEGATIVE_SLOPE
from mbgui.domain.network import Layer, LayerKind

Range = tuple[float, float]
_ANY: Range = (-inf, inf)
_KEEPING = frozenset(
    {
        LayerKind.DROPOUT,
        LayerKind.FLATTEN,
        LayerKind.GLOBAL_POOLING,
        LayerKind.IDENTITY,
        LayerKind.POOLING,
        LayerKind.RESHAPE,
    }
)
"""Kinds whose outputs lie where their inputs do."""
_RANGES: dict[str, Range] = {
    "relu": (0.0, inf),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softplus": (0.0, inf),
    "tanh": (-1.0, 1.0),
}


def range_of(layer: Layer, graph: NetworkGraph) -> Range:
    """The lowest and the highest value that a layer can give."""
    at: Layer | None = layer
    while at is not None and at.kind in _KEEPING:
        at = graph.only_producer(at)
    return _own_range(at) if at is not None else _ANY


def cuts_nothing(layer: Layer, graph: NetworkGraph) -> bool:
    """Whether an activation layer is a clip between bounds that nothing it gets lies beyond, like a second ReLU."""
    producer = graph.only_producer(layer)
    if producer is None or layer.value(ACTIVATION) != "relu" or layer.value(NEGATIVE_SLOPE) or layer.value(MIN_VALUE):
        return False
    lowest, highest = range_of(producer, graph)
    return lowest >= 0 and highest <= _own_range(layer)[1]


def _own_range(layer: Layer) -> Range:
    lowest, highest = _RANGES.get(str(layer.value(ACTIVATION)), _ANY)
    if layer.value(NEGATIVE_SLOPE) or layer.value(MIN_VALUE):
        return _ANY
    bound = layer.value(MAX_VALUE)
    return lowest, min(highest, float(bound)) if isinstance(bound, int | float) else highest
