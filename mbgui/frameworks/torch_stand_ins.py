"""Modules that stand where a file has none: they carry a path, the name of a class and tensors, and compute nothing."""

from collections.abc import Iterable, Mapping

import torch
from torch import nn


class StandIn(nn.Module):
    """One place in the hierarchy of a model that was saved without its classes."""

    def __init__(self, class_name: str = "Module") -> None:
        super().__init__()
        self.class_name = class_name


def class_name(module: nn.Module) -> str:
    """The name of a module's class, or of the class it stands in for."""
    return module.class_name if isinstance(module, StandIn) else type(module).__name__


def stand_in_tree(
    classes: Mapping[str, str], tensors: Mapping[str, torch.Tensor], parameters: frozenset[str]
) -> StandIn:
    """A hierarchy with these classes by path, in their order, and these tensors by name.

    `parameters` are the tensors that are no buffers.
    """
    root = StandIn(classes.get("", "Module"))
    places: dict[str, StandIn] = {"": root}
    for path in _with_parents((*classes, *(name.rpartition(".")[0] for name in tensors))):
        places[path] = StandIn(classes.get(path, "Module"))
        parent, _, last = path.rpartition(".")
        places[parent].add_module(last, places[path])
    for name, tensor in tensors.items():
        path, _, last = name.rpartition(".")
        _hold(places[path], last, tensor, is_parameter=name in parameters)
    return root


def _with_parents(paths: Iterable[str]) -> tuple[str, ...]:
    """Every path once, behind those it lies in."""
    steps = (path.split(".") for path in paths if path)
    return tuple(dict.fromkeys(".".join(parts[:end]) for parts in steps for end in range(1, len(parts) + 1)))


def _hold(place: StandIn, name: str, tensor: torch.Tensor, *, is_parameter: bool) -> None:
    if is_parameter:
        held = tensor if isinstance(tensor, nn.Parameter) else nn.Parameter(tensor, requires_grad=tensor.requires_grad)
        place.register_parameter(name, held)
    else:
        place.register_buffer(name, tensor.detach())
