"""Reading a Keras model: through its graph, through its code, or as a list of its layers."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import keras

from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputShape
from mbgui.domain.network import Layer, Network, TensorSpec
from mbgui.domain.source import ModelSource
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.keras_code_inputs import call_on_zeros, code_inputs
from mbgui.frameworks.keras_eager import watch
from mbgui.frameworks.keras_errors import reason
from mbgui.frameworks.keras_graph import MEMBERS_ONLY, OPAQUE, GraphReading, GraphStep, Value, read_graph
from mbgui.frameworks.keras_inputs import ModelInputs, channels_last, graph_inputs, input_name
from mbgui.frameworks.keras_layers import calls_of_leaves, idle_layers, layers_from_calls
from mbgui.frameworks.keras_tensors import stored_tensors
from mbgui.frameworks.keras_tracing import NotTraceableError, functional_graph, trace

FUNCTIONAL, TRACED, LISTED = "functional graph", "traced call", "list of layers"
_NOT_RUN = "its layers are listed as it defines them, how they are wired is not known"


def model_inputs(model: Any, given: tuple[InputShape, ...], batch_size: int, title: str) -> ModelInputs:
    """What a model is called with, at the shapes the user named or those it states; builds a model that is not built.

    Raises:
        MbguiError: it takes no such input (wrong use).
    """
    graph = functional_graph(model)
    if graph is not None:
        return graph_inputs(graph, given, batch_size, title)
    inputs = code_inputs(model, given, batch_size, title)
    graph = functional_graph(model)  # a sequence of layers has one as soon as it was called
    return inputs if graph is None else dataclasses.replace(inputs, names=tuple(map(input_name, graph.inputs)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSteps:
    """What it takes to run a model call by call; `owners` are its layers by path."""

    steps: tuple[GraphStep, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    owners: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A model's layers, and what holds its variables by path; `read_s` is how long finding them took.

    `steps` is `None` where the model could not be followed.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    layers: tuple[Layer, ...]
    owners: dict[str, Any]
    calls: tuple[GraphCall, ...]
    steps: ModelSteps | None
    notes: tuple[str, ...]
    reading: str
    read_s: float


def find_structure(model: Any, inputs: ModelInputs) -> Structure:
    """How a built model is made, at these inputs; the values of its variables play no part."""
    started = perf_counter()
    found = _read(model, inputs)
    leaves = [call for call in found.calls if not call.is_container]
    containers = sorted((call for call in found.calls if call.is_container), key=lambda call: -call.path.count("/"))
    idle = idle_layers(model, found.calls)
    owners = {**_layers(leaves), **{layer.path: own for layer, own in idle}, **_layers(containers)}
    return Structure(
        inputs=_with_tokens(inputs, leaves),
        outputs=found.outputs,
        layers=(*layers_from_calls(found.calls), *(layer for layer, _ in idle)),
        owners=owners,
        calls=found.calls,
        steps=_steps(found, owners),
        notes=found.notes,
        reading=found.reading,
        read_s=perf_counter() - started,
    )


def read_network(  # noqa: PLR0913  everything that was found out on the way
    model: Any,
    inputs: ModelInputs,
    found: Structure,
    *,
    source: ModelSource,
    build_s: float,
    notes: tuple[str, ...] = (),
) -> Network:
    """The record of a model, its variables as they are now."""
    started = perf_counter()
    tensors = stored_tensors(model, found.owners)
    return Network(
        source=source,
        framework=Framework.KERAS,
        class_name=type(model).__name__,
        data_layout="NHWC" if channels_last() else "NCHW",
        reading=found.reading,
        framework_parameter_count=model.count_params(),
        inputs=found.inputs,
        outputs=found.outputs,
        layers=found.layers,
        tensors=tensors,
        notes=(*notes, *found.notes),
        build_s=build_s,
        read_s=found.read_s + perf_counter() - started,
        input_origin=inputs.origin,
        input_names=inputs.names,
        calls=calls_of_leaves(found.calls, tensors) if found.steps is not None else (),
        output_calls=() if found.steps is None else tuple(name for name, _ in found.steps.outputs),
    )


def _layers(calls: Iterable[GraphCall]) -> dict[str, Any]:
    """What can hold variables, by path."""
    return {call.path: call.operation for call in calls if isinstance(call.operation, keras.layers.Layer)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Every call, what comes out, and how it was found."""

    calls: tuple[GraphCall, ...]
    outputs: tuple[TensorSpec, ...]
    notes: tuple[str, ...]
    reading: str
    graph: GraphReading | None = None


def _steps(found: _Found, owners: dict[str, Any]) -> ModelSteps | None:
    if found.graph is None:
        return None
    graph = found.graph
    return ModelSteps(steps=graph.steps, inputs=graph.input_values, outputs=graph.output_values, owners=owners)


def _read(model: Any, inputs: ModelInputs) -> _Found:
    shapes = [spec.shape for spec in inputs.specs]
    graph = functional_graph(model)
    if graph is not None:
        return _from_graph(read_graph(graph, graph.inputs, shapes), FUNCTIONAL)
    symbols = [
        keras.KerasTensor(spec.shape, dtype=spec.dtype, name=name)
        for name, spec in zip(inputs.names, inputs.specs, strict=True)
    ]
    arguments, named = inputs.arguments(symbols)
    try:
        traced = trace(model, arguments, named, {id(symbol): symbol.shape for symbol in symbols})
    except NotTraceableError as error:
        return _watched(model, inputs, str(error))
    stand_ins = [traced.stand_ins[id(symbol)] for symbol in symbols]
    return _from_graph(read_graph(traced.graph, stand_ins, shapes), TRACED)


def _from_graph(found: GraphReading, reading: str) -> _Found:
    return _Found(calls=found.calls, outputs=found.outputs, notes=found.notes, reading=reading, graph=found)


def _watched(model: Any, inputs: ModelInputs, why: str) -> _Found:
    """What is seen of a model that runs on real tensors only."""
    zeros = [keras.ops.zeros(spec.shape, dtype=spec.dtype) for spec in inputs.specs]
    arguments, named = inputs.arguments(zeros)
    try:
        seen = watch(model, arguments, named, path="")
    except Exception as error:  # noqa: BLE001
        note = OPAQUE.format(path=model.name, reason=reason(error), consequence=_NOT_RUN)
        return _Found(calls=(), outputs=(), notes=(note,), reading=LISTED)
    note = OPAQUE.format(path=model.name, reason=why, consequence=MEMBERS_ONLY)
    return _Found(calls=seen.calls, outputs=seen.outputs, notes=(note,), reading=LISTED)


def _with_tokens(inputs: ModelInputs, leaves: Iterable[GraphCall]) -> tuple[TensorSpec, ...]:
    """Inputs that an embedding reads are whole numbers, whatever the model was called with."""
    read = {source for call in leaves if isinstance(call.operation, keras.layers.Embedding) for source in call.sources}
    return tuple(
        dataclasses.replace(spec, dtype="int32") if name in read and spec.dtype.startswith("float") else spec
        for name, spec in zip(inputs.names, inputs.specs, strict=True)
    )


def may_read_tokens(model: Any) -> bool:
    """Whether some input may be whole numbers though the model does not say so: it has an embedding."""
    return any(isinstance(layer, keras.layers.Embedding) for layer in model._flatten_layers())  # noqa: SLF001


def as_model(layer: Any, inputs: ModelInputs) -> Any:
    """A model around a bare layer, which Keras can run by every call path."""
    call_on_zeros(layer, inputs)
    symbols = [
        keras.Input(spec.shape[1:], dtype=spec.dtype, name=name)
        for name, spec in zip(inputs.names, inputs.specs, strict=True)
    ]
    arguments, named = inputs.arguments(symbols)
    return keras.Model(symbols if len(symbols) > 1 else symbols[0], layer(*arguments, **named), name=layer.name)
