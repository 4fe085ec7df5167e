"""Walking the graph of a functional or sequential Keras model, nested models included.

Keras offers no public way to a model's nodes, so its internals are touched here and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from mbgui.domain.network import TensorSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCall:
    """One call of a layer or operation, or the entry into a nested model (`is_container`).

    `sources` are the paths of the layers whose outputs it reads, `arguments` all values given to the call.
    """

    operation: Any
    path: str
    parent: str
    is_container: bool
    sources: tuple[str, ...]
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    arguments: tuple[Any, ...]


def functional_graph(model: Any) -> Any | None:
    """The object that holds the graph of a model, or `None` for a model written as a subclass."""
    if isinstance(model, keras.Sequential):
        return getattr(model, "_functional", None)
    return model if isinstance(model, keras.Model) and hasattr(model, "_nodes_by_depth") else None


def graph_calls(model: Any, *, input_size: tuple[int, int], batch_size: int) -> Iterator[GraphCall]:
    """Every call in execution order, the entry into a nested model before its members."""
    return _GraphWalk(input_size, batch_size).walk(functional_graph(model), prefix="")


def output_specs(model: Any, calls: tuple[GraphCall, ...]) -> tuple[TensorSpec, ...]:
    """Outputs of a model: those of the calls that made them."""
    graph: Any = functional_graph(model)
    last = {call.operation.name: call.outputs for call in calls if not call.parent}
    makers = (tensor._keras_history for tensor in graph.outputs)  # noqa: SLF001 - see the module's docstring
    return tuple(last[maker.operation.name][maker.tensor_index] for maker in makers)


class _GraphWalk:
    def __init__(self, input_size: tuple[int, int], batch_size: int) -> None:
        self._input_size = input_size
        self._batch_size = batch_size
        self._makers: dict[int, str] = {}  # id of a symbolic tensor → path of the layer that makes it
        self._shapes: dict[int, tuple[int, ...]] = {}

    def walk(self, graph: Any, *, prefix: str) -> Iterator[GraphCall]:
        parent = prefix.removesuffix("/")
        for node in _nodes(graph):
            operation = node.operation
            path = f"{prefix}{operation.name}"
            if parent and node.is_input:
                continue  # what stands outside takes its place
            self._settle_shapes(node)
            nested = functional_graph(operation)
            yield self._call(node, path, parent, is_container=nested is not None)
            if nested is None:
                self._makers.update((id(tensor), path) for tensor in node.outputs)
            else:
                yield from self._nested(node, nested, path)

    def _nested(self, node: Any, graph: Any, path: str) -> Iterator[GraphCall]:
        self._hand_over(node.input_tensors, graph.inputs)
        yield from self.walk(graph, prefix=f"{path}/")
        self._hand_over(graph.outputs, node.outputs)

    def _hand_over(self, sources: list[Any], targets: list[Any]) -> None:
        for source, target in zip(sources, targets, strict=True):
            self._shapes[id(target)] = self._shapes[id(source)]
            if id(source) in self._makers:
                self._makers[id(target)] = self._makers[id(source)]

    def _call(self, node: Any, path: str, parent: str, *, is_container: bool) -> GraphCall:
        sources = (self._makers.get(id(tensor), path) for tensor in node.input_tensors)
        return GraphCall(
            operation=node.operation,
            path=path,
            parent=parent,
            is_container=is_container,
            sources=tuple(dict.fromkeys(source for source in sources if source != path)),
            inputs=self._specs(node.input_tensors),
            outputs=self._specs(node.outputs),
            arguments=(*node.arguments.args, *node.arguments.kwargs.values()),
        )

    def _specs(self, tensors: list[Any]) -> tuple[TensorSpec, ...]:
        return tuple(TensorSpec(shape=self._shapes[id(tensor)], dtype=str(tensor.dtype)) for tensor in tensors)

    def _settle_shapes(self, node: Any) -> None:
        """Give every output a shape without gaps: the batch is known, and so is the size of the images."""
        if node.is_input:
            for tensor in node.outputs:
                self._shapes[id(tensor)] = self._input_shape(tensor.shape)
            return
        if any(None in tensor.shape[1:] for tensor in node.outputs) or self._is_called_otherwise(node):
            shapes = self._computed(node)
        else:
            shapes = [(self._batch_size, *tensor.shape[1:]) for tensor in node.outputs]
        for tensor, shape in zip(node.outputs, shapes, strict=True):
            self._shapes[id(tensor)] = tuple(int(size) for size in shape)

    def _is_called_otherwise(self, node: Any) -> bool:
        """Whether an input has another shape than the symbolic one, as inside a nested model."""
        return any(
            tensor.shape[1:] != self._shapes[id(tensor)][1:] or tensor.shape[0] is not None
            for tensor in node.input_tensors
        )

    def _computed(self, node: Any) -> list[tuple[int, ...]]:
        known = {
            id(tensor): keras.KerasTensor(self._shapes[id(tensor)], dtype=tensor.dtype) for tensor in node.input_tensors
        }
        arguments, named = node.arguments.fill_in(known)
        named = {name: value for name, value in named.items() if name not in {"mask", "training"}}
        result = node.operation.compute_output_spec(*arguments, **named)
        return [tensor.shape for tensor in keras.tree.flatten(result)]

    def _input_shape(self, shape: tuple[int | None, ...]) -> tuple[int, ...]:
        gaps = iter(self._input_size)
        inner = (size if size is not None else next(gaps, 1) for size in shape[1:])
        return (self._batch_size, *inner)


def _nodes(graph: Any) -> Iterator[Any]:
    by_depth = graph._nodes_by_depth  # noqa: SLF001 - see the module's docstring
    for depth in sorted(by_depth, reverse=True):
        yield from by_depth[depth]
