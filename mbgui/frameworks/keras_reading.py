"""Reading a Keras model through its graph."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import keras

from mbgui.domain.framework import Framework
from mbgui.domain.network import Layer, Network, TensorSpec
from mbgui.domain.source import ModelSource
from mbgui.frameworks.keras_graph import GraphCall, functional_graph, graph_calls, output_specs
from mbgui.frameworks.keras_layers import layers_from_calls, layers_without_graph
from mbgui.frameworks.keras_tensors import stored_tensors

NO_GRAPH = (
    "This model is a subclass without a graph: its layers are listed as it defines them, "
    "how they are wired is not known."
)
NESTED_WITHOUT_GRAPH = "{path} is a subclassed model without a graph and shows as one layer."


def read_network(
    model: Any, *, source: ModelSource, input_size: tuple[int, int], batch_size: int, build_s: float
) -> Network:
    """Read a built model at an input of (height, width) pixels."""
    started = perf_counter()
    has_graph = functional_graph(model) is not None
    found = _read_graph(model, input_size, batch_size) if has_graph else _list_layers(model, input_size, batch_size)
    return Network(
        source=source,
        framework=Framework.KERAS,
        class_name=type(model).__name__,
        data_layout="NHWC" if keras.config.image_data_format() == "channels_last" else "NCHW",
        reading="functional graph" if has_graph else "list of layers",
        framework_parameter_count=model.count_params(),
        inputs=found.inputs,
        outputs=found.outputs,
        layers=found.layers,
        tensors=stored_tensors(model, found.owners),
        notes=found.notes,
        build_s=build_s,
        read_s=perf_counter() - started,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a model's graph tells; `owners` are the layers that can hold variables, by path."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    layers: tuple[Layer, ...]
    owners: dict[str, Any]
    notes: tuple[str, ...]


def _read_graph(model: Any, input_size: tuple[int, int], batch_size: int) -> _Found:
    calls = tuple(graph_calls(model, input_size=input_size, batch_size=batch_size))
    members = [call for call in calls if not call.is_container]
    return _Found(
        inputs=tuple(call.outputs[0] for call in members if isinstance(call.operation, keras.layers.InputLayer)),
        outputs=output_specs(model, calls),
        layers=layers_from_calls(calls),
        owners={call.path: call.operation for call in members if isinstance(call.operation, keras.layers.Layer)},
        notes=_notes(calls),
    )


def _list_layers(model: Any, input_size: tuple[int, int], batch_size: int) -> _Found:
    return _Found(
        inputs=(TensorSpec(shape=(batch_size, *input_size, 3), dtype="float32"),),
        outputs=(),
        layers=layers_without_graph(model),
        owners={layer.name: layer for layer in model.layers},
        notes=(NO_GRAPH,),
    )


def _notes(calls: tuple[GraphCall, ...]) -> tuple[str, ...]:
    subclassed = {
        call.path: None for call in calls if isinstance(call.operation, keras.Model) and not call.is_container
    }
    return tuple(NESTED_WITHOUT_GRAPH.format(path=path) for path in subclassed)
