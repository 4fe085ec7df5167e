"""Layers of a PyTorch model from its modules and the operations they ran."""

from collections import Counter
from dataclasses import dataclass, field

from torch import nn

from mbgui.domain.network import Layer, LayerCall, LayerKind, TensorSpec
from mbgui.frameworks.layer_traits import LayerTraits, rescaled_together, traits
from mbgui.frameworks.layer_tree import LayerTree
from mbgui.frameworks.torch_bookkeeping import is_bookkeeping
from mbgui.frameworks.torch_calls import CallBook, CallNodes, module_call_of
from mbgui.frameworks.torch_graph import VALUE_FREE, Operation
from mbgui.frameworks.torch_macs import operation_macs
from mbgui.frameworks.torch_modules import describe_module, is_atomic, kind_of_class
from mbgui.frameworks.torch_operations import as_it_ran, describe_operation
from mbgui.frameworks.torch_stand_ins import StandIn, class_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCalls:
    """How often each module ran, and what it returned at its first call, by path."""

    counts: Counter[str] = field(default_factory=Counter)
    outputs: dict[str, tuple[TensorSpec, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLayers:
    """The layers of a program, their calls, and where these are in it."""

    layers: tuple[Layer, ...]
    calls: tuple[LayerCall, ...]
    nodes: CallNodes


@dataclass(slots=True, kw_only=True)
class _Group:
    """The operations that one layer ran."""

    path: str
    parent: str
    type_name: str
    is_operation: bool
    call_count: int = 1
    operations: list[Operation] = field(default_factory=list)


def layers_from_operations(model: nn.Module, operations: tuple[Operation, ...], calls: ModuleCalls) -> ProgramLayers:
    """Layers in execution order, containers first; modules that ran nothing stand where they are defined."""
    return _Grouping(model, calls).read(operations)


class _Grouping:
    def __init__(self, model: nn.Module, calls: ModuleCalls) -> None:
        self._modules = dict(model.named_modules())
        self._aliases: dict[str, str] = {
            path: next(first for first, known in self._modules.items() if known is module)
            for path, module in model.named_modules(remove_duplicate=False)
            if path not in self._modules
        }
        self._calls = calls
        self._atomic = {path for path, module in self._modules.items() if is_atomic(module)}
        self._inside = {path for path in self._modules if self._is_inside_atomic(path)}
        self._groups: dict[str, _Group] = {}
        self._maker: dict[str, str] = {}  # node → path of the layer that made its value
        self._source: dict[str, str] = {}  # node of an operation that hands on → node it read
        self._taken: Counter[tuple[str, str]] = Counter()
        self._book = CallBook()

    def read(self, operations: tuple[Operation, ...]) -> ProgramLayers:
        whole_modules = self._modules_of_one_kind(operations)
        for operation in operations:
            self._place(operation, whole_modules)
        return ProgramLayers(layers=self._assembled(), calls=self._book.calls(), nodes=self._book.nodes())

    def _is_inside_atomic(self, path: str) -> bool:
        parts = path.split(".")
        return any(".".join(parts[:end]) in self._atomic for end in range(1, len(parts)))

    def _modules_of_one_kind(self, operations: tuple[Operation, ...]) -> set[str]:
        """Childless modules of a user's own whose operations are all of one kind: they are that layer."""
        kinds: dict[str, set[LayerKind]] = {}
        for operation in operations:
            path = self._known(operation.modules[-1]) if operation.modules else ""
            if not self._is_own_leaf(path) or is_bookkeeping(operation):
                continue
            kinds.setdefault(path, set()).add(describe_operation(operation).kind)
        return {path for path, found in kinds.items() if len(found) == 1}

    def _is_own_leaf(self, path: str) -> bool:
        return path not in self._atomic and path != "" and next(self._modules[path].children(), None) is None

    def _known(self, path: str) -> str:
        return self._aliases.get(path, path)

    def _place(self, operation: Operation, whole_modules: set[str]) -> None:
        owner = self._owning_layer(operation, whole_modules)
        if owner is not None:
            self._add_to_module(owner, operation)
        elif is_bookkeeping(operation) or not operation.depends_on_input:
            source = next(operation.tensors(), None)
            if source is not None and operation.operator not in VALUE_FREE:
                self._source[operation.node] = source.node
                self._book.hand_on(operation)
        else:
            self._add_functional(operation)

    def _owning_layer(self, operation: Operation, whole_modules: set[str]) -> str | None:
        """The layer whose module runs the operation, or whose weights it uses."""
        stack = [self._known(path) for path in operation.modules]
        for path in stack:
            if path in self._atomic or path in whole_modules:
                return path
        for tensor in operation.tensors():
            owner = self._known(tensor.stored_as.rpartition(".")[0])
            if tensor.stored_as and owner in self._atomic and operation_macs(operation):
                return owner
        return None

    def _add_to_module(self, path: str, operation: Operation) -> None:
        if path not in self._groups:
            self._groups[path] = _Group(
                path=path,
                parent=path.rpartition(".")[0],
                type_name=class_name(self._modules[path]),
                is_operation=False,
                call_count=max(self._calls.counts[path], 1),
            )
        self._groups[path].operations.append(operation)
        self._maker[operation.node] = path
        self._book.add_to_module(path, operation, module_call_of(operation, map(self._known, operation.modules), path))

    def _add_functional(self, operation: Operation) -> None:
        name = operation.name
        parent = self._known(operation.modules[-1]) if operation.modules else ""
        path = self._functional_path(operation.call, parent, name)
        if path in self._groups:
            self._groups[path].call_count += 1
        else:
            self._groups[path] = _Group(path=path, parent=parent, type_name=name, is_operation=True)
        self._groups[path].operations.append(operation)
        self._maker[operation.node] = path
        self._book.add_functional(path, operation)

    def _functional_path(self, call: str, parent: str, name: str) -> str:
        """`parent.add`, then `parent.add_1` and so on; a repeated call of the parent leads to the same paths again."""
        while True:
            number = self._taken[call, name]
            self._taken[call, name] += 1
            path = f"{parent}.{name}".lstrip(".") + (f"_{number}" if number else "")
            if path not in self._modules:
                return path

    def _assembled(self) -> tuple[Layer, ...]:
        tree = LayerTree()
        for group in self._groups.values():
            for container in self._containers_of(group.parent):
                tree.append(container)
            tree.append(self._layer(group))
        self._insert_idle(tree)
        return tree.layers()

    def _insert_idle(self, tree: LayerTree) -> None:
        """Modules that ran no operation stand where they are defined."""
        previous: dict[str, str] = {}
        for path, module in self._modules.items():
            if not path or path in self._inside:
                continue
            parent = path.rpartition(".")[0]
            tree.insert_after(self._idle_layer(path, module), previous.get(parent, ""))
            previous[parent] = path

    def _containers_of(self, parent: str) -> list[Layer]:
        parts = parent.split(".") if parent else []
        return [self._container(".".join(parts[:end])) for end in range(1, len(parts) + 1)]

    def _container(self, path: str) -> Layer:
        return self._module_layer(path, traits(LayerKind.CONTAINER, {}))

    def _idle_layer(self, path: str, module: nn.Module) -> Layer:
        """A module that ran no operation of its own."""
        is_leaf = next(module.children(), None) is None
        if is_leaf and class_name(module) == "Sequential":
            return self._module_layer(path, traits(LayerKind.IDENTITY, {}))
        if isinstance(module, StandIn) and path in self._atomic:
            return self._module_layer(path, traits(kind_of_class(module.class_name) or LayerKind.OTHER, {}))
        if path in self._atomic:
            return self._module_layer(path, describe_module(module, ()))
        return self._module_layer(path, traits(LayerKind.OTHER if is_leaf else LayerKind.CONTAINER, {}))

    def _module_layer(self, path: str, described: LayerTraits) -> Layer:
        return Layer(
            path=path,
            parent=path.rpartition(".")[0],
            type_name=class_name(self._modules[path]),
            kind=described.kind,
            is_operation=False,
            call_count=self._calls.counts[path],
            inputs=(),
            outputs=self._calls.outputs.get(path, ()),
            mac_count=0,
            attributes=described.attributes,
        )

    def _layer(self, group: _Group) -> Layer:
        described = self._described(group)
        return Layer(
            path=group.path,
            parent=group.parent,
            type_name=group.type_name,
            kind=described.kind,
            is_operation=group.is_operation,
            call_count=group.call_count,
            inputs=self._inputs(group),
            outputs=self._outputs(group),
            mac_count=sum(operation_macs(operation) for operation in group.operations),
            attributes=described.attributes,
        )

    def _described(self, group: _Group) -> LayerTraits:
        module = self._modules.get(group.path)
        if group.path in self._atomic and not isinstance(module, StandIn):
            source = next(group.operations[0].tensors(), None)
            described = describe_module(self._modules[group.path], source.shape if source else ())
            return as_it_ran(described, group.operations)
        telling = [operation for operation in group.operations if not is_bookkeeping(operation)]
        described_each = [describe_operation(operation) for operation in telling or group.operations[:1]]
        kind = kind_of_class(module.class_name) if isinstance(module, StandIn) else None
        if kind is not None:
            return next((found for found in described_each if found.kind is kind), traits(kind, {}))
        if all(found.kind is LayerKind.RESCALE for found in described_each):
            return rescaled_together(described_each)
        return described_each[0]

    def _outputs(self, group: _Group) -> tuple[TensorSpec, ...]:
        if group.is_operation:
            return group.operations[0].outputs
        return self._calls.outputs.get(group.path) or group.operations[-1].outputs

    def _inputs(self, group: _Group) -> tuple[str, ...]:
        makers = (self._maker_of(tensor.node) for operation in group.operations for tensor in operation.tensors())
        return tuple(dict.fromkeys(maker for maker in makers if maker is not None and maker != group.path))

    def _maker_of(self, node: str) -> str | None:
        while node in self._source:
            node = self._source[node]
        return self._maker.get(node)
