"""Questions about the graph of a network."""

from collections import defaultdict
from dataclasses import dataclass

from mbgui.domain.network import Layer, LayerKind, Network


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
