"""PyTorch models from files: exported programs (.pt2) and TorchScript; their classes are not in them and not needed."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeVar

import torch
from torch import fx

from mbgui.domain.error_text import error_detail, error_line
from mbgui.domain.errors import MbguiError, Problem, ProblemKind
from mbgui.domain.framework import Framework
from mbgui.domain.input_shape import InputOrigin, InputShape, inputs_text
from mbgui.domain.model_file import FileFormat
from mbgui.frameworks.file_models import require_model_file
from mbgui.frameworks.torch_inputs import ExampleInputs
from mbgui.frameworks.torch_saved_program import SavedProgram
from mbgui.frameworks.torch_stand_ins import stand_in_tree

_Model = TypeVar("_Model")


def open_model_file(path: str, memory_bytes: int) -> SavedProgram | torch.jit.ScriptModule:
    """The model in a file. Raises `MbguiError` where there is none of PyTorch's, or it cannot be read."""
    file = require_model_file(path, Framework.PYTORCH, memory_bytes)
    if file.format is FileFormat.EXPORTED_PROGRAM:
        return _opened(path, _load_program, "torch.export.save(torch.export.export(model, …), …)")
    return _opened(path, _load_script, "torch.jit.save, or better torch.export.save")


def _load_program(path: str) -> SavedProgram:
    return _saved_program(torch.export.load(path))


def _load_script(path: str) -> torch.jit.ScriptModule:
    load: Any = torch.jit.load
    script: torch.jit.ScriptModule = load(path, map_location="cpu").eval()
    return script


def _opened(path: str, load: Callable[[str], _Model], saver: str) -> _Model:
    try:
        return load(path)
    except Exception as error:  # each format's reader raises whatever a damaged or newer file makes of it
        raise MbguiError(
            Problem(
                sentence=f"{PurePath(path).name} cannot be opened: {error_line(error)}.",
                advice=f"Save it anew with this PyTorch ({torch.__version__}): {saver}.",
                detail=error_detail(error),
            )
        ) from error


def _saved_program(program: torch.export.ExportedProgram) -> SavedProgram:
    classes = _classes(program)
    signature = program.graph_signature
    constants = {name: value for name, value in program.constants.items() if isinstance(value, torch.Tensor)}
    tensors = {**constants, **program.state_dict}
    hierarchy = stand_in_tree(classes, tensors, frozenset(signature.parameters))
    return SavedProgram(
        program=program, call=program.module(), hierarchy=hierarchy, class_name=classes.get("", "ExportedProgram")
    )


def _classes(program: torch.export.ExportedProgram) -> dict[str, str]:
    """The class of every module by path, as far as its operations tell; owners of tensors in their order."""
    found: dict[str, str] = {name.rpartition(".")[0]: "Module" for name in program.state_dict}
    told: set[str] = set()
    for node in program.graph.nodes:
        for path, kind in node.meta.get("nn_module_stack", {}).values():
            name = kind if isinstance(kind, str) else kind.__qualname__
            plain = path.partition("@")[0]
            if plain not in told:
                told.add(plain)
                found[plain] = name.rpartition(".")[2]
    return found


def program_inputs(saved: SavedProgram, inputs: tuple[InputShape, ...], batch_size: int) -> ExampleInputs:
    """Zeros for what the program was exported for, or for other sizes where it leaves them open.

    Raises:
        MbguiError: the program takes no such shapes.
    """
    placeholders = _placeholders(saved.program)
    specs = [node.meta["val"] for node in placeholders]
    names = tuple(node.name for node in placeholders)
    if not inputs:
        tensors = tuple(_zeros(_sizes(spec, batch_size), spec.dtype) for spec in specs)
        return ExampleInputs(tensors=tensors, names=names, origin=InputOrigin.FIXED)
    by_name = {shape.name or names[0]: shape for shape in inputs}
    if set(by_name) != set(names):
        raise _no_such_inputs(saved, inputs, specs, names)
    shapes = [_fitted(by_name[name], spec, batch_size) for name, spec in zip(names, specs, strict=True)]
    tensors = tuple(_zeros(shape, spec.dtype) for shape, spec in zip(shapes, specs, strict=True) if shape is not None)
    if len(tensors) < len(specs):
        raise _no_such_inputs(saved, inputs, specs, names)
    return ExampleInputs(tensors=tensors, names=names, origin=InputOrigin.GIVEN)


def _placeholders(program: torch.export.ExportedProgram) -> list[fx.Node]:
    wanted = set(program.graph_signature.user_inputs)
    found = [node for node in program.graph.nodes if node.op == "placeholder" and node.name in wanted]
    return [node for node in found if isinstance(node.meta.get("val"), torch.Tensor)]


def _sizes(spec: torch.Tensor, batch_size: int) -> tuple[int, ...]:
    """The sizes a program was exported for; where the batch is open, the one that is asked for."""
    shape: list[Any] = list(spec.shape)
    sizes = [int(size.node.hint) if _is_open(size) else int(size) for size in shape]
    return (batch_size, *sizes[1:]) if shape and _is_open(shape[0]) else tuple(sizes)


def _is_open(size: object) -> bool:
    """Whether the program takes other sizes in this dimension, too."""
    return isinstance(size, torch.SymInt)


def _fitted(shape: InputShape, spec: torch.Tensor, batch_size: int) -> tuple[int, ...] | None:
    """The whole shape for what the user typed, `None` where the program does not take it."""
    exported = _sizes(spec, batch_size)
    sizes = shape.sizes
    if len(sizes) == len(exported) - 2:
        sizes = (exported[1], *sizes)
    elif len(sizes) == 1 and len(exported) == 4:
        sizes = (exported[1], sizes[0], sizes[0])
    elif len(sizes) == 3 and len(exported) == 4 and sizes[0] != exported[1] == sizes[2]:
        sizes = (sizes[2], *sizes[:2])
    wanted = (exported[0], *sizes)
    if len(wanted) != len(exported):
        return None
    is_free = [_is_open(size) for size in spec.shape]
    fits = all(free or size == there for free, size, there in zip(is_free, wanted, exported, strict=True))
    return wanted if fits else None


def _zeros(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    return torch.zeros(shape, dtype=dtype)


def _no_such_inputs(
    saved: SavedProgram, inputs: tuple[InputShape, ...], specs: list[torch.Tensor], names: tuple[str, ...]
) -> MbguiError:
    taken = ", ".join(
        f"{name} {'×'.join(str(size) for size in spec.shape[1:])}" for name, spec in zip(names, specs, strict=True)
    )
    return MbguiError(
        Problem(
            sentence=f"{saved.class_name} was exported for the input {taken}, not for {inputs_text(inputs)}.",
            advice="Leave the input size to the model, or export it with dynamic shapes.",
            kind=ProblemKind.WRONG_USE,
        )
    )
