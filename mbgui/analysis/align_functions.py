"""Functions that one framework has as a layer and the other one writes as several operations.

Recognised by how the operations are wired: hard-sigmoid as a sum, a ReLU6 and a product; and what multiplies its input
with a function of it, such as SiLU. Numbers are not looked at, since graphs do not keep them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mbgui.analysis.align_calls import CallGraph
from mbgui.domain.attribute_names import ACTIVATION, MAX_VALUE
from mbgui.domain.network import LayerKind

_GATED = {("sigmoid",): "silu", ("hard_sigmoid",): "hard_silu", ("softplus", "tanh"): "mish"}
"""The name of x · f(x) by the functions that make f, in the order in which they run."""
_LONGEST_GATE = max(map(len, _GATED))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFunction:
    """Calls that together are one function of one input, in the order in which they run."""

    function: str
    calls: tuple[int, ...]
    input: int | None


def functions_of(graph: CallGraph) -> frozenset[str]:
    """The names of the functions that are layers, or fused into one."""
    return frozenset(str(layer.value(ACTIVATION)) for layer in graph.layers if layer.attribute(ACTIVATION) is not None)


def written_functions(graph: CallGraph, wanted: frozenset[str], settled: frozenset[int]) -> tuple[WrittenFunction, ...]:
    """The functions among `wanted` that this side writes as several operations, none of them a `settled` call.

    No call belongs to two of them.
    """
    hard = {found.calls[-1]: found for found in _hard_sigmoids(graph)}
    gates = [gate for gate in _gates(graph, hard) if gate.function in wanted and settled.isdisjoint(gate.calls)]
    taken = {call for gate in gates for call in gate.calls}
    taken |= settled
    alone = [found for found in hard.values() if found.function in wanted and taken.isdisjoint(found.calls)]
    return (*gates, *alone)


def _hard_sigmoids(graph: CallGraph) -> Iterator[WrittenFunction]:
    for last, layer in enumerate(graph.layers):
        clip = _only_input(graph, last) if layer.kind is LayerKind.RESCALE else None
        first = _only_input(graph, clip) if clip is not None and _is_relu6(graph, clip) else None
        if clip is None or first is None or graph.layers[first].kind is not LayerKind.RESCALE:
            continue
        if _is_read_once(graph, clip) and _is_read_once(graph, first):
            source = _only_input(graph, first)
            yield WrittenFunction(function="hard_sigmoid", calls=(first, clip, last), input=source)


def _gates(graph: CallGraph, hard: dict[int, WrittenFunction]) -> Iterator[WrittenFunction]:
    for product, layer in enumerate(graph.layers):
        read = graph.producers[product]
        if layer.kind is not LayerKind.MULTIPLY or len(read) != 2:
            continue
        for source, gate in (read, read[::-1]):
            found = _gate(graph, hard, source, gate)
            if found is not None:
                yield WrittenFunction(function=found.function, calls=(*found.calls, product), input=source)
                break


def _gate(graph: CallGraph, hard: dict[int, WrittenFunction], source: int, gate: int) -> WrittenFunction | None:
    """The functions between `source` and `gate`, where they are such that the product has a name."""
    names: tuple[str, ...] = ()
    calls: tuple[int, ...] = ()
    at: int | None = gate
    while at is not None and at != source and len(names) < _LONGEST_GATE:
        written = hard.get(at)
        if not _is_read_once(graph, at) or (written is None and graph.layers[at].kind is not LayerKind.ACTIVATION):
            return None
        names = (written.function if written is not None else str(graph.layers[at].value(ACTIVATION)), *names)
        calls = (*(written.calls if written is not None else (at,)), *calls)
        at = written.input if written is not None else _only_input(graph, at)
    name = _GATED.get(names)
    return WrittenFunction(function=name, calls=calls, input=source) if at == source and name is not None else None


def _only_input(graph: CallGraph, call: int) -> int | None:
    read = graph.producers[call]
    return read[0] if len(read) == 1 else None


def _is_read_once(graph: CallGraph, call: int) -> bool:
    return len(graph.consumers[call]) == 1


def _is_relu6(graph: CallGraph, call: int) -> bool:
    layer = graph.layers[call]
    return layer.kind is LayerKind.ACTIVATION and layer.value(MAX_VALUE) == 6
