"""Walking the graph of a Keras model, into nested models and through the code of subclassed ones.

Keras offers no public way to a model's nodes, so its internals are touched here and in `keras_tracing` alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras

from mbgui.domain.network import TensorSpec, call_name
from mbgui.frameworks.keras_calls import GraphCall
from mbgui.frameworks.keras_eager import watch
from mbgui.frameworks.keras_errors import reason
from mbgui.frameworks.keras_tracing import (
    NotTraceableError,
    Traced,
    TracedGraph,
    evaluation_keywords,
    functional_graph,
    is_composite,
    trace,
)

Shape = tuple[int, ...]
OPAQUE = "The code of {path} cannot be followed ({reason}): {consequence}."
MEMBERS_ONLY = "its layers are listed as they ran on zeros, what happens between them is not known"
ONE_LAYER = "it shows as one layer"


Value = tuple[str, int]
"""A tensor by the name of the call that makes it and its place among that call's outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStep:
    """A call as it can be run: Keras's own arguments, with the values that take the places of its symbolic tensors.

    `values` are by the id of the symbolic tensor. An input of the network has no operation to run.
    """

    name: str
    operation: Any
    arguments: Any
    values: dict[int, Value]
    output_count: int
    is_input: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphReading:
    """Every call in execution order, the entry into a nested model before its members; outputs of the whole."""

    calls: tuple[GraphCall, ...]
    outputs: tuple[TensorSpec, ...]
    notes: tuple[str, ...]
    steps: tuple[GraphStep, ...] = ()
    input_values: tuple[Value, ...] = ()
    output_values: tuple[Value, ...] = ()


def read_graph(graph: Any, inputs: Iterable[Any], shapes: Iterable[Shape]) -> GraphReading:
    """Walk a graph whose input tensors have these shapes, batch included."""
    entries = tuple(inputs)
    walk = _GraphWalk(zip(entries, shapes, strict=True))
    is_own = isinstance(graph, keras.Model)
    calls = tuple(walk.walk(graph, prefix="", keeps_names=is_own))
    return GraphReading(
        calls=calls,
        outputs=walk.specs(graph.outputs),
        notes=tuple(dict.fromkeys(walk.notes)),
        steps=tuple(walk.steps),
        input_values=walk.values(entries),
        output_values=walk.values(graph.outputs),
    )


class _GraphWalk:
    def __init__(self, inputs: Iterable[tuple[Any, Shape]]) -> None:
        self._makers: dict[int, str] = {}  # id of a symbolic tensor → path of the layer that makes it
        self._values: dict[int, Value] = {}  # id of a symbolic tensor → the value in its place
        self._counts: Counter[str] = Counter()
        self._shapes: dict[int, Shape] = {id(tensor): shape for tensor, shape in inputs}
        self._owners: dict[str, Any] = {}
        self._kept: list[Any] = []  # ids of traced tensors must stay theirs
        self.notes: list[str] = []
        self.steps: list[GraphStep] = []

    def walk(self, graph: Any, *, prefix: str, keeps_names: bool) -> Iterator[GraphCall]:
        parent = prefix.removesuffix("/")
        names = _OperationNames(graph) if not keeps_names else None
        for node in _nodes(graph):
            if parent and node.is_input:
                continue  # what stands outside takes its place
            is_layer = isinstance(node.operation, keras.layers.Layer)
            name = node.operation.name if is_layer or names is None else names.next_for(node.operation)
            path = self._own_path(f"{prefix}{name}", node.operation) if is_layer else f"{prefix}{name}"
            yield from self._calls(node, path, parent)

    def specs(self, tensors: Iterable[Any]) -> tuple[TensorSpec, ...]:
        """Shapes and types of symbolic tensors."""
        return tuple(TensorSpec(shape=self._shapes[id(tensor)], dtype=str(tensor.dtype)) for tensor in tensors)

    def values(self, tensors: Iterable[Any]) -> tuple[Value, ...]:
        """The values in the places of symbolic tensors."""
        return tuple(self._values[id(tensor)] for tensor in tensors)

    def _own_path(self, path: str, layer: Any) -> str:
        """Code may give two layers one name, a functional model cannot."""
        chosen, count = path, 0
        while self._owners.setdefault(chosen, layer) is not layer:
            count += 1
            chosen = f"{path}_{count}"
        return chosen

    def _calls(self, node: Any, path: str, parent: str) -> Iterator[GraphCall]:
        nested = functional_graph(node.operation)
        if nested is not None:
            inner = self._inside(nested, _pairs(node, nested), path, keeps_names=True)
            self._hand_over(zip(nested.outputs, node.outputs, strict=True))
            yield self._call(node, path, parent, is_container=True)
            yield from inner
        elif is_composite(node.operation):
            yield from self._composite_calls(node, path, parent)
        else:
            self._settle_shapes(node)
            yield self._call(node, path, parent, is_container=False, index=self._step(node, path))
            self._made(node, path)

    def _composite_calls(self, node: Any, path: str, parent: str) -> Iterator[GraphCall]:
        """The calls in the code of a layer, or what can be told without following it."""
        try:
            traced = trace(
                node.operation, node.arguments.args, node.arguments.kwargs, self._shapes, output_count=len(node.outputs)
            )
        except NotTraceableError as error:
            yield from self._opaque_calls(node, path, parent, str(error))
            return
        inner = self._traced_inside(traced, node, path)
        self._hand_over(zip(traced.graph.outputs, node.outputs, strict=True))
        yield self._call(node, path, parent, is_container=True)
        yield from inner

    def _traced_inside(self, traced: Traced, node: Any, path: str) -> list[GraphCall]:
        self._kept.append(traced)
        pairs = [(tensor, traced.stand_ins[id(tensor)]) for tensor in node.input_tensors]
        return self._inside(traced.graph, pairs, path, keeps_names=False)

    def _opaque_calls(self, node: Any, path: str, parent: str, why: str) -> Iterator[GraphCall]:
        self._settle_shapes(node)
        inner = self._watched(node, path)
        consequence = MEMBERS_ONLY if inner else ONE_LAYER
        last = next((call.path for call in reversed(inner) if not call.is_container), path)
        self._step(node, last)  # its members cannot be run one by one: the last of them stands for all
        self._made(node, last)
        self.notes.append(OPAQUE.format(path=path, reason=why, consequence=consequence))
        yield self._call(node, path, parent, is_container=bool(inner))
        yield from inner

    def _watched(self, node: Any, path: str) -> tuple[GraphCall, ...]:
        """Calls of the members on zeros; none where that fails as well."""
        zeros = {
            id(tensor): keras.ops.zeros(self._shapes[id(tensor)], dtype=tensor.dtype) for tensor in node.input_tensors
        }
        arguments, named = node.arguments.fill_in(zeros)
        try:
            return watch(node.operation, arguments, named, path=path).calls
        except Exception as error:  # noqa: BLE001
            self.notes.append(f"{path} cannot run on zeros ({reason(error)}).")
            return ()

    def _inside(self, graph: Any, pairs: list[tuple[Any, Any]], path: str, *, keeps_names: bool) -> list[GraphCall]:
        self._hand_over(pairs)
        return list(self.walk(graph, prefix=f"{path}/", keeps_names=keeps_names))

    def _hand_over(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        for source, target in pairs:
            self._shapes[id(target)] = self._shapes[id(source)]
            if id(source) in self._makers:
                self._makers[id(target)] = self._makers[id(source)]
            if id(source) in self._values:
                self._values[id(target)] = self._values[id(source)]

    def _made(self, node: Any, path: str) -> None:
        self._makers.update((id(tensor), path) for tensor in node.outputs)

    def _step(self, node: Any, path: str) -> int:
        """Write down how the call is run; says which call of its layer it is."""
        index = self._counts[path]
        self._counts[path] += 1
        name = call_name(path, index)
        read = {id(tensor): self._values[id(tensor)] for tensor in node.input_tensors if id(tensor) in self._values}
        self._kept.append(node)
        self.steps.append(
            GraphStep(
                name=name,
                operation=node.operation,
                arguments=node.arguments,
                values=read,
                output_count=len(node.outputs),
                is_input=node.is_input,
            )
        )
        self._values.update((id(tensor), (name, place)) for place, tensor in enumerate(node.outputs))
        return index

    def _call(self, node: Any, path: str, parent: str, *, is_container: bool, index: int = 0) -> GraphCall:
        sources = (self._makers.get(id(tensor), path) for tensor in node.input_tensors)
        return GraphCall(
            operation=node.operation,
            path=path,
            parent=parent,
            is_container=is_container,
            sources=tuple(dict.fromkeys(source for source in sources if source != path)),
            inputs=self.specs(node.input_tensors),
            outputs=self.specs(node.outputs),
            arguments=(*node.arguments.args, *node.arguments.kwargs.values()),
            index=index,
            reads=tuple(self._values[id(tensor)][0] for tensor in node.input_tensors if id(tensor) in self._values),
            is_training=node.arguments.kwargs.get("training") is True,
        )

    def _settle_shapes(self, node: Any) -> None:
        """Give every output a shape without gaps: those of the inputs have none."""
        if node.is_input:
            return
        shapes = self._computed(node) if self._is_open(node) else [self._with_batch(node, out) for out in node.outputs]
        for tensor, shape in zip(node.outputs, shapes, strict=True):
            self._shapes[id(tensor)] = tuple(int(size) for size in shape)

    def _is_open(self, node: Any) -> bool:
        """Whether shapes have to be computed: sizes are open, or the call is another than the graph was made with.

        An operation may have moved the batch into another dimension, a layer of Keras never does.
        """
        return (
            any(None in tensor.shape[1:] for tensor in node.outputs)
            or not type(node.operation).__module__.startswith("keras.src.layers.")
            or any(
                tensor.shape[1:] != self._shapes[id(tensor)][1:]
                or tensor.shape[0] not in (None, self._shapes[id(tensor)][0])
                for tensor in node.input_tensors
            )
        )

    def _with_batch(self, node: Any, tensor: Any) -> tuple[int, ...]:
        batch = tensor.shape[0] if tensor.shape[0] is not None else self._shapes[id(node.input_tensors[0])][0]
        return (batch, *tensor.shape[1:])

    def _computed(self, node: Any) -> list[tuple[int, ...]]:
        known = {
            id(tensor): keras.KerasTensor(self._shapes[id(tensor)], dtype=tensor.dtype) for tensor in node.input_tensors
        }
        arguments, named = node.arguments.fill_in(known)
        named = {name: value for name, value in named.items() if name not in {"mask", "training"}}
        result = node.operation.compute_output_spec(*arguments, **_evaluating(node.operation, named))
        return [tensor.shape for tensor in keras.tree.flatten(result) if isinstance(tensor, keras.KerasTensor)]


def _evaluating(operation: Any, keywords: Mapping[str, Any]) -> Mapping[str, Any]:
    """A layer of the user's may do something else in training; Keras's own compute shapes without being told."""
    is_own_code = isinstance(operation, keras.layers.Layer) and not type(operation).__module__.startswith("keras.")
    return evaluation_keywords(operation, keywords) if is_own_code else keywords


class _OperationNames:
    """Names for the operations in traced code, the same in every block of a kind: `add`, `add_1`."""

    def __init__(self, graph: Any) -> None:
        operations = (node.operation for node in _nodes(graph))
        self._taken = {operation.name for operation in operations if isinstance(operation, keras.layers.Layer)}

    def next_for(self, operation: Any) -> str:
        base = str(keras.src.utils.naming.to_snake_case(type(operation).__name__))
        name, count = base, 0
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        return name


def _pairs(node: Any, graph: Any) -> list[tuple[Any, Any]]:
    """Tensors handed to a nested functional model, and its own inputs they stand for."""
    values = (*node.arguments.args, *node.arguments.kwargs.values())
    given = values[0]
    if isinstance(given, dict) and not isinstance(graph._inputs_struct, dict):  # noqa: SLF001
        given = [given[tensor.name] for tensor in graph.inputs]
    pairs = zip(keras.tree.flatten(given), graph.inputs, strict=True)
    return [(source, target) for source, target in pairs if isinstance(source, keras.KerasTensor)]


def _nodes(graph: Any) -> Iterator[Any]:
    if isinstance(graph, TracedGraph):
        yield from graph.nodes
        return
    by_depth = graph._nodes_by_depth  # noqa: SLF001
    for depth in sorted(by_depth, reverse=True):
        yield from by_depth[depth]
