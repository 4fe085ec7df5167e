"""The outline of one network alone, shown while the other side is still being read."""

from collections.abc import Iterable

from mbgui.domain.network import Layer, LayerKind, Network
from mbgui.domain.outline import Outline, OutlineCell, OutlineRow, RowStatus
from mbgui.domain.request import Side


def outline_network(network: Network, side: Side) -> Outline:
    """Every layer on a row of its own, nested as its framework nests it; the other side is empty."""
    totals = _totals(network)
    indices: dict[str, int] = {}
    rows = []
    for index, layer in enumerate(network.layers):
        indices[layer.path] = index
        parameters, macs = totals[layer.path]
        cell = OutlineCell(
            label=layer.path.rsplit("/", 1)[-1], layer=layer.path, parameter_count=parameters, mac_count=macs
        )
        rows.append(_row(indices.get(layer.parent, -1), cell, side, is_group=layer.kind is LayerKind.CONTAINER))
    return Outline(rows=tuple(rows))


def _row(parent: int, cell: OutlineCell, side: Side, *, is_group: bool) -> OutlineRow:
    return OutlineRow(
        parent=parent,
        left=cell if side is Side.LEFT else None,
        right=cell if side is Side.RIGHT else None,
        is_group=is_group,
        status=RowStatus.SAME,
        causes=(),
        confidence=0.0,
        evidence=(),
    )


def _totals(network: Network) -> dict[str, tuple[int, int]]:
    """Parameters as the framework counts them, and MACs, of every layer with all its members."""
    own = dict.fromkeys((layer.path for layer in network.layers), 0)
    for tensor in network.tensors:
        if tensor.is_counted_by_framework and tensor.layer in own:
            own[tensor.layer] += tensor.value_count
    macs = {layer.path: layer.mac_count for layer in network.layers}
    for layer in _members_first(network.layers):
        if layer.parent in own:
            own[layer.parent] += own[layer.path]
            macs[layer.parent] += macs[layer.path]
    return {path: (own[path], macs[path]) for path in own}


def _members_first(layers: tuple[Layer, ...]) -> Iterable[Layer]:
    """Layers come after the container they lie in, so backwards every member comes first."""
    return reversed(layers)
