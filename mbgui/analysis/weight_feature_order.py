"""In which order a map's values stand in a vector: what a Flatten made of it, or what a Reshape makes of a vector.

A vector's order is a tuple of axes, the slowest first: PyTorch flattens (channel, height, width), Keras (height, width,
channel). It is found from the graph, so that a Permute in between counts.
"""

from itertools import permutations
from math import prod

from mbgui.analysis.graph import NetworkGraph
from mbgui.analysis.weight_axes import SPATIAL
from mbgui.analysis.weight_layout import Axes, without_ones
from mbgui.domain.network import Layer, LayerKind, Network

CHANNEL = "channel"
_KEEPS_ORDER = frozenset(
    {
        LayerKind.ACTIVATION,
        LayerKind.BATCH_NORMALIZATION,
        LayerKind.DROPOUT,
        LayerKind.IDENTITY,
        LayerKind.INPUT,
        LayerKind.LAYER_NORMALIZATION,
        LayerKind.RESCALE,
        LayerKind.PADDING,
    }
)
_RESHAPES = frozenset({LayerKind.FLATTEN, LayerKind.RESHAPE})
_CHANNELS_AT_THE_END = frozenset(
    {LayerKind.ATTENTION, LayerKind.DENSE, LayerKind.EMBEDDING, LayerKind.MATRIX_PRODUCT, LayerKind.RECURRENT}
)
_PERMUTES = ("permute", "transpose", "swapaxes", "movedim", "moveaxis", "numpy_t")
_LONGEST_CHAIN = 64


def order_before(network: Network, graph: NetworkGraph, layer: Layer) -> Axes | None:
    """The order of the vector that `layer` reads, `None` where no map was flattened into it."""
    return _walked_back(network, graph, layer, [])


def branches_before(network: Network, graph: NetworkGraph, layer: Layer) -> tuple[tuple[int, Axes | None], ...]:
    """Size and order of each of the vectors that `layer` reads one behind the other; empty where it reads a single one.

    Only where one of them was a map: else no order is at stake.
    """
    current: Layer | None = graph.only_producer(layer)
    while current is not None and current.kind in _KEEPS_ORDER:
        current = graph.only_producer(current)
    if current is None or current.kind is not LayerKind.CONCATENATE or len(current.outputs[0].shape) != 2:
        return ()
    sources = [graph.layers[path] for path in current.inputs if path in graph.layers and graph.layers[path].outputs]
    found = tuple((source.outputs[0].shape[-1], _order_from(network, graph, source)) for source in sources)
    is_whole = sum(size for size, _ in found) == current.outputs[0].shape[-1]
    return found if is_whole and any(order is not None for _, order in found) else ()


def _order_from(network: Network, graph: NetworkGraph, layer: Layer) -> Axes | None:
    """The order of the vector that a layer gives, judged by what comes before it."""
    is_passing_on = layer.kind in (_KEEPS_ORDER | _RESHAPES) and len(layer.outputs[0].shape) == 2
    return _walked_back(network, graph, layer, [layer]) if is_passing_on else None


def _walked_back(network: Network, graph: NetworkGraph, layer: Layer, chain: list[Layer]) -> Axes | None:
    """From `layer` back to the map; `chain` are the layers between, which may change the order."""
    current = layer
    while len(chain) < _LONGEST_CHAIN:
        producer = graph.only_producer(current)
        if producer is None or not producer.outputs:
            return _replayed(_input_order(network, current), chain) if not current.inputs else None
        is_map = len(producer.outputs[0].shape) > 2
        if producer.kind not in (_KEEPS_ORDER | _RESHAPES) or producer.kind is LayerKind.INPUT:
            return _replayed(_order_of(network, producer), chain) if is_map else None
        chain.insert(0, producer)
        current = producer
    return None


def order_behind(network: Network, graph: NetworkGraph, layer: Layer) -> Axes | None:
    """The order of the vector that `layer` gives, `None` where no map is made of it."""
    current = layer
    for _ in range(_LONGEST_CHAIN):
        reader = graph.only_consumer(current.path)
        if reader is None or not reader.outputs or reader.kind not in (_KEEPS_ORDER | _RESHAPES):
            return None
        if len(reader.outputs[0].shape) > 2:
            return _order_made_by(network, graph, reader)
        current = reader
    return None


def matched_orders(left: Axes | None, right: Axes | None) -> tuple[Axes, Axes] | None:
    """Both orders in the same words, `None` where they cannot be of the same map.

    Where only one is known, the other is taken to be the same. Equal sizes in equal order under different words are the
    same, too: (steps, features) of a sequence are not channels and a width.
    """
    if left is None or right is None:
        known = without_ones(left or right or ())
        return known, known
    mine, other = without_ones(left), without_ones(right)
    if sorted(mine) == sorted(other):
        return mine, other
    return (mine, mine) if [size for _, size in mine] == [size for _, size in other] else None


def _order_made_by(network: Network, graph: NetworkGraph, reshape: Layer) -> Axes | None:
    shape = reshape.outputs[0].shape[1:]
    reader = graph.only_consumer(reshape.path)
    if reader is None or not is_permutation(reader) or not reader.outputs:
        return named_map(network.data_layout, shape)
    after = named_map(network.data_layout, reader.outputs[0].shape[1:])
    order = _permutation(shape, reader.outputs[0].shape[1:], is_from_front=network.data_layout == "NHWC")
    if after is None or order is None:
        return None
    places = {source: target for target, source in enumerate(order)}
    return tuple(after[places[index]] for index in range(len(shape)))


def _input_order(network: Network, layer: Layer) -> Axes | None:
    """That of the network's own input, where the layer reads it directly."""
    is_first = layer.kind in (_RESHAPES | _KEEPS_ORDER) and len(network.inputs) == 1
    return named_map(network.data_layout, network.inputs[0].shape[1:]) if is_first else None


def _order_of(network: Network, layer: Layer) -> Axes | None:
    layout = "NHWC" if layer.kind in _CHANNELS_AT_THE_END else network.data_layout
    return named_map(layout, layer.outputs[0].shape[1:])


def named_map(layout: str, shape: tuple[int, ...]) -> Axes | None:
    """The axes of a map without its batch dimension in a data layout; `None` for a vector."""
    spatial = SPATIAL.get(len(shape) - 1)
    if spatial is None or not spatial:
        return None
    names = (*spatial, CHANNEL) if layout == "NHWC" else (CHANNEL, *spatial)
    return tuple(zip(names, shape, strict=True))


def _replayed(order: Axes | None, chain: list[Layer]) -> Axes | None:
    """The order behind a chain of layers: a Permute changes it, a Reshape does not."""
    if order is None:
        return None
    shape = tuple(size for _, size in order)
    for layer in chain:
        after = layer.outputs[0].shape[1:]
        if layer.kind is LayerKind.PADDING or prod(after) != prod(shape):
            order = _resized(order, after)
        elif is_permutation(layer):
            order = _permuted(order, shape, after)
        if order is None:
            return None
        shape = after
    return order


def _resized(order: Axes, shape: tuple[int, ...]) -> Axes | None:
    """The same order of a map of another size: padding."""
    if len(shape) != len(order):
        return None
    return tuple((name, size) for (name, _), size in zip(order, shape, strict=True))


def is_permutation(layer: Layer) -> bool:
    """Whether a layer moves dimensions."""
    return layer.type_name.lower().startswith(_PERMUTES) or layer.type_name == "t"


def _permuted(order: Axes, before: tuple[int, ...], after: tuple[int, ...]) -> Axes | None:
    groups = _grouped(order, before)
    moved = _permutation(before, after, is_from_front=order[0][0] == CHANNEL)
    if groups is None or moved is None:
        return None
    return tuple(axis for index in moved for axis in groups[index])


def _grouped(order: Axes, shape: tuple[int, ...]) -> list[Axes] | None:
    """The axes that each dimension of `shape` holds, `None` where one is cut through."""
    rest = list(order)
    groups: list[Axes] = []
    for size in shape:
        group: list[tuple[str, int]] = []
        while rest and prod(length for _, length in group) < size:
            group.append(rest.pop(0))
        if prod(length for _, length in group) != size:
            return None
        groups.append(tuple(group))
    return groups


def _permutation(before: tuple[int, ...], after: tuple[int, ...], *, is_from_front: bool) -> tuple[int, ...] | None:
    """Which dimension goes where, judged by the sizes; where they leave a choice, the channels change ends."""
    if len(before) != len(after) or len(before) > 4:
        return None
    rank = len(before)
    usual = (*range(1, rank), 0) if is_from_front else (rank - 1, *range(rank - 1))
    still = tuple(range(rank))
    for order in (usual, *permutations(still)):
        if order != still and tuple(before[index] for index in order) == after:
            return order
    return None
