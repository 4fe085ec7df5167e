"""The operations of a TorchScript model, with the modules they ran in.

TorchScript is turned into an exported program by PyTorch's own converter; the modules, which that loses, come from the
inlined graph of the script. Both hold the same operations in the same order, one of them with branches never taken.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import torch
from torch import nn
from torch._export.converter import TS2EPConverter

from mbgui.frameworks.torch_graph import Operation, operations_of_program, settle_by_running
from mbgui.frameworks.torch_stand_ins import stand_in_tree

_STEP = re.compile(r"([^.()]+)\(([^()]*)\)")
_CONVOLUTION = re.compile(r"_?convolution|conv\dd")
_NO_MODULES = frozenset({"SELF", "UNKNOWN_INSTANCE"})
_Place = tuple[str, ...]


def script_operations(
    script: torch.jit.ScriptModule, example: tuple[torch.Tensor, ...]
) -> tuple[torch.export.ExportedProgram, tuple[Operation, ...]]:
    """The program and its operations in execution order. Raises whatever PyTorch's converter raises."""
    program = TS2EPConverter(script, example).convert()
    settle_by_running(program, example)
    operations = operations_of_program(program)
    return program, tuple(_placed(operations, tuple(_script_places(script))))


def script_hierarchy(script: torch.jit.ScriptModule) -> nn.Module:
    """The modules of a script by the names of the classes they had, with its tensors."""
    classes = {path: str(getattr(module, "original_name", "Module")) for path, module in script.named_modules()}
    parameters = dict(script.named_parameters())
    return stand_in_tree(classes, {**dict(script.named_buffers()), **parameters}, frozenset(parameters))


def _placed(operations: tuple[Operation, ...], places: tuple[tuple[str, _Place], ...]) -> Iterator[Operation]:
    """The operations with the modules around them; one whose place is not found keeps none."""
    ours = [_common_name(operation.name) for operation in operations]
    theirs = [name for name, _ in places]
    matched: dict[int, _Place] = {}
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        matched.update((block.a + step, places[block.b + step][1]) for step in range(block.size))
    for index, operation in enumerate(operations):
        modules = matched.get(index, ())
        yield replace(operation, modules=modules, module_calls=(), call=modules[-1] if modules else "")


def _script_places(script: torch.jit.ScriptModule) -> Iterator[tuple[str, _Place]]:
    """Every operation of the inlined graph with the paths of the modules around it, from the outside in."""
    graph = _frozen_graph(script)
    for node in _nodes(graph):
        name = node.kind().removeprefix("aten::").rstrip("_")
        yield _common_name(name), _module_paths(node.getModuleHierarchy())


def _frozen_graph(script: torch.jit.ScriptModule) -> Any:
    """The graph with all calls inlined and branches that attributes decide removed; there is no public way to it."""
    internals: Any = torch._C  # noqa: SLF001
    frozen = internals._freeze_module(script._c, [], True, True)  # noqa: SLF001
    graph = frozen._get_method("forward").graph  # noqa: SLF001
    internals._jit_pass_inline(graph)  # noqa: SLF001
    return graph


def _nodes(block: Any) -> Iterator[Any]:
    for node in block.nodes():
        if node.kind().startswith("aten::"):
            yield node
        for inner in node.blocks():
            yield from _nodes(inner)


def _common_name(name: str) -> str:
    """One name for convolutions: tracing writes `_convolution` whatever the rank, the converter may write `conv2d`."""
    return "convolution" if _CONVOLUTION.fullmatch(name) else name


def _module_paths(hierarchy: str) -> _Place:
    """`("", "features", "features.0")` for `features(Sequential).0(Conv2d)`."""
    steps = [step for step, _ in _STEP.findall(hierarchy) if step not in _NO_MODULES]
    return ("", *(".".join(steps[: end + 1]) for end in range(len(steps))))
