"""Questions about the graph of a network."""

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass

from mbgui.domain.network import Layer, LayerCall, LayerKind, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkGraph:
    """A network's layers by path, and which leaf layers read each layer's output."""

    layers: dict[str, Layer]
    consumers: dict[str, tuple[str, ...]]

    def only_consumer(self, path: str) -> Layer | None:
        """The layer that alone reads the output of `path`, or `None`."""
        readers = self.consumers.get(path, ())
        return self.layers.get(readers[0]) if len(readers) == 1 else None

    def only_producer(self, layer: Layer) -> Layer | None:
        """The layer whose output alone feeds `layer`, or `None`."""
        return self.layers.get(layer.inputs[0]) if len(layer.inputs) == 1 else None


def graph_of(network: Network) -> NetworkGraph:
    """The graph of a network."""
    consumers: dict[str, list[str]] = defaultdict(list)
    for layer in network.layers:
        for path in layer.inputs:
            consumers[path].append(layer.path)
    return NetworkGraph(
        layers={layer.path: layer for layer in network.layers},
        consumers={path: tuple(readers) for path, readers in consumers.items()},
    )


def leaves(network: Network) -> tuple[Layer, ...]:
    """The layers that compute, in execution order."""
    return tuple(layer for layer in network.layers if layer.kind is not LayerKind.CONTAINER)


def calls_of(network: Network) -> tuple[LayerCall, ...]:
    """The runs of the leaf layers in execution order.

    Where a network does not know its calls, each leaf layer that ran counts as one; reads of what is no leaf are left
    out.
    """
    return network.calls or _assumed_calls(network)


def outputs_of(network: Network, calls: tuple[LayerCall, ...]) -> tuple[str, ...]:
    """The names of the calls that give the network's outputs: where they are not known, all that no call reads."""
    names = {call.name for call in calls}
    known = tuple(name for name in network.output_calls if name in names)
    if known:
        return known
    read = {name for call in calls for name in call.inputs}
    return tuple(call.name for call in calls if call.name not in read)


def idle_leaves(network: Network) -> tuple[Layer, ...]:
    """The leaf layers that do not run in a forward pass, in the order in which they are defined."""
    running = {call.layer for call in calls_of(network)}
    return tuple(layer for layer in leaves(network) if layer.path not in running)


def layer_of_call(name: str, paths: Container[str]) -> str:
    """The path of the layer that a call is named after, among these paths of layers."""
    path, _, index = name.rpartition("@")
    return path if name not in paths and index.isdecimal() else name


def _assumed_calls(network: Network) -> tuple[LayerCall, ...]:
    running = tuple(layer for layer in leaves(network) if layer.call_count)
    paths = {layer.path for layer in running}
    tensors: dict[str, list[str]] = defaultdict(list)
    for tensor in network.tensors:
        tensors[tensor.layer].append(tensor.name)
    return tuple(
        LayerCall(
            layer=layer.path,
            inputs=tuple(path for path in layer.inputs if path in paths),
            outputs=layer.outputs,
            tensors=tuple(tensors.get(layer.path, ())),
        )
        for layer in running
    )
