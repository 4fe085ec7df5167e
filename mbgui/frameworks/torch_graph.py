"""The operations of a PyTorch model, from `torch.export`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.export._trace  # `torch.export` would import it at its first call; the app waits less here
from torch import fx, nn
from torch.utils._pytree import tree_map_only

from mbgui.domain.network import TensorSpec

REPEATED_CALL = re.compile(r"@\d+")
VALUE_FREE = {"new_zeros", "new_ones", "new_full", "new_empty", "zeros_like", "ones_like", "full_like", "empty_like"}
"""Operators that take only shape and type from a tensor: their result does not depend on its values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorValue:
    """A tensor an operation reads: which node made it, and under which name the model stores it ("" if it does not)."""

    node: str
    shape: tuple[int, ...]
    dtype: str
    stored_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call of an operator.

    `call` names the call of the module in which it ran, `modules` the paths of the modules around it from the
    outside in, and `module_calls` the call of each of these, where that is known. `arguments` are by the names of the
    operator's schema, tensors as `TensorValue`.
    """

    node: str
    operator: str
    modules: tuple[str, ...]
    call: str
    arguments: dict[str, Any]
    outputs: tuple[TensorSpec, ...]
    depends_on_input: bool
    module_calls: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The operator without the mark of working in place: `relu` for `relu_`."""
        return self.operator.rstrip("_")

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the first tensor it reads; empty where it reads none."""
        return next((tensor.shape for tensor in self.tensors()), ())

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of its first output."""
        return self.outputs[0].shape if self.outputs else ()

    def shape_of(self, argument: str) -> tuple[int, ...]:
        """Shape of the tensor given for an argument; empty where none is."""
        value = self.arguments[argument]
        return value.shape if isinstance(value, TensorValue) else ()

    def tensors(self) -> Iterator[TensorValue]:
        """Every tensor it reads, in argument order."""
        for argument in self.arguments.values():
            members = argument if isinstance(argument, tuple | list) else (argument,)
            yield from (member for member in members if isinstance(member, TensorValue))


def exported(model: nn.Module, example: tuple[torch.Tensor, ...]) -> torch.export.ExportedProgram:
    """The program of one forward pass. Raises whatever `torch.export` raises."""
    with _export_settings():
        return torch.export.export(model, example, strict=False)


def operations_of_program(program: torch.export.ExportedProgram) -> tuple[Operation, ...]:
    """Operations of an exported program in execution order."""
    return _GraphReader(program).read()


def settle_by_running(program: torch.export.ExportedProgram, example: tuple[torch.Tensor, ...]) -> None:
    """Give every node the shapes it really has, where some are left open: code may compute sizes as it runs."""
    values = (node.meta.get("val") for node in program.graph.nodes)
    if not any(isinstance(size, torch.SymInt) for value in values for size in getattr(value, "shape", ())):
        return
    with torch.inference_mode():
        _ShapeRecorder(program.graph_module).run(*program_arguments(program, example))


def program_arguments(program: torch.export.ExportedProgram, example: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    """What the graph of a program is called with: parameters, buffers and constants, and the example's tensors."""
    signature = program.graph_signature
    lifted = {
        **signature.inputs_to_parameters,
        **signature.inputs_to_buffers,
        **signature.inputs_to_lifted_tensor_constants,
    }
    tensors: dict[str, Any] = {**program.constants, **program.state_dict}
    given = iter(example)
    return [
        tensors[lifted[node.name]] if node.name in lifted else next(given)
        for node in program.graph.nodes
        if node.op == "placeholder"
    ]


class _ShapeRecorder(fx.Interpreter):
    """Runs a graph and keeps the shape of every result in place of what was inferred."""

    def run_node(self, n: fx.Node) -> Any:
        result = super().run_node(n)
        n.meta["val"] = tree_map_only(torch.Tensor, _without_values, result)
        return result


def _without_values(tensor: torch.Tensor) -> torch.Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, device="meta")


@contextmanager
def _export_settings() -> Iterator[None]:
    """Attention in single operators, not in one opaque one; no stack traces, which take a fifth of the time."""
    fast_path = torch.backends.mha.get_fastpath_enabled()
    has_traces = getattr(fx.config, "do_not_emit_stack_traces", False)
    torch.backends.mha.set_fastpath_enabled(False)
    fx.config.do_not_emit_stack_traces = True
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)
        fx.config.do_not_emit_stack_traces = has_traces


def dtype_name(dtype: torch.dtype) -> str:
    """`float32` for `torch.float32`."""
    return str(dtype).removeprefix("torch.")


def tensor_specs(value: object) -> tuple[TensorSpec, ...]:
    """Shape and dtype of every tensor in a value, tuples and dictionaries looked into."""
    if isinstance(value, torch.Tensor):
        return (TensorSpec(shape=tuple(int(size) for size in value.shape), dtype=dtype_name(value.dtype)),)
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return tuple(spec for member in value for spec in tensor_specs(member))
    return ()


class _GraphReader:
    def __init__(self, program: torch.export.ExportedProgram) -> None:
        signature = program.graph_signature
        self._nodes = program.graph.nodes
        self._stored = {
            **signature.inputs_to_parameters,
            **signature.inputs_to_buffers,
        }
        self._from_input = set(signature.user_inputs)
        self._values: dict[str, TensorValue] = {}

    def read(self) -> tuple[Operation, ...]:
        return tuple(self._operation(node) for node in self._nodes if node.op == "call_function")

    def _operation(self, node: fx.Node) -> Operation:
        modules = node.meta.get("nn_module_stack", {})
        stack, calls = [path for path, _ in modules.values()], tuple(map(str, modules))
        target: Any = node.target
        packet = getattr(target, "overloadpacket", None)
        name = packet.__name__ if packet is not None else getattr(target, "__name__", str(target))
        depends = name not in VALUE_FREE and any(source.name in self._from_input for source in node.all_input_nodes)
        if depends:
            self._from_input.add(node.name)
        return Operation(
            node=node.name,
            operator=name,
            modules=tuple(REPEATED_CALL.sub("", path) for path in stack),
            call=calls[-1] if calls else "",
            module_calls=calls,
            arguments=self._arguments(node),
            outputs=tensor_specs(node.meta.get("val")),
            depends_on_input=depends,
        )

    def _arguments(self, node: fx.Node) -> dict[str, Any]:
        schema = getattr(node.target, "_schema", None)
        if schema is None:
            return {str(index): self._argument(value) for index, value in enumerate(node.args)}
        parameters = schema.arguments
        given = {parameter.name: self._argument(value) for parameter, value in zip(parameters, node.args, strict=False)}
        given.update((name, self._argument(value)) for name, value in node.kwargs.items())
        defaults = {
            parameter.name: parameter.default_value
            for parameter in parameters
            if parameter.name not in given and parameter.has_default_value()
        }
        return given | defaults

    def _argument(self, value: object) -> object:
        if isinstance(value, fx.Node):
            return self._tensor_value(value)
        if isinstance(value, tuple | list):
            return tuple(self._argument(member) for member in value)
        return value

    def _tensor_value(self, node: fx.Node) -> object:
        if node.name not in self._values:
            specs = tensor_specs(node.meta.get("val"))
            if not specs:
                return node.meta.get("val")
            self._values[node.name] = TensorValue(
                node=node.name,
                shape=specs[0].shape,
                dtype=specs[0].dtype,
                stored_as=self._stored.get(node.name, ""),
            )
        return self._values[node.name]
