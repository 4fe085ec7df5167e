"""The calls of a network as a graph that two frameworks write alike.

Calls are numbered in execution order; a leaf layer that never runs is a call that reads nothing. An n-ary
concatenation that repeats an earlier one reads that one instead (torchvision's DenseNet joins all features anew each
time, Keras joins the last result with what is new), and one of a single tensor is passed over.
"""

from dataclasses import dataclass

from mbgui.analysis.graph import calls_of, idle_leaves, leaves, outputs_of
from mbgui.domain.attribute_names import AXIS
from mbgui.domain.network import Layer, LayerCall, LayerKind, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGraph:
    """Calls, the layer of each, and whose outputs they read, by number.

    `outputs` are the numbers of the calls that give the network's outputs.
    """

    network: Network
    calls: tuple[LayerCall, ...]
    layers: tuple[Layer, ...]
    producers: tuple[tuple[int, ...], ...]
    consumers: tuple[tuple[int, ...], ...]
    outputs: tuple[int, ...]


def call_graph(network: Network) -> CallGraph:
    """The graph of the calls of a network."""
    layers = {layer.path: layer for layer in network.layers}
    running = tuple(call for call in calls_of(network) if call.layer in layers)
    idle = {layer.path for layer in idle_leaves(network)}
    calls = _with_idle_layers(network, running, idle)
    numbers = {call.name: number for number, call in enumerate(calls)}
    producers = _written_alike(
        [tuple(numbers[name] for name in call.inputs if name in numbers) for call in calls],
        [layers[call.layer] for call in calls],
    )
    return CallGraph(
        network=network,
        calls=calls,
        layers=tuple(layers[call.layer] for call in calls),
        producers=producers,
        consumers=readers_of(producers),
        outputs=tuple(numbers[name] for name in outputs_of(network, running)),
    )


def readers_of(producers: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Who reads each node, once each, for a graph given by what each node reads."""
    consumers: list[list[int]] = [[] for _ in producers]
    for reader, read in enumerate(producers):
        for producer in dict.fromkeys(read):
            consumers[producer].append(reader)
    return tuple(map(tuple, consumers))


def _with_idle_layers(network: Network, running: tuple[LayerCall, ...], idle: set[str]) -> tuple[LayerCall, ...]:
    """All calls, each idle layer behind the first call of the layer defined before it."""
    if not idle:
        return running
    behind: dict[str, list[LayerCall]] = {}
    last = ""
    for layer in leaves(network):
        if layer.path in idle:
            behind.setdefault(last, []).append(LayerCall(layer=layer.path, inputs=(), outputs=layer.outputs))
        else:
            last = layer.path
    calls = behind.pop("", [])
    for call in running:
        calls.append(call)
        calls += behind.pop(call.layer, ())
    return tuple(calls)


def _written_alike(producers: list[tuple[int, ...]], layers: list[Layer]) -> tuple[tuple[int, ...], ...]:
    """The reads of each call, with concatenations nested and those of a single tensor passed over."""
    branches: dict[tuple[object, int], int] = {}
    finished: dict[object, int] = {}
    same = list(range(len(producers)))
    written = []
    for number, read in enumerate(producers):
        read = tuple([same[producer] for producer in read])  # noqa: PLW2901  what is passed over is not read any more
        if layers[number].kind is LayerKind.CONCATENATE:
            if len(read) == 1:
                same[number] = read[0]
            else:
                read = _nested(number, read, layers[number].value(AXIS), branches, finished)  # noqa: PLW2901
        written.append(read)
    return tuple(written)


def _nested(
    number: int,
    read: tuple[int, ...],
    axis: object,
    branches: dict[tuple[object, int], int],
    finished: dict[object, int],
) -> tuple[int, ...]:
    """The reads of a concatenation, with the longest beginning that an earlier one has joined already as that one.

    `branches` is a tree of all beginnings seen, `finished` says which of them a concatenation ends at.
    """
    at: object = ("axis", axis)
    longest: tuple[int, int] | None = None
    for length, producer in enumerate(read, start=1):
        node = branches.setdefault((at, producer), len(branches))
        at = node
        if node in finished and length > 1:
            longest = (length, finished[node])
    finished.setdefault(at, number)
    return (longest[1], *read[longest[0] :]) if longest is not None else read
