"""Layers of a Keras model from the calls in its graph."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import keras

from mbgui.domain.network import Layer, LayerCall, LayerKind, StoredTensor
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.keras_kinds import describe_call
from mbgui.frameworks.keras_macs import call_macs
from mbgui.frameworks.keras_tracing import members
from mbgui.frameworks.layer_traits import LayerTraits, traits


def layers_from_calls(calls: Iterable[GraphCall]) -> tuple[Layer, ...]:
    """Layers in execution order; a layer called again is listed once and counts its calls."""
    layers: dict[str, Layer] = {}
    places: dict[str, int] = {}
    for call in calls:
        known = layers.get(call.path)
        place = places.setdefault(call.path, len(places))
        layers[call.path] = _layer(call) if known is None else _called_again(known, call, place, places)
    return tuple(layers.values())


def calls_of_leaves(calls: Iterable[GraphCall], tensors: Iterable[StoredTensor]) -> tuple[LayerCall, ...]:
    """Every run of a leaf layer, with the names of the tensors that its layer holds."""
    held: dict[str, list[str]] = {}
    for tensor in tensors:
        for name in (tensor.name, *tensor.aliases):
            held.setdefault(name.removesuffix(tensor.role).removesuffix("/"), []).append(tensor.name)
    return tuple(
        LayerCall(
            layer=call.path,
            index=call.index,
            inputs=call.reads,
            outputs=call.outputs,
            tensors=tuple(held.get(call.path, ())),
        )
        for call in calls
        if not call.is_container
    )


def _layer(call: GraphCall) -> Layer:
    described = _described(call)
    return Layer(
        path=call.path,
        parent=call.parent,
        type_name=type(call.operation).__name__,
        kind=described.kind,
        is_operation=not isinstance(call.operation, keras.layers.Layer),
        call_count=1,
        inputs=() if call.is_container else call.sources,
        outputs=call.outputs,
        mac_count=0 if call.is_container else call_macs(call),
        attributes=described.attributes,
    )


def _described(call: GraphCall) -> LayerTraits:
    return traits(LayerKind.CONTAINER, {}) if call.is_container else describe_call(call)


def _called_again(layer: Layer, call: GraphCall, place: int, places: Mapping[str, int]) -> Layer:
    """What a block hands to itself on its next call comes from behind, and is left out: the graph has no circles."""
    sources = (source for source in call.sources if places.get(source, place) < place)
    return replace(
        layer,
        call_count=layer.call_count + 1,
        inputs=layer.inputs if call.is_container else tuple(dict.fromkeys((*layer.inputs, *sources))),
        mac_count=layer.mac_count + (0 if call.is_container else call_macs(call)),
    )


def idle_layers(model: Any, calls: Iterable[GraphCall]) -> tuple[tuple[Layer, Any], ...]:
    """Layers with weights that never ran, and what they are in Keras; every layer where nothing was seen to run."""
    paths: dict[int, str] = {}
    for call in calls:
        paths.setdefault(id(call.operation), call.path)
    inside = {call.path for call in calls if call.is_container}
    return tuple(_idle_members(model, "", paths, inside))


def _idle_members(layer: Any, path: str, paths: dict[int, str], containers: set[str]) -> Iterator[tuple[Layer, Any]]:
    taken = set(paths.values())
    for member in members(layer):
        known = paths.get(id(member))
        if known is None and (member.variables or not paths):
            own_path = f"{path}/{member.name}" if path else member.name
            while own_path in taken:
                own_path += "_"
            taken.add(own_path)
            yield _idle(member, own_path, path), member
        elif known in containers:
            yield from _idle_members(member, known, paths, containers)


def _idle(member: Any, path: str, parent: str) -> Layer:
    return Layer(
        path=path,
        parent=parent,
        type_name=type(member).__name__,
        kind=LayerKind.OTHER,
        is_operation=False,
        call_count=0,
        inputs=(),
        outputs=(),
        mac_count=0,
        attributes=(),
    )
