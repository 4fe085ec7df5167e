"""A PyTorch program run call by call, on several lanes at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import fx
from torch.utils._pytree import tree_map

from mbgui.domain.proof_plan import READS, input_name
from mbgui.frameworks.stepwise import FLOAT64, Array, Arrays, Lane, RunSettings, StepwiseRun
from mbgui.frameworks.torch_channels import layouts_of, operator_name, shape_of
from mbgui.frameworks.torch_graph import dtype_name
from mbgui.frameworks.torch_reading import TracedProgram
from mbgui.frameworks.torch_settings import run_with

_WIDER = {torch.float32: torch.float64}
Values = dict[str, Any]


class TorchSteps:
    """A model as its exported program, whose operations run one by one on the live model's own tensors.

    In float64 a tensor is converted when it is read; parameters that are kept in another format than float32 keep it.
    """

    def __init__(self, traced: TracedProgram) -> None:
        program, self.call_nodes = traced.program, traced.nodes
        signature = program.graph_signature
        self.nodes: list[fx.Node] = [node for node in program.graph.nodes if node.op == "call_function"]
        self.layouts = layouts_of(program)
        inputs = [name for name in signature.user_inputs if isinstance(name, str)]
        self.input_names = {name: input_name(index) for index, name in enumerate(inputs)}
        self.last_nodes = {nodes[-1]: call for call, nodes in traced.nodes.nodes.items()}
        self._lifted = {
            **signature.inputs_to_parameters,
            **signature.inputs_to_buffers,
            **signature.inputs_to_lifted_tensor_constants,
        }
        self._stored: dict[str, Any] = {**program.constants, **program.state_dict}
        self._first_names = _first_names(self._stored)
        self._by_name = {node.name: node for node in program.graph.nodes}
        self._segments: dict[tuple[str, frozenset[str]], list[fx.Node]] = {}

    def tensor(self, name: str) -> Array:
        """The values of a stored tensor. Raises `KeyError`."""
        return _numpy(self._stored[name])

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the inputs, channels last."""
        nodes = (self._by_name[name] for name in self.input_names)
        return tuple(self.layouts[node.name].shape_channels_last(shape_of(node)) for node in nodes)

    def own_input(self, index: int, array: Array) -> Array:
        """A value for an input in PyTorch's layout."""
        return self._own_layout(self._by_name[list(self.input_names)[index]], array)

    def _own_layout(self, node: fx.Node, array: Array) -> Array:
        """A node's value in PyTorch's layout; whole numbers in the type the node has them in."""
        own = self.layouts[node.name].from_channels_last(array, (array.shape[0], *shape_of(node)[1:]))
        return own.astype(dtype_name(node.meta["val"].dtype)) if array.dtype.kind in "iu" else own

    def begin(self, lanes: Sequence[Lane], settings: RunSettings) -> StepwiseRun:
        """Begin a pass."""
        return _TorchRun(self, lanes, settings)

    def between(self, end: str, given: Mapping[str, Arrays], precision: str, settings: RunSettings) -> Arrays:
        """What the call `end` gives for these values of other calls. Raises `KeyError` where something is missing."""
        nodes = self._segment(end, frozenset(given))
        count = len(next(iter(given.values())))
        return [self._run_segment(nodes, end, given, lane, precision, settings) for lane in range(count)]

    def call_of(self, node: str) -> str | None:
        """The call or input whose value a node is, where it is the last of its call."""
        return self.last_nodes.get(node) or self.input_names.get(node)

    def reader(self, precision: str, settings: RunSettings) -> "_Reader":
        """Access to stored tensors in a number format."""
        return _Reader(self._lifted, self._stored, self._first_names, precision, settings)

    def activation(self, node: str, value: object) -> Array | None:
        """A node's value as it leaves."""
        if not isinstance(value, torch.Tensor):
            return None
        return np.ascontiguousarray(self.layouts[node].to_channels_last(_numpy(value)))

    def _run_segment(  # noqa: PLR0913, PLR0917
        self,
        nodes: list[fx.Node],
        end: str,
        given: Mapping[str, Arrays],
        lane: int,
        precision: str,
        settings: RunSettings,
    ) -> Array:
        values: Values = {}
        reader = self.reader(precision, settings)
        cuts = {name: arrays[lane] for name, arrays in given.items()}
        with torch.inference_mode():
            for node in nodes:
                for source in node.all_input_nodes:
                    cut = self.call_of(source.name)
                    if source.name not in values and cut in cuts:
                        values[source.name] = self._entering(source, cuts[str(cut)])
                run_node(self, node, values, reader, settings)
        result = self.activation(self.call_nodes.nodes[end][-1], values[self.call_nodes.nodes[end][-1]])
        if result is None:
            raise KeyError(end)
        return result

    def _entering(self, node: fx.Node, array: Array) -> torch.Tensor:
        return torch.from_numpy(np.array(self._own_layout(node, array), order="C"))

    def _segment(self, end: str, cuts: frozenset[str]) -> list[fx.Node]:
        """The operations between the cuts and the end, in execution order."""
        key = end, cuts
        if key not in self._segments:
            wanted = set(self._backward(self.call_nodes.nodes[end][-1], cuts))
            self._segments[key] = [node for node in self.nodes if node.name in wanted]
        return self._segments[key]

    def _backward(self, last: str, cuts: frozenset[str]) -> Iterator[str]:
        waiting, seen = [last], {last}
        while waiting:
            name = waiting.pop()
            yield name
            for source in self._by_name[name].all_input_nodes:
                if source.name in seen or self.call_of(source.name) in cuts:
                    continue
                if source.name in self.input_names:
                    raise KeyError(self.input_names[source.name])
                seen.add(source.name)
                if source.op == "call_function":
                    waiting.append(source.name)


class _Reader:
    """The stored tensors of a program, as copies in the number format of a lane."""

    def __init__(
        self,
        lifted: Mapping[str, str],
        stored: Mapping[str, Any],
        first_names: Mapping[str, str],
        precision: str,
        settings: RunSettings,
    ) -> None:
        self._lifted = lifted
        self._stored = stored
        self._first_names = first_names
        self._precision = precision
        self._tensors = settings.tensors

    def read(self, node: str) -> Any:
        """The value of a placeholder."""
        name = self._lifted[node]
        value = self._stored[name]
        if not isinstance(value, torch.Tensor):
            return value
        other = self._tensors.get(self._first_names.get(name, name))
        if other is not None:
            return torch.from_numpy(np.array(other)).to(self.dtype(value.dtype)).reshape(value.shape)
        return value.detach().to(self.dtype(value.dtype), copy=True)

    def dtype(self, dtype: Any) -> Any:
        """The number format that takes the place of another one."""
        return _WIDER.get(dtype, dtype) if self._precision == FLOAT64 else dtype


def run_node(steps: TorchSteps, node: fx.Node, values: Values, reader: _Reader, settings: RunSettings) -> None:
    """Do one operation; its result joins `values`."""
    call = steps.call_nodes.makers.get(node.name)
    replaced = settings.of(call) if call is not None else {}
    moved = _moved_reads(steps, replaced)

    def value_of(item: Any) -> Any:
        if isinstance(item, fx.Node):
            name = moved.get(steps.call_nodes.maker_of(item.name) or "", item.name)
            if name not in values:
                values[name] = reader.read(name)
            return values[name]
        return reader.dtype(item) if isinstance(item, torch.dtype) else item

    positional, named = tree_map(value_of, (node.args, node.kwargs), is_leaf=lambda item: isinstance(item, fx.Node))
    target: Any = node.target
    own = {name: value for name, value in replaced.items() if name != READS}
    if own and _is_principal(steps, node, str(call)):
        values[node.name] = run_with(operator_name(node), target, _by_schema(target, positional, named), own)
    else:
        values[node.name] = target(*positional, **named)


def _is_principal(steps: TorchSteps, node: fx.Node, call: str) -> bool:
    """Whether attributes of a call are those of this operation: that with the longest list of arguments."""
    nodes = steps.call_nodes.nodes[call]
    return len(nodes) == 1 or node.name == nodes[-1]


def _moved_reads(steps: TorchSteps, settings: Mapping[str, Any]) -> dict[str, str]:
    """The node to read in place of each call's output."""
    lines = str(settings[READS]).splitlines() if READS in settings else []
    pairs = (line.partition("=")[::2] for line in lines)
    return {old: steps.call_nodes.nodes[new][-1] for old, new in pairs}


def _by_schema(target: Any, positional: Sequence[Any], named: dict[str, Any]) -> dict[str, Any]:
    """Every argument by its name, the given ones first: what an operation works on is the first tensor."""
    parameters = target._schema.arguments  # noqa: SLF001
    given = {parameter.name: value for parameter, value in zip(parameters, positional, strict=False)}
    defaults = {parameter.name: parameter.default_value for parameter in parameters if parameter.has_default_value()}
    return given | {name: value for name, value in defaults.items() if name not in given} | named


class _TorchRun:
    def __init__(self, steps: TorchSteps, lanes: Sequence[Lane], settings: RunSettings) -> None:
        self._steps = steps
        self._settings = settings
        self._readers = [steps.reader(lane.precision, settings) for lane in lanes]
        self._values: list[Values] = [self._entered(lane) for lane in lanes]
        self._uses = self._use_counts(settings)
        self._next = 0
        self._last = ""

    def advance(self) -> str | None:
        """Do operations up to the end of the next call."""
        nodes = self._steps.nodes
        while self._next < len(nodes):
            node = nodes[self._next]
            self._next += 1
            with torch.inference_mode():
                for values, reader in zip(self._values, self._readers, strict=True):
                    run_node(self._steps, node, values, reader, self._settings)
            self._release(node)
            if node.name in self._steps.last_nodes:
                self._last = node.name
                return self._steps.last_nodes[node.name]
        return None

    def activations(self) -> Arrays | None:
        """What the last call gave."""
        found = [self._steps.activation(self._last, values.get(self._last)) for values in self._values]
        arrays = [array for array in found if array is not None]
        return arrays if len(arrays) == len(found) else None

    def _entered(self, lane: Lane) -> Values:
        return {
            name: torch.from_numpy(np.array(array, order="C"))  # in other strides convolutions round otherwise
            for name, array in zip(self._steps.input_names, lane.inputs, strict=True)
        }

    def _use_counts(self, settings: RunSettings) -> dict[str, int]:
        """How many operations have yet to read each value; those that other calls are made to read stay."""
        counts = {node.name: len(node.users) for node in self._steps.nodes}
        for call in settings.sources_kept():
            counts[self._steps.call_nodes.nodes[call][-1]] = len(self._steps.nodes)
        return counts

    def _release(self, node: fx.Node) -> None:
        """Forget what no later operation reads, and stored tensors at once."""
        for source in node.all_input_nodes:
            if source.op == "placeholder" and source.name not in self._steps.input_names:
                self._drop(source.name)
            elif source.name in self._uses:
                self._uses[source.name] -= 1
                if not self._uses[source.name]:
                    self._drop(source.name)
        previous = self._last
        if previous and not self._uses.get(previous, 1):
            self._drop(previous)

    def _drop(self, name: str) -> None:
        for values in self._values:
            values.pop(name, None)


def _first_names(stored: Mapping[str, Any]) -> dict[str, str]:
    """The first name under which each tensor is stored, by any of its names."""
    first: dict[tuple[int, tuple[int, ...]], str] = {}
    names: dict[str, str] = {}
    for name, value in stored.items():
        if isinstance(value, torch.Tensor) and value.numel():
            names[name] = first.setdefault((value.data_ptr(), tuple(value.shape)), name)
    return names


def _numpy(value: torch.Tensor) -> Array:
    if value.dtype is torch.bfloat16:
        value = value.float()
    array: Array = value.detach().numpy()
    return array
