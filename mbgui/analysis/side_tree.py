"""The hierarchy of one network: its containers, or groups made from its layers' names where it has none."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from mbgui.analysis.accounting import counted_values_by_layer
from mbgui.analysis.graph import leaves
from mbgui.analysis.name_groups import name_groups
from mbgui.domain.network import Layer, LayerKind, Network
from mbgui.domain.outline import OutlineCell

_GROUP = "\0"
"""Marks the key of a container or group, so that a layer and a group of the same name are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTree:
    """One side's hierarchy: the containers above each leaf, outermost first, and each cell's totals."""

    chains: dict[str, tuple[str, ...]]
    cells: dict[str, OutlineCell]


def side_tree(network: Network) -> SideTree:
    """The hierarchy of a network; totals of containers include everything below them."""
    by_path = {layer.path: layer for layer in network.layers}
    chains = {layer.path: _ancestors(layer, by_path) for layer in leaves(network)}
    if not any(chains.values()):
        chains = dict(zip(chains, name_groups(list(chains)), strict=True))
    chains = {path: tuple([f"{_GROUP}{name}" for name in names]) for path, names in chains.items()}
    parameters, macs = _totals(network, chains, by_path)
    keys = dict.fromkeys([*chains, *chain.from_iterable(chains.values())])
    return SideTree(chains=chains, cells={key: _cell(key, by_path, parameters, macs) for key in keys})


def _totals(
    network: Network, chains: dict[str, tuple[str, ...]], by_path: dict[str, Layer]
) -> tuple[Counter[str], Counter[str]]:
    """Counted parameters and multiply-accumulates of every leaf and of everything below each group, by key."""
    values = counted_values_by_layer(network)
    parameters: Counter[str] = Counter()
    macs: Counter[str] = Counter()
    for path, above in chains.items():
        value_count, mac_count = values.get(path, 0), by_path[path].mac_count
        for key in (path, *above):
            parameters[key] += value_count
            macs[key] += mac_count
    for layer in network.layers:
        if layer.kind is LayerKind.CONTAINER and layer.path in values:
            for path in (layer.path, *_ancestors(layer, by_path)):
                parameters[f"{_GROUP}{path}"] += values[layer.path]
    return parameters, macs


def _cell(key: str, by_path: dict[str, Layer], parameters: Counter[str], macs: Counter[str]) -> OutlineCell:
    label = key.removeprefix(_GROUP)
    layer = by_path.get(label)
    is_group = key.startswith(_GROUP)
    named = layer is not None and (layer.kind is LayerKind.CONTAINER) == is_group
    return OutlineCell(
        label=label, layer=label if named else None, parameter_count=parameters[key], mac_count=macs[key]
    )


def _ancestors(layer: Layer, by_path: dict[str, Layer]) -> tuple[str, ...]:
    above: list[str] = []
    parent = by_path.get(layer.parent)
    while parent is not None and parent.path not in above:
        above.append(parent.path)
        parent = by_path.get(parent.parent)
    return tuple(reversed(above))
