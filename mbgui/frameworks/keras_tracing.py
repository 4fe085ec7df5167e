"""A graph for code: running the `call` of a subclassed model or a composite layer on symbolic tensors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras.src.models.functional import Functional

from mbgui.frameworks.keras_errors import reason

_BARE = (keras.layers.Layer, keras.layers.Wrapper, keras.Model, keras.Sequential, Functional)
"""Classes that say nothing of what a layer computes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedGraph:
    """Nodes of Keras's, each behind those it reads; unlike in a functional model, names may occur twice."""

    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    nodes: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """What one call does: `stand_ins` map the id of a tensor handed to the call to what took its place in the graph."""

    graph: TracedGraph
    stand_ins: Mapping[int, Any]


class NotTraceableError(Exception):
    """Why a call cannot run on symbolic tensors, in one line."""


def functional_graph(model: Any) -> Any | None:
    """The object that holds the graph of a model; `None` where there is none, or a `call` of its own runs instead."""
    if isinstance(model, keras.Sequential):
        return getattr(model, "_functional", None) if type(model).call is keras.Sequential.call else None
    return model if isinstance(model, Functional) and type(model).call is Functional.call else None


def members(layer: Any) -> tuple[Any, ...]:
    """The layers that a layer or model holds directly."""
    return tuple(layer._flatten_layers(include_self=False, recursive=False))  # noqa: SLF001


def is_composite(layer: Any) -> bool:
    """Whether a layer is code around other layers; those that Keras itself makes of several stay one layer."""
    if not isinstance(layer, keras.layers.Layer) or not members(layer):
        return False
    kinds = (base for base in type(layer).__mro__ if base not in _BARE)
    return not any(base.__module__.startswith("keras.src.layers.") and _computes(base) for base in kinds)


def _computes(kind: type) -> bool:
    return "call" in vars(kind)


def trace(
    layer: Any,
    arguments: tuple[Any, ...],
    keywords: Mapping[str, Any],
    shapes: Mapping[int, Any],
    *,
    output_count: int | None = None,
) -> Traced:
    """The graph of `layer.call(*arguments, **keywords)` in evaluation mode.

    `shapes` give the shape of every symbolic tensor among the arguments, batch included, by the tensor's id. The graph
    stays alive with the layers that were called; nothing of it is in the way of running them.

    Raises:
        NotTraceableError: the code needs values, uses functions of TensorFlow itself, or returns other than
            `output_count` tensors, where that is known.
    """
    stand_ins: dict[int, Any] = {}

    def stand_in(value: Any) -> Any:
        if not isinstance(value, keras.KerasTensor):
            return value
        if id(value) not in stand_ins:
            stand_ins[id(value)] = keras.Input(batch_shape=shapes[id(value)], dtype=value.dtype, name=_name(value))
        return stand_ins[id(value)]

    symbolic = keras.tree.map_structure(stand_in, arguments)
    named = {name: keras.tree.map_structure(stand_in, value) for name, value in keywords.items()}
    try:
        result = layer.call(*symbolic, **evaluation_keywords(layer, named))
    except Exception as error:  # code of the user's, on tensors without values
        raise NotTraceableError(reason(error)) from error
    outputs = tuple(value for value in keras.tree.flatten(result) if isinstance(value, keras.KerasTensor))
    if not outputs or output_count not in (None, len(outputs)):
        raise NotTraceableError("it returns other tensors on symbolic inputs")
    inputs = tuple(stand_ins.values())
    graph = TracedGraph(inputs=inputs, outputs=outputs, nodes=_ordered_nodes(inputs, outputs))
    return Traced(graph=graph, stand_ins=stand_ins)


def _ordered_nodes(inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs, then everything between them and the outputs, each node behind those it reads."""
    ordered: dict[int, Any] = {id(_maker(tensor)): _maker(tensor) for tensor in inputs}
    pending = [(_maker(tensor), False) for tensor in reversed(outputs)]
    while pending:
        node, is_ready = pending.pop()
        if id(node) in ordered:
            continue
        if node.is_input:
            raise NotTraceableError("it reads a symbolic tensor that it was not given")
        if is_ready:
            ordered[id(node)] = node
        else:
            pending.append((node, True))
            pending += [(_maker(tensor), False) for tensor in reversed(node.input_tensors)]
    return tuple(ordered.values())


def _maker(tensor: Any) -> Any:
    """The call that made a symbolic tensor."""
    history = tensor._keras_history  # noqa: SLF001  no public way
    return history.operation._inbound_nodes[history.node_index]  # noqa: SLF001


def evaluation_keywords(layer: Any, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords of a call that does not train."""
    takes_training = getattr(layer, "_call_has_training_arg", False)
    return {**keywords, "training": False} if takes_training else dict(keywords)


def _name(value: Any) -> str | None:
    """The name of what a model is called with; tensors from inside a graph have none that matters."""
    return str(value.name) if getattr(value, "_keras_history", None) is None else None
