"""The layers of a network that hold tensors, as the plan of weights takes them pair by pair."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Self

from mbgui.analysis.graph import NetworkGraph, graph_of
from mbgui.analysis.weight_roles import DEPTHWISE, KERNEL, POINTWISE, is_bookkeeping, shared_role
from mbgui.domain.attribute_names import GROUPS, IN_CHANNELS
from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, LayerKind, Network, StoredTensor


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSlot:
    """One computation with weights: a layer, or the half of a separable convolution; its tensors by shared role.

    `is_depthwise` says that the kernel is stored as (…, channels, multipliers).
    """

    layer: Layer
    kind: LayerKind
    tensors: dict[str, StoredTensor]
    is_depthwise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSide:
    """One network with its tensors by the layer that reads them."""

    network: Network
    graph: NetworkGraph
    tensors: dict[str, tuple[StoredTensor, ...]]
    call_layers: dict[str, str]

    @classmethod
    def of(cls, network: Network) -> Self:
        """The side of a network."""
        graph = graph_of(network)
        return cls(
            network=network,
            graph=graph,
            tensors=_tensors_by_layer(network, graph),
            call_layers={call.name: call.layer for call in network.calls},
        )

    @property
    def framework(self) -> Framework:
        """The framework, whose roles and layouts count."""
        return self.network.framework

    def layers(self, path: str | None, members: tuple[str, ...]) -> tuple[Layer, ...]:
        """The layers with weights that a pair names on this side, in execution order and each once."""
        names = members or ((path,) if path is not None else ())
        paths = dict.fromkeys(self._layer_path(name) for name in names)
        return tuple(
            self.graph.layers[found] for found in paths if self.tensors.get(found) and found in self.graph.layers
        )

    def kind(self, layer: Layer) -> LayerKind:
        """What a layer does; a wrapper around recurrent cells, such as `Bidirectional`, is told by its tensors."""
        is_recurrent = any(tensor.role.endswith("/recurrent_kernel") for tensor in self.tensors[layer.path])
        return LayerKind.RECURRENT if is_recurrent and layer.kind is LayerKind.OTHER else layer.kind

    def _layer_path(self, call: str) -> str:
        if call in self.call_layers or call in self.graph.layers:
            return self.call_layers.get(call, call)
        return call.rpartition("@")[0]

    def slots(self, layers: tuple[Layer, ...]) -> list[WeightSlot]:
        """What these layers compute with weights, in order."""
        return [slot for layer in layers for slot in self._slots(layer)]

    def _slots(self, layer: Layer) -> list[WeightSlot]:
        found = _by_role(layer, self.tensors[layer.path])
        if DEPTHWISE in found and POINTWISE in found:
            return _halves(layer, found)
        is_depthwise = (
            self.framework is Framework.KERAS and KERNEL in found and _is_depthwise(layer, found[KERNEL].shape)
        )
        return [WeightSlot(layer=layer, kind=layer.kind, tensors=found, is_depthwise=is_depthwise)] if found else []


def _by_role(layer: Layer, tensors: tuple[StoredTensor, ...]) -> dict[str, StoredTensor]:
    """Tensors by shared role; those of a layer that has several in one role keep their own names."""
    stored = [tensor for tensor in tensors if not is_bookkeeping(tensor)]
    counts = Counter(shared_role(tensor, layer.kind) for tensor in stored)
    roles = ((shared_role(tensor, layer.kind), tensor) for tensor in stored)
    return {role if counts[role] == 1 else tensor.role: tensor for role, tensor in roles}


def _halves(layer: Layer, tensors: dict[str, StoredTensor]) -> list[WeightSlot]:
    """The two convolutions of a separable one: the bias belongs to the second."""
    rest = {role: tensor for role, tensor in tensors.items() if role not in {DEPTHWISE, POINTWISE}}
    depthwise, pointwise = {KERNEL: tensors[DEPTHWISE]}, {KERNEL: tensors[POINTWISE], **rest}
    return [
        WeightSlot(layer=layer, kind=LayerKind.CONVOLUTION, tensors=depthwise, is_depthwise=True),
        WeightSlot(layer=layer, kind=LayerKind.CONVOLUTION, tensors=pointwise),
    ]


def _is_depthwise(layer: Layer, shape: tuple[int, ...]) -> bool:
    """Whether a Keras kernel is (…, channels, multipliers): that of a grouped `Conv2D` is (…, 1, outputs)."""
    if layer.type_name.startswith("DepthwiseConv"):
        return True
    groups = layer.value(GROUPS)
    is_one_each = groups == layer.value(IN_CHANNELS)  # a grouped Conv2D may have as many inputs a group as groups
    return isinstance(groups, int) and groups > 1 and is_one_each and len(shape) > 2 and shape[-2] == groups


def _tensors_by_layer(network: Network, graph: NetworkGraph) -> dict[str, tuple[StoredTensor, ...]]:
    """Those that a layer owns, under whichever name, and those that a run of it reads."""
    found: dict[str, dict[str, StoredTensor]] = defaultdict(dict)
    by_name = {name: tensor for tensor in network.tensors for name in (tensor.name, *tensor.aliases)}
    for name, tensor in by_name.items():
        owner = tensor.layer if name == tensor.name else _owner(name, graph)
        found[owner][tensor.name] = tensor
    for call in network.calls:
        for name in call.tensors:
            if name in by_name:
                found[call.layer][by_name[name].name] = by_name[name]
    if not network.calls:
        _give_to_operations(network, found)
    return {path: tuple(tensors.values()) for path, tensors in found.items()}


def _owner(name: str, graph: NetworkGraph) -> str:
    """The innermost layer that an alias names."""
    path = name
    while path and path not in graph.layers:
        path = path[: max(path.rfind("."), path.rfind("/"), 0)]
    return path


def _give_to_operations(network: Network, found: dict[str, dict[str, StoredTensor]]) -> None:
    """Where calls are unknown: a container's own parameter belongs to the product inside that has one input only."""
    taken: set[str] = set()
    containers = {layer.path for layer in network.layers if layer.kind is LayerKind.CONTAINER}
    for layer in network.layers:
        is_scaling = layer.is_operation and layer.kind in {LayerKind.MULTIPLY, LayerKind.RESCALE}
        if not is_scaling or layer.parent not in containers or layer.parent in taken or len(layer.inputs) > 1:
            continue
        own = found.get(layer.parent, {})
        if len(own) == 1:
            found[layer.path] = dict(own)
            taken.add(layer.parent)
