"""Reading a PyTorch model: through `torch.export`, from a saved program or script, or through hooks."""

from collections import Counter
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import nn

from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputOrigin
from mbgui.domain.network import Layer, LayerCall, Network, TensorSpec
from mbgui.domain.source import ModelSource
from mbgui.frameworks.model_lookup import input_refused
from mbgui.frameworks.torch_calls import CallNodes
from mbgui.frameworks.torch_graph import (
    Operation,
    exported,
    operations_of_program,
    settle_by_running,
    tensor_specs,
)
from mbgui.frameworks.torch_hooks import layers_from_hooks, watched_calls
from mbgui.frameworks.torch_inputs import ExampleInputs
from mbgui.frameworks.torch_layers import ModuleCalls, ProgramLayers, layers_from_operations
from mbgui.frameworks.torch_saved_program import SavedProgram
from mbgui.frameworks.torch_stand_ins import class_name
from mbgui.frameworks.torch_tensors import stored_tensors

EXPORT_FAILED = (
    "torch.export could not follow this model ({reason}), so its modules were watched with hooks: "
    "functional operations such as residual additions are missing."
)
SCRIPT_FAILED = (
    "This TorchScript could not be converted into a graph ({reason}), so its modules are listed as they are defined: "
    "how they are wired, what they compute and their multiply-accumulates are not known."
)
_REFUSALS = (RuntimeError, ValueError, AssertionError, TypeError, IndexError, NotImplementedError)

Readable = nn.Module | SavedProgram


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedProgram:
    """The operations of a model as they can be run one by one, and where its calls are among them."""

    program: torch.export.ExportedProgram
    nodes: CallNodes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel:
    """The record of a model, and its program; `None` where it could not be followed."""

    network: Network
    traced: TracedProgram | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What reading gave; `owner` holds the tensors."""

    layers: tuple[Layer, ...]
    outputs: tuple[TensorSpec, ...]
    reading: str
    owner: nn.Module
    class_name: str
    notes: tuple[str, ...] = ()
    calls: tuple[LayerCall, ...] = ()
    output_calls: tuple[str, ...] = ()
    program: TracedProgram | None = None


def read_network(
    model: Readable, example: ExampleInputs | torch.Tensor, *, source: ModelSource, build_s: float
) -> Network:
    """The record of a model in evaluation mode. Raises as `read_model`."""
    return read_model(model, example, source=source, build_s=build_s).network


def read_model(
    model: Readable,
    example: ExampleInputs | torch.Tensor,
    *,
    source: ModelSource,
    build_s: float,
    notes: tuple[str, ...] = (),
) -> ReadModel:
    """Read a model in evaluation mode at the shapes of `example`. Raises `MbguiError` where it refuses them."""
    started = perf_counter()
    inputs = _as_inputs(example)
    found = _read(model, inputs, source)
    network = Network(
        source=source,
        framework=Framework.PYTORCH,
        class_name=found.class_name,
        data_layout="NCHW",
        reading=found.reading,
        framework_parameter_count=sum(parameter.numel() for parameter in found.owner.parameters()),
        inputs=tensor_specs(inputs.tensors),
        outputs=found.outputs,
        layers=found.layers,
        tensors=stored_tensors(found.owner, frozenset(layer.path for layer in found.layers)),
        notes=(*notes, *found.notes),
        build_s=build_s,
        read_s=perf_counter() - started,
        input_origin=inputs.origin,
        input_names=inputs.names,
        calls=found.calls,
        output_calls=found.output_calls,
    )
    return ReadModel(network=network, traced=found.program)


def _as_inputs(example: ExampleInputs | torch.Tensor) -> ExampleInputs:
    if isinstance(example, ExampleInputs):
        return example
    return ExampleInputs(tensors=(example,), names=(), origin=InputOrigin.GIVEN)


def _read(model: Readable, example: ExampleInputs, source: ModelSource) -> _Found:
    if isinstance(model, SavedProgram):
        return _read_program(model, example)
    if isinstance(model, torch.jit.ScriptModule):
        return _read_script(model, example, source)
    try:
        with watched_calls(model) as calls:
            program = exported(model, example.tensors)
    except Exception as error:  # noqa: BLE001 - export fails in many ways, each of them leads to the hooks
        return _read_by_hooks(model, example, source, error)
    found = layers_from_operations(model, operations_of_program(program), calls)
    return _Found(
        layers=found.layers,
        outputs=calls.outputs[""],
        reading="torch.export",
        owner=model,
        class_name=type(model).__name__,
        calls=found.calls,
        output_calls=_output_calls(program, found),
        program=TracedProgram(program=program, nodes=found.nodes),
    )


def _read_by_hooks(model: nn.Module, example: ExampleInputs, source: ModelSource, export_error: Exception) -> _Found:
    try:
        layers, outputs = layers_from_hooks(model, example.tensors)
    except _REFUSALS as refusal:
        raise input_refused(source.title, example.sizes, refusal) from refusal
    return _Found(
        layers=layers,
        outputs=outputs,
        reading="module hooks",
        owner=model,
        class_name=type(model).__name__,
        notes=(EXPORT_FAILED.format(reason=type(export_error).__name__),),
    )


def program_layers(saved: SavedProgram, example: ExampleInputs) -> ProgramLayers:
    """The layers of a saved program at the shapes of `example`, and where their calls are in it."""
    settle_by_running(saved.program, example.tensors)
    operations = operations_of_program(saved.program)
    return layers_from_operations(saved.hierarchy, operations, _calls_of(operations))


def _read_program(saved: SavedProgram, example: ExampleInputs) -> _Found:
    found = program_layers(saved, example)
    return _Found(
        layers=found.layers,
        outputs=_program_outputs(saved.program),
        reading="exported program",
        owner=saved.hierarchy,
        class_name=saved.class_name,
        calls=found.calls,
        output_calls=_output_calls(saved.program, found),
        program=TracedProgram(program=saved.program, nodes=found.nodes),
    )


def _read_script(script: torch.jit.ScriptModule, example: ExampleInputs, source: ModelSource) -> _Found:
    from mbgui.frameworks.torch_scripts import script_hierarchy, script_operations  # noqa: PLC0415  slow, seldom needed

    try:
        with torch.inference_mode():
            outputs = tensor_specs(script(*example.tensors))
    except _REFUSALS as refusal:
        raise input_refused(source.title, example.sizes, refusal) from refusal
    hierarchy = script_hierarchy(script)
    operations: tuple[Operation, ...] = ()
    notes: tuple[str, ...] = ()
    program = None
    try:
        program, operations = script_operations(script, example.tensors)
    except Exception as error:  # noqa: BLE001 - the converter gives up in many ways
        notes = (SCRIPT_FAILED.format(reason=type(error).__name__),)
    found = layers_from_operations(hierarchy, operations, _calls_of(operations))
    return _Found(
        layers=found.layers,
        outputs=outputs,
        reading="list of modules" if notes else "TorchScript graph",
        owner=hierarchy,
        class_name=class_name(hierarchy),
        notes=notes,
        calls=found.calls,
        output_calls=_output_calls(program, found) if program is not None else (),
        program=TracedProgram(program=program, nodes=found.nodes) if program is not None else None,
    )


def _calls_of(operations: tuple[Operation, ...]) -> ModuleCalls:
    """How often each module ran, as far as its operations tell: once where they name no repeated call."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for operation in operations:
        if operation.call not in seen:
            seen.add(operation.call)
            counts.update(operation.modules[-1:])
        counts.update(path for path in operation.modules[:-1] if path not in counts)
    return ModuleCalls(counts=counts)


def _output_calls(program: torch.export.ExportedProgram, found: ProgramLayers) -> tuple[str, ...]:
    """The calls that give the program's outputs, in their order."""
    names = (name for name in program.graph_signature.user_outputs if isinstance(name, str))
    return tuple(maker for maker in map(found.nodes.maker_of, names) if maker is not None)


def _program_outputs(program: torch.export.ExportedProgram) -> tuple[TensorSpec, ...]:
    made = {node.name: node for node in program.graph.nodes}
    names = (name for name in program.graph_signature.user_outputs if isinstance(name, str) and name in made)
    return tuple(spec for name in names for spec in tensor_specs(made[name].meta.get("val")))
