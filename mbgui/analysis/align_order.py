"""The parts of a network in an order that depends on its structure only.

Frameworks run branches in different orders (Keras by depth, PyTorch as the code is written), so execution order does
not line up. Here each part comes behind everything that it reads; of several branches that it reads the one with the
most weighted layers comes first, then the one with the most parameters.
"""

from collections.abc import Iterable
from math import prod

from mbgui.analysis.align_parts import PartGraph

_Weight = tuple[int, int]
"""Weighted layers on the longest path from the input, and the values that they store."""


def canonical_order(graph: PartGraph) -> list[int]:
    """All parts by number; those that do not reach an output stand behind what ran before them."""
    weights = _weights(graph)
    reads = [_by_weight(graph, read, weights) for read in graph.producers]
    return _with_dead_ends(graph, _depth_first(graph.outputs, reads))


def _weights(graph: PartGraph) -> list[_Weight]:
    """The weight above and at each part; one that lies on a cycle counts as if the cycle were cut."""
    weights: list[_Weight] = [(0, 0)] * len(graph.parts)
    for number in _depth_first(range(len(graph.parts)), graph.producers):
        layers, values = max((weights[producer] for producer in graph.producers[number]), default=(0, 0))
        own = sum(map(prod, graph.parts[number].parameters))
        weights[number] = (layers + bool(own), values + own)
    return weights


def _by_weight(graph: PartGraph, read: tuple[int, ...], weights: list[_Weight]) -> tuple[int, ...]:
    """What a part reads, the heaviest branch first; equal branches in the order of a text of what ends them."""
    if len(read) < 2:
        return read
    return tuple(sorted(read, key=lambda number: (*(-weight for weight in weights[number]), _ending(graph, number))))


def _ending(graph: PartGraph, number: int) -> str:
    return repr(graph.parts[number].signature)


def _depth_first(starts: Iterable[int], reads: list[tuple[int, ...]] | tuple[tuple[int, ...], ...]) -> list[int]:
    """Everything that the starts depend on, each node once and behind what it reads."""
    order: list[int] = []
    seen = bytearray(len(reads))
    for start in starts:
        if seen[start]:
            continue
        seen[start] = 1
        path = [(start, iter(reads[start]))]
        while path:
            node, rest = path[-1]
            for following in rest:
                if not seen[following]:
                    seen[following] = 1
                    path.append((following, iter(reads[following])))
                    break
            else:
                order.append(node)
                path.pop()
    return order


def _with_dead_ends(graph: PartGraph, order: list[int]) -> list[int]:
    if len(order) == len(graph.parts):
        return order
    reached = set(order)
    behind: dict[int, list[int]] = {}
    last = -1
    for number in range(len(graph.parts)):
        if number in reached:
            last = number
        else:
            behind.setdefault(last, []).append(number)
    whole = behind.get(-1, [])
    for number in order:
        whole.append(number)
        whole += behind.get(number, ())
    return whole
