"""What the calls of one side of a pair do together: one layer that computes, then functions."""

from dataclasses import dataclass, replace

from mbgui.analysis.activation import Function, function_of
from mbgui.analysis.call_sides import CallSide, PairedCalls
from mbgui.domain import attribute_names as names
from mbgui.domain.difference import LayerPlace
from mbgui.domain.network import Attribute, AttributeValue, Layer, LayerKind

_OF_THE_FIRST = (
    names.IN_CHANNELS,
    names.KERNEL_SIZE,
    names.STRIDES,
    names.DILATION,
    names.PADDING,
    names.PADDING_MODE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """`layer` computes (`None` where there are only functions), `functions` are applied to what it gives, in order.

    `calls` are the numbers of the calls.
    """

    calls: tuple[int, ...]
    layer: Layer | None
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """What both sides of a pair do, each with its network, and the layers that the pair is named after."""

    left: Composition
    right: Composition
    left_side: CallSide
    right_side: CallSide
    place: LayerPlace


def partners_of(pair: PairedCalls, left: CallSide, right: CallSide) -> Partners:
    """What the calls of a pair do on either side."""
    return Partners(
        left=composition_of(left, pair.left),
        right=composition_of(right, pair.right),
        left_side=left,
        right_side=right,
        place=LayerPlace(left=pair.pair.left, right=pair.pair.right),
    )


def composition_of(side: CallSide, calls: tuple[int, ...]) -> Composition:
    """What calls that belong together do; padding layers among several are part of the padding of what they feed."""
    if len(calls) == 1 and calls[0] not in side.written:
        return _of_one(side.layer(calls[0]), calls)
    ending = (written for call in reversed(calls) for written in side.written.get(call, ()))
    chosen = [written for written in ending if set(written.calls) <= set(calls)][:1]
    ends = {max(written.calls): written for written in chosen}
    inside = {call for written in chosen for call in written.calls}
    layers: list[Layer] = []
    functions: list[Function] = []
    for call in calls:
        layer = side.layer(call)
        if call in ends:
            functions.append(Function(name=ends[call].function))
        elif call not in inside and not (layer.kind is LayerKind.PADDING and len(calls) > 1):
            function = function_of(layer)
            functions += [function] if function is not None else []
            layers += [layer] if layer.kind is not LayerKind.ACTIVATION else []
    return Composition(calls=calls, layer=_joined(layers), functions=tuple(functions))


def _of_one(layer: Layer, calls: tuple[int, ...]) -> Composition:
    function = function_of(layer)
    return Composition(
        calls=calls,
        layer=layer if layer.kind is not LayerKind.ACTIVATION else None,
        functions=(function,) if function is not None else (),
    )


def _joined(layers: list[Layer]) -> Layer | None:
    """The layers as one: two convolutions are a separable one, several rescalings a single one."""
    if not layers:
        return None
    if len(layers) > 1 and all(layer.kind is LayerKind.RESCALE for layer in layers):
        return _rescaling(layers)
    return _separable(layers) if len(layers) == 2 else layers[0]


def _separable(layers: list[Layer]) -> Layer:
    first, last = layers
    kept = [found for found in first.attributes if found.name in _OF_THE_FIRST]
    kept += [found for found in last.attributes if found.name in {names.OUT_CHANNELS, names.USE_BIAS}]
    return replace(last, kind=LayerKind.SEPARABLE_CONVOLUTION, attributes=tuple(kept))


def _rescaling(layers: list[Layer]) -> Layer:
    factor, offset = 1.0, 0.0
    for layer in layers:
        own_factor, own_offset = layer.value(names.FACTOR), layer.value(names.OFFSET)
        if not isinstance(own_factor, int | float) or not isinstance(own_offset, int | float):
            return replace(layers[0], attributes=())
        factor, offset = factor * own_factor, offset * own_factor + own_offset
    values: dict[str, AttributeValue] = {names.FACTOR: factor, names.OFFSET: offset}
    natives = ", ".join(found.native for layer in layers for found in layer.attributes)
    return replace(
        layers[0],
        attributes=tuple(Attribute(name=name, value=value, native=natives) for name, value in values.items()),
    )
