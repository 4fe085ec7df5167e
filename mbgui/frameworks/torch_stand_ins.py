"""Modules that stand where a file has none: they carry a path, the name of a class and tensors, and compute nothing."""

from collections.abc import Mapping
from functools import cache

import torch
from torch import nn

from mbgui.domain.network import LayerKind

_CONTAINERS = frozenset({"Module", "Sequential", "ModuleList", "ModuleDict", "Container"})
_LAYER_KINDS: Mapping[str, LayerKind] = {
    "MultiheadAttention": LayerKind.ATTENTION,
    "GroupNorm": LayerKind.GROUP_NORMALIZATION,
    "LayerNorm": LayerKind.LAYER_NORMALIZATION,
    "RMSNorm": LayerKind.NORMALIZATION,
    "LocalResponseNorm": LayerKind.NORMALIZATION,
    **dict.fromkeys(("InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"), LayerKind.NORMALIZATION),
    **dict.fromkeys(("RNN", "LSTM", "GRU"), LayerKind.RECURRENT),
    "PReLU": LayerKind.ACTIVATION,
    "StochasticDepth": LayerKind.DROPOUT,
    "Flatten": LayerKind.FLATTEN,
    "Identity": LayerKind.IDENTITY,
}
"""Classes whose operations tell less than their name does."""


class StandIn(nn.Module):
    """One place in the hierarchy of a model that was saved without its classes."""

    def __init__(self, class_name: str = "Module", *, is_layer: bool = False) -> None:
        super().__init__()
        self.class_name = class_name
        self.is_layer = is_layer

    @property
    def known_kind(self) -> LayerKind | None:
        """What the class says it does, where its operations would not tell."""
        return _LAYER_KINDS.get(self.class_name)


def class_name(module: nn.Module) -> str:
    """The name of a module's class, or of the class it stands in for."""
    return module.class_name if isinstance(module, StandIn) else type(module).__name__


@cache
def layer_class_names() -> frozenset[str]:
    """The classes of PyTorch and torchvision that are layers of their own, containers and losses left out."""
    found = (
        name for name in dir(nn) if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Module)
    )
    return frozenset({*found, "StochasticDepth"}) - _CONTAINERS


def stand_in_tree(
    classes: Mapping[str, str], tensors: Mapping[str, torch.Tensor], parameters: frozenset[str]
) -> StandIn:
    """A hierarchy with these classes by path, and these tensors by name; `parameters` are not buffers.

    A class is a layer where PyTorch has one of that name and nothing of the model lies inside it.
    """
    paths = {*classes, *(name.rpartition(".")[0] for name in tensors)} - {""}
    inner = {path.rpartition(".")[0] for path in paths}
    root = StandIn(classes.get("", "Module"))
    places: dict[str, StandIn] = {"": root}
    for path in sorted(_with_parents(paths), key=lambda found: found.count(".")):
        name = classes.get(path, "Module")
        is_attention = name == "MultiheadAttention"
        place = StandIn(name, is_layer=is_attention or (name in layer_class_names() and path not in inner))
        places[path] = place
        parent, _, last = path.rpartition(".")
        places[parent].add_module(last, place)
    for name, tensor in tensors.items():
        path, _, last = name.rpartition(".")
        _hold(places[path], last, tensor, is_parameter=name in parameters)
    return root


def _with_parents(paths: set[str]) -> set[str]:
    return {".".join(path.split(".")[:end]) for path in paths for end in range(1, path.count(".") + 2)}


def _hold(place: StandIn, name: str, tensor: torch.Tensor, *, is_parameter: bool) -> None:
    if is_parameter:
        held = tensor if isinstance(tensor, nn.Parameter) else nn.Parameter(tensor, requires_grad=tensor.requires_grad)
        place.register_parameter(name, held)
    else:
        place.register_buffer(name, tensor.detach())
