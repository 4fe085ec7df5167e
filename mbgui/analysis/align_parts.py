"""The smallest things that have a partner: calls taken apart where one does the work of several.

A convolution with an activation fused into it is two parts, a separable convolution is a depthwise and a pointwise one;
operations that together are one function are a single part. So either spelling gives the same parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from mbgui.analysis.align_calls import CallGraph, readers_of
from mbgui.analysis.align_functions import WrittenFunction
from mbgui.analysis.shapes import canonical_shape, unordered_shape
from mbgui.domain import attribute_names as names
from mbgui.domain.network import Layer, LayerKind, StoredTensor, TensorPurpose

PASSING = frozenset(
    {
        LayerKind.INPUT,
        LayerKind.DROPOUT,
        LayerKind.IDENTITY,
        LayerKind.FLATTEN,
        LayerKind.RESHAPE,
        LayerKind.PADDING,
    }
)
"""Kinds that are looked through when asking who feeds whom: the other framework often does without."""

_WITH_ACTIVATION = frozenset(
    {
        LayerKind.CONVOLUTION,
        LayerKind.TRANSPOSED_CONVOLUTION,
        LayerKind.SEPARABLE_CONVOLUTION,
        LayerKind.DENSE,
    }
)
_POINTWISE = "pointwise"
"""The kernel of a dense layer, and of a 1×1 convolution."""
_NO_FUNCTION = frozenset({None, "linear"})
_STATIC = frozenset({TensorPurpose.LEARNABLE, TensorPurpose.FROZEN, TensorPurpose.MOVING_STATISTIC})

Detail = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part is matched by; nothing of it depends on names, order or spatial size but `shape`.

    `calls` are the numbers of the calls it stands for, `position` counts the parts of one call from 0. `family` is
    what partners must have in common, `detail` the kernel, function or pooling. `parameters` are the unordered shapes
    of the tensors it reads, `shape` is canonical.
    """

    calls: tuple[int, ...]
    position: int
    kind: LayerKind
    family: str
    detail: Detail
    channels: tuple[int | None, int | None]
    parameters: tuple[tuple[int, ...], ...]
    shape: tuple[int, ...] | None

    @property
    def is_passing(self) -> bool:
        """Whether it hands on what it gets, or nearly."""
        return self.kind in PASSING

    @property
    def signature(self) -> tuple[object, ...]:
        """All but the shape: parts that share it are taken for equal."""
        return (self.family, self.kind, self.detail, self.channels, self.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGraph:
    """The parts of one network, whose outputs each reads by number, and what gives the network's outputs."""

    calls: CallGraph
    parts: tuple[Part, ...]
    producers: tuple[tuple[int, ...], ...]
    consumers: tuple[tuple[int, ...], ...]
    outputs: tuple[int, ...]
    first_part: tuple[int, ...]
    """Of each call, the number of its first part."""


def part_graph(graph: CallGraph, written: tuple[WrittenFunction, ...]) -> PartGraph:
    """The parts of a network, each call's behind one another, calls in execution order."""
    parts: list[Part] = []
    first, last = [-1] * len(graph.calls), [-1] * len(graph.calls)
    inside = {call: function for function in written for call in function.calls}
    tensors = {tensor.name: tensor for tensor in graph.network.tensors}
    for number in range(len(graph.calls)):
        function = inside.get(number)
        if function is None:
            found = list(_parts_of(graph, number, tensors))
        else:
            found = [_function_part(graph, function)] if number == max(function.calls) else []
        if found:
            for call in found[0].calls:
                first[call], last[call] = len(parts), len(parts) + len(found) - 1
            parts += found
    producers = _part_producers(graph, parts, inside, last)
    return PartGraph(
        calls=graph,
        parts=tuple(parts),
        producers=producers,
        consumers=readers_of(producers),
        outputs=tuple(dict.fromkeys(last[call] for call in graph.outputs)),
        first_part=tuple(first),
    )


def _part_producers(
    graph: CallGraph, parts: list[Part], inside: dict[int, WrittenFunction], last: list[int]
) -> tuple[tuple[int, ...], ...]:
    producers: list[tuple[int, ...]] = []
    for number, part in enumerate(parts):
        call = part.calls[0]
        if part.position:
            producers.append((number - 1,))
        elif call in inside:
            source = inside[call].input
            producers.append(() if source is None else (last[source],))
        else:
            producers.append(tuple([last[producer] for producer in graph.producers[call]]))
    return tuple(producers)


def _parts_of(graph: CallGraph, number: int, tensors: dict[str, StoredTensor]) -> Iterator[Part]:
    layer = graph.layers[number]
    shapes = [_stored_shape(layer, tensor) for tensor in _tensors_of(graph, number, tensors)]
    shape = _shape(graph, number)
    parameters = tuple(sorted(shapes, key=lambda found: (len(found), found)))
    if layer.kind is LayerKind.SEPARABLE_CONVOLUTION:
        yield from _separable(graph, number, parameters, shape)
    else:
        yield Part(
            calls=(number,),
            position=0,
            kind=layer.kind,
            family=_family(layer),
            detail=_detail(layer),
            channels=_channels(layer),
            parameters=parameters,
            shape=shape,
        )
    if layer.kind in _WITH_ACTIVATION and layer.value(names.ACTIVATION) not in _NO_FUNCTION:
        position = 2 if layer.kind is LayerKind.SEPARABLE_CONVOLUTION else 1
        yield _activation((number,), position, layer, shape)


def _separable(
    graph: CallGraph, number: int, parameters: tuple[tuple[int, ...], ...], shape: tuple[int, ...] | None
) -> Iterator[Part]:
    """A depthwise convolution and a pointwise one; a bias belongs to the latter."""
    layer = graph.layers[number]
    given, made = _channels(layer)
    kernel = layer.value(names.KERNEL_SIZE)
    depthwise = sorted(parameters, key=len)[-1:] if len(parameters) > 1 else []
    pointwise = [found for found in parameters if found not in depthwise]
    multiplied = _multiplied(given, kernel, depthwise)
    for position, detail, channels, own in (
        (0, ("kernel", kernel, "depthwise"), (given, multiplied), depthwise),
        (1, ("kernel", _POINTWISE, "full"), (multiplied, made), pointwise),
    ):
        yield Part(
            calls=(number,),
            position=position,
            kind=LayerKind.CONVOLUTION,
            family="convolution",
            detail=detail,
            channels=channels,
            parameters=tuple(own),
            shape=shape if position else None,
        )


def _multiplied(given: int | None, kernel: object, depthwise: list[tuple[int, ...]]) -> int | None:
    """How many channels come out of the depthwise step, from the size of its kernel."""
    if not depthwise or not isinstance(kernel, tuple):
        return given
    return prod(depthwise[0]) // max(prod(kernel), 1)


def _function_part(graph: CallGraph, function: WrittenFunction) -> Part:
    return Part(
        calls=function.calls,
        position=0,
        kind=LayerKind.ACTIVATION,
        family="activation",
        detail=("function", function.function, None),
        channels=(None, None),
        parameters=(),
        shape=_shape(graph, function.calls[-1]),
    )


def _activation(calls: tuple[int, ...], position: int, layer: Layer, shape: tuple[int, ...] | None) -> Part:
    return Part(
        calls=calls,
        position=position,
        kind=LayerKind.ACTIVATION,
        family="activation",
        detail=("function", layer.value(names.ACTIVATION), layer.value(names.MAX_VALUE)),
        channels=(None, None),
        parameters=(),
        shape=shape,
    )


def _family(layer: Layer) -> str:
    """What never runs is no partner of what does; a dropout that runs may leave no trace in evaluation."""
    family = _FAMILIES.get(layer.kind, layer.kind.value)
    return family if layer.call_count else f"idle {family}"


_FAMILIES = {
    LayerKind.DENSE: "convolution",
    LayerKind.BATCH_NORMALIZATION: "normalization",
    LayerKind.LAYER_NORMALIZATION: "normalization",
    LayerKind.GROUP_NORMALIZATION: "normalization",
    LayerKind.GLOBAL_POOLING: "pooling",
    LayerKind.FLATTEN: "reshape",
}
"""Kinds of one family can be partners, above all a dense layer and a 1×1 convolution."""


def _detail(layer: Layer) -> Detail:
    """What tells layers of one family apart, in words that both frameworks' layers give alike."""
    if layer.kind is LayerKind.DENSE:
        return ("kernel", _POINTWISE, "full")
    if layer.kind in {LayerKind.CONVOLUTION, LayerKind.TRANSPOSED_CONVOLUTION}:
        kernel = layer.value(names.KERNEL_SIZE)
        return ("kernel", _POINTWISE if _is_pointwise(kernel) else kernel, _grouping(layer))
    if layer.kind is LayerKind.ACTIVATION:
        return ("function", layer.value(names.ACTIVATION), layer.value(names.MAX_VALUE))
    if layer.kind in {LayerKind.POOLING, LayerKind.GLOBAL_POOLING}:
        return (layer.kind.value, layer.value(names.POOLING), layer.value(names.KERNEL_SIZE))
    if layer.kind in {LayerKind.OTHER, LayerKind.CONTAINER}:
        return ("type", layer.type_name.lower())
    return (layer.kind.value,)


def _is_pointwise(kernel: object) -> bool:
    return isinstance(kernel, tuple) and all(size == 1 for size in kernel)


def _grouping(layer: Layer) -> object:
    groups = layer.value(names.GROUPS)
    if groups in {None, 1}:
        return "full"
    return "depthwise" if groups == layer.value(names.IN_CHANNELS) else groups


def _channels(layer: Layer) -> tuple[int | None, int | None]:
    given, made = layer.value(names.IN_CHANNELS), layer.value(names.OUT_CHANNELS)
    return (given if isinstance(given, int) else None, made if isinstance(made, int) else None)


def _tensors_of(graph: CallGraph, number: int, tensors: dict[str, StoredTensor]) -> Iterator[StoredTensor]:
    for name in graph.calls[number].tensors:
        tensor = tensors.get(name)
        if tensor is not None and tensor.purpose in _STATIC:
            yield tensor


def _stored_shape(layer: Layer, tensor: StoredTensor) -> tuple[int, ...]:
    """A tensor's shape without layout; of a depthwise kernel the channels that come out, which Keras keeps as two."""
    kernel = layer.value(names.KERNEL_SIZE)
    if (
        _grouping(layer) != "depthwise"
        or not isinstance(kernel, tuple)
        or tensor.value_count <= prod(tensor.shape[-1:])
    ):
        return unordered_shape(tensor.shape)
    return unordered_shape((*kernel, tensor.value_count // max(prod(kernel), 1)))


def _shape(graph: CallGraph, number: int) -> tuple[int, ...] | None:
    outputs = graph.calls[number].outputs
    return canonical_shape(outputs[0].shape, graph.network.data_layout) if outputs else None
