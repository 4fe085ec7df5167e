"""Every run of a layer in a PyTorch program: which operations it consists of, and what it reads."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mbgui.domain.network import LayerCall, call_name
from mbgui.frameworks.torch_graph import Operation


@dataclass(slots=True, kw_only=True)
class _OpenCall:
    layer: str
    index: int
    module_call: str
    operations: list[Operation] = field(default_factory=list)

    @property
    def name(self) -> str:
        return call_name(self.layer, self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNodes:
    """Where the calls are in the program: the nodes of each in execution order, the last one giving its output.

    `sources` lead from a node that hands a value on to the one it read.
    """

    nodes: dict[str, tuple[str, ...]]
    makers: dict[str, str]
    sources: dict[str, str]

    def maker_of(self, node: str) -> str | None:
        """The name of the call that made the value of a node, over nodes that hand it on; `None` for an input."""
        while node in self.sources:
            node = self.sources[node]
        return self.makers.get(node)


class CallBook:
    """Takes operations in execution order and groups them into calls."""

    def __init__(self) -> None:
        self._calls: list[_OpenCall] = []
        self._latest: dict[str, _OpenCall] = {}
        self._counts: Counter[str] = Counter()
        self._makers: dict[str, str] = {}
        self._sources: dict[str, str] = {}
        self._stored: dict[str, str] = {}

    def add_to_module(self, path: str, operation: Operation, module_call: str) -> None:
        """An operation that the module at `path` ran; `module_call` names its run, "" where that is unknown."""
        call = self._latest.get(path)
        if call is None or self._begins_another(call, operation, module_call):
            call = self._open(path, module_call)
        self._add(call, operation)

    def add_functional(self, path: str, operation: Operation) -> None:
        """An operation that is a layer by itself."""
        self._add(self._open(path, ""), operation)

    def hand_on(self, operation: Operation) -> None:
        """An operation that is no layer and gives what it reads, or what does not depend on the input."""
        source = next(operation.tensors(), None)
        if source is not None:
            self._sources[operation.node] = source.node
            self._note_stored(operation)

    def calls(self) -> tuple[LayerCall, ...]:
        """Every call, in the order in which it began."""
        return tuple(self._finished(call) for call in self._calls)

    def nodes(self) -> CallNodes:
        """Where the calls are."""
        return CallNodes(
            nodes={call.name: tuple(operation.node for operation in call.operations) for call in self._calls},
            makers=dict(self._makers),
            sources=dict(self._sources),
        )

    @staticmethod
    def _begins_another(call: _OpenCall, operation: Operation, module_call: str) -> bool:
        if module_call and call.module_call:
            return module_call != call.module_call
        return any(known.operator == operation.operator for known in call.operations)

    def _open(self, path: str, module_call: str) -> _OpenCall:
        call = _OpenCall(layer=path, index=self._counts[path], module_call=module_call)
        self._counts[path] += 1
        self._latest[path] = call
        self._calls.append(call)
        return call

    def _add(self, call: _OpenCall, operation: Operation) -> None:
        call.operations.append(operation)
        self._makers[operation.node] = call.name
        self._note_stored(operation)

    def _note_stored(self, operation: Operation) -> None:
        self._stored.update((tensor.node, tensor.stored_as) for tensor in operation.tensors() if tensor.stored_as)

    def _finished(self, call: _OpenCall) -> LayerCall:
        read = [self._origin(tensor.node) for operation in call.operations for tensor in operation.tensors()]
        makers = (self._makers.get(node) for node in read)
        stored = (self._stored[node] for node in read if node in self._stored)
        return LayerCall(
            layer=call.layer,
            index=call.index,
            inputs=tuple(maker for maker in makers if maker is not None and maker != call.name),
            outputs=call.operations[-1].outputs,
            tensors=tuple(dict.fromkeys(stored)),
        )

    def _origin(self, node: str) -> str:
        while node in self._sources:
            node = self._sources[node]
        return node


def module_call_of(operation: Operation, paths: Iterator[str], path: str) -> str:
    """The run of the module at `path` in which an operation ran, "" where that is not known."""
    runs = zip(paths, operation.module_calls, strict=False)
    return next((run for known, run in runs if known == path), "")
