"""Layers of a Keras model from the calls in its graph."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import keras

from mbgui.domain.network import Layer, LayerKind
from mbgui.frameworks.keras_graph import GraphCall
from mbgui.frameworks.keras_kinds import describe_call
from mbgui.frameworks.keras_macs import call_macs
from mbgui.frameworks.layer_traits import LayerTraits, traits


def layers_from_calls(calls: Iterable[GraphCall]) -> tuple[Layer, ...]:
    """Layers in execution order; a layer called again is listed once and counts its calls."""
    layers: dict[str, Layer] = {}
    for call in calls:
        known = layers.get(call.path)
        layers[call.path] = _layer(call) if known is None else _called_again(known, call)
    return tuple(layers.values())


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


def _called_again(layer: Layer, call: GraphCall) -> Layer:
    return replace(
        layer,
        call_count=layer.call_count + 1,
        inputs=layer.inputs if call.is_container else tuple(dict.fromkeys((*layer.inputs, *call.sources))),
        mac_count=layer.mac_count + (0 if call.is_container else call_macs(call)),
    )


def layers_without_graph(model: Any) -> tuple[Layer, ...]:
    """The layers a subclassed model holds, in definition order; how they are wired is not known."""
    return tuple(
        Layer(
            path=layer.name,
            parent="",
            type_name=type(layer).__name__,
            kind=LayerKind.OTHER,
            is_operation=False,
            call_count=0,
            inputs=(),
            outputs=(),
            mac_count=0,
            attributes=(),
        )
        for layer in model.layers
    )
