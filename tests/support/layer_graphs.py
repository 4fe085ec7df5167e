"""Synthetic networks of any size, and the same network written in another way: names, order, branches, edits."""

import random
from dataclasses import dataclass, field, replace

from mbgui.domain.network import (
    AttributeValue,
    Layer,
    LayerCall,
    LayerKind,
    Network,
    StoredTensor,
)
from tests.support.records import layer, tensor, tiny_torch_network

_COMMUTATIVE = frozenset({LayerKind.ADD, LayerKind.MULTIPLY, LayerKind.CONCATENATE})


@dataclass(slots=True, kw_only=True)
class GraphBuilder:
    """Layers in the making, each of which runs once."""

    layers: list[Layer] = field(default_factory=list)
    tensors: list[StoredTensor] = field(default_factory=list)
    channels: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        kind: LayerKind,
        inputs: tuple[str, ...],
        channels: int,
        shapes: tuple[tuple[int, ...], ...] = (),
        **attributes: AttributeValue,
    ) -> str:
        """One more layer; returns its path."""
        path = f"layer{len(self.layers)}"
        self.layers.append(layer(path, kind.value, kind, (channels, 4, 4), inputs=inputs, attributes=attributes))
        self.tensors += [tensor(f"{path}.tensor{index}", shape) for index, shape in enumerate(shapes)]
        self.channels[path] = channels
        return path

    def convolution(self, source: str | None, given: int, made: int, kernel: int = 3, groups: int = 1) -> str:
        """A convolution without bias."""
        return self.add(
            LayerKind.CONVOLUTION,
            (source,) if source is not None else (),
            made,
            ((made, given // groups, kernel, kernel),),
            in_channels=given,
            out_channels=made,
            kernel_size=(kernel, kernel),
            groups=groups,
        )

    def normalization(self, source: str) -> str:
        """A BatchNorm with its four arrays."""
        size = self.channels[source]
        return self.add(LayerKind.BATCH_NORMALIZATION, (source,), size, ((size,),) * 4, epsilon=1e-3)

    def activation(self, source: str, function: str) -> str:
        """An activation of its own."""
        return self.add(LayerKind.ACTIVATION, (source,), self.channels[source], activation=function)

    def network(self) -> Network:
        """The network of all layers, the last one giving its output."""
        return network_of(tuple(self.layers), tuple(self.tensors), (self.layers[-1].path,))


def network_of(layers: tuple[Layer, ...], tensors: tuple[StoredTensor, ...], outputs: tuple[str, ...]) -> Network:
    """A network whose layers run once each, in this order."""
    owned: dict[str, list[str]] = {}
    for found in tensors:
        owned.setdefault(found.layer, []).append(found.name)
    calls = tuple(
        LayerCall(layer=one.path, inputs=one.inputs, outputs=one.outputs, tensors=tuple(owned.get(one.path, ())))
        for one in layers
    )
    return replace(tiny_torch_network(), layers=layers, tensors=tensors, calls=calls, output_calls=outputs)


def residual_network(layer_count: int, seed: int) -> Network:
    """About so many layers: blocks of two branches of unlike width, joined by a sum with what the block was given."""
    choice = random.Random(seed)  # noqa: S311  a network, no secret
    builder = GraphBuilder()
    at = builder.convolution(None, 3, 16)
    while len(builder.layers) < layer_count:
        width = builder.channels[at]
        inner = choice.choice((24, 32, 48, 64))
        long = builder.activation(builder.normalization(builder.convolution(at, width, inner, 1)), "relu")
        long = builder.convolution(long, inner, width - 8)
        short = builder.convolution(at, width, 8, choice.choice((1, 5)))
        joined = builder.add(LayerKind.CONCATENATE, (long, short), width, axis="channels")
        at = builder.add(LayerKind.ADD, (builder.normalization(joined), at), width)
        if choice.random() < 0.1:
            at = builder.convolution(at, width, choice.choice((16, 24, 32, 40)))
    return builder.network()


def unlike_network(layer_count: int, seed: int) -> Network:
    """About so many layers of blocks that no other network here has."""
    choice = random.Random(seed)  # noqa: S311
    builder = GraphBuilder()
    at = builder.convolution(None, 3, 17)
    while len(builder.layers) < layer_count:
        width = builder.channels[at]
        at = builder.activation(builder.convolution(at, width, choice.choice((17, 33, 49, 65)), 7), "gelu")
        if choice.random() < 0.5:
            at = builder.normalization(at)
    return builder.network()


def rebuilt(network: Network, seed: int) -> Network:
    """The same network with other names, another order of execution, and branches in another order.

    The path of each layer is `renamed(path)`.
    """
    choice = random.Random(seed)  # noqa: S311
    layers = [replace(one, path=renamed(one.path), inputs=_reordered(one, choice)) for one in network.layers]
    tensors = tuple(
        replace(found, name=f"{renamed(found.layer)}.{found.role}", layer=renamed(found.layer))
        for found in network.tensors
    )
    return network_of(tuple(_executed(layers, choice)), tensors, tuple(map(renamed, network.output_calls)))


def renamed(path: str) -> str:
    """The path of a layer in the rebuilt network."""
    return f"other/{path[::-1]}"


def without(network: Network, path: str) -> Network:
    """The network without one layer; what reads it reads what it read."""
    gone = next(one for one in network.layers if one.path == path)
    layers = tuple(
        replace(one, inputs=tuple(source for read in one.inputs for source in _bridged(read, gone)))
        for one in network.layers
        if one is not gone
    )
    tensors = tuple(found for found in network.tensors if found.layer != path)
    outputs = tuple(source for read in network.output_calls for source in _bridged(read, gone))
    return network_of(layers, tensors, outputs)


def without_stretch(network: Network, gone: frozenset[str]) -> Network:
    """The network without layers that follow each other; what reads one of them reads what ran before them all."""
    before = ""
    for one in network.layers:
        if one.path in gone:
            break
        before = one.path
    layers = tuple(
        replace(one, inputs=tuple(dict.fromkeys(before if read in gone else read for read in one.inputs)))
        for one in network.layers
        if one.path not in gone
    )
    return network_of(layers, tuple(one for one in network.tensors if one.layer not in gone), network.output_calls)


def edited(network: Network, *, every: int, seed: int) -> Network:
    """The network with every so-maniest layer removed, doubled or of another width, each in turn."""
    choice = random.Random(seed)  # noqa: S311
    replaced: dict[str, str] = {}
    layers: list[Layer] = []
    for number, one in enumerate(network.layers):
        now = replace(one, inputs=tuple(replaced.get(read, read) for read in one.inputs))
        edit = choice.choice(("remove", "double", "widen")) if number % every == every - 1 else ""
        if edit == "remove" and len(now.inputs) == 1:
            replaced[one.path] = now.inputs[0]
            continue
        layers.append(_widened(now) if edit == "widen" else now)
        if edit == "double":
            layers.append(replace(now, path=f"{now.path}_again", inputs=(now.path,)))
            replaced[one.path] = f"{now.path}_again"
    kept = {one.path for one in layers}
    tensors = tuple(found for found in network.tensors if found.layer in kept)
    return network_of(tuple(layers), tensors, tuple(replaced.get(read, read) for read in network.output_calls))


def _widened(one: Layer) -> Layer:
    attributes = tuple(
        replace(found, value=found.value + 1)
        if found.name == "out_channels" and isinstance(found.value, int)
        else found
        for found in one.attributes
    )
    return replace(one, attributes=attributes)


def _bridged(read: str, gone: Layer) -> tuple[str, ...]:
    return gone.inputs[:1] if read == gone.path else (read,)


def _reordered(one: Layer, choice: random.Random) -> tuple[str, ...]:
    inputs = [renamed(path) for path in one.inputs]
    if one.kind in _COMMUTATIVE:
        choice.shuffle(inputs)
    return tuple(inputs)


def _executed(layers: list[Layer], choice: random.Random) -> list[Layer]:
    """The layers in some order in which each comes behind what it reads."""
    waiting = {one.path: len(set(one.inputs)) for one in layers}
    by_path = {one.path: one for one in layers}
    readers: dict[str, list[str]] = {}
    for one in layers:
        for path in set(one.inputs):
            readers.setdefault(path, []).append(one.path)
    ready = sorted(path for path, count in waiting.items() if not count)
    order: list[Layer] = []
    while ready:
        path = ready.pop(choice.randrange(len(ready)))
        order.append(by_path[path])
        for reader in sorted(readers.get(path, ())):
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    return order
