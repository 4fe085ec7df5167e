"""Reading a Keras model through its graph."""

from time import perf_counter
from typing import Any

import keras

from mbgui.domain.framework import Framework
from mbgui.domain.network import Network, TensorSpec
from mbgui.domain.request import ModelSource
from mbgui.frameworks.keras_graph import GraphCall, functional_graph, graph_calls, output_specs
from mbgui.frameworks.keras_layers import layers_from_calls, layers_without_graph
from mbgui.frameworks.keras_tensors import stored_tensors

NO_GRAPH = "This model is a subclass without a graph: its layers are listed as it defines them, how they are wired is not known."
NESTED_WITHOUT_GRAPH = "{path} is a subclassed model without a graph and shows as one layer."


def read_network(
    model: Any, *, source: ModelSource, input_size: tuple[int, int], batch_size: int, build_s: float
) -> Network:
    """Read a built model at an input of (height, width) pixels."""
    started = perf_counter()
    if functional_graph(model) is None:
        layers, outputs, notes = layers_without_graph(model), (), (NO_GRAPH,)
        owners = [(layer.name, layer) for layer in model.layers]
        inputs: tuple[TensorSpec, ...] = (TensorSpec(shape=(batch_size, *input_size, 3), dtype="float32"),)
    else:
        calls = tuple(graph_calls(model, input_size=input_size, batch_size=batch_size))
        layers, outputs = layers_from_calls(calls), output_specs(model, calls)
        notes = _notes(calls)
        owners = [
            (call.path, call.operation)
            for call in calls
            if not call.is_container and isinstance(call.operation, keras.layers.Layer)
        ]
        inputs = tuple(call.outputs[0] for call in calls if isinstance(call.operation, keras.layers.InputLayer))
    return Network(
        source=source,
        framework=Framework.KERAS,
        class_name=type(model).__name__,
        data_layout="NHWC" if keras.config.image_data_format() == "channels_last" else "NCHW",
        reading="functional graph" if functional_graph(model) is not None else "list of layers",
        framework_parameter_count=model.count_params(),
        inputs=inputs,
        outputs=outputs,
        layers=layers,
        tensors=stored_tensors(model, dict(owners).items()),
        notes=notes,
        build_s=build_s,
        read_s=perf_counter() - started,
    )


def _notes(calls: tuple[GraphCall, ...]) -> tuple[str, ...]:
    subclassed = {
        call.path: None for call in calls if isinstance(call.operation, keras.Model) and not call.is_container
    }
    return tuple(NESTED_WITHOUT_GRAPH.format(path=path) for path in subclassed)
