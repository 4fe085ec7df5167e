"""The parameters and buffers that a PyTorch model stores."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from mbgui.domain.network import StoredTensor, TensorPurpose
from mbgui.frameworks.torch_graph import dtype_name
from mbgui.model_files.tensor_statistics import describe

MOVING_STATISTICS = {"running_mean", "running_var"}
COUNTERS = {"num_batches_tracked"}


def stored_tensors(model: nn.Module, layer_paths: frozenset[str]) -> tuple[StoredTensor, ...]:
    """Every parameter and buffer once, in definition order; `layer_paths` are the layers that can own one."""
    parameters = _by_identity(model.named_parameters(remove_duplicate=False))
    buffers = _by_identity(model.named_buffers(remove_duplicate=False))
    stored = [
        *(_record(found, names, layer_paths, is_parameter=True) for found, names in parameters),
        *(_record(found, names, layer_paths, is_parameter=False) for found, names in buffers),
    ]
    order = {path: place for place, (path, _) in enumerate(model.named_modules())}
    return tuple(sorted(stored, key=lambda found: order.get(found.name.rpartition(".")[0], 0)))


def _by_identity(named: Iterable[tuple[str, torch.Tensor]]) -> list[tuple[torch.Tensor, list[str]]]:
    found: dict[int, tuple[torch.Tensor, list[str]]] = {}
    for name, tensor in named:
        found.setdefault(id(tensor), (tensor, []))[1].append(name)
    return list(found.values())


def _record(tensor: torch.Tensor, names: list[str], layer_paths: frozenset[str], *, is_parameter: bool) -> StoredTensor:
    layer = _owner(names[0], layer_paths)
    return StoredTensor(
        name=names[0],
        layer=layer,
        role=names[0].removeprefix(f"{layer}."),
        purpose=_purpose(tensor, names[0], is_parameter=is_parameter),
        shape=tuple(tensor.shape),
        dtype=dtype_name(tensor.dtype),
        size_bytes=tensor.numel() * tensor.element_size(),
        is_trainable=is_parameter and tensor.requires_grad,
        is_counted_by_framework=is_parameter,
        statistics=describe(_values(tensor)),
        aliases=tuple(names[1:]),
    )


def _owner(name: str, layer_paths: frozenset[str]) -> str:
    """The innermost layer around a tensor; "" for one that the model itself holds."""
    path = name.rpartition(".")[0]
    while path and path not in layer_paths:
        path = path.rpartition(".")[0]
    return path


def _purpose(tensor: torch.Tensor, name: str, *, is_parameter: bool) -> TensorPurpose:
    if is_parameter:
        return TensorPurpose.LEARNABLE if tensor.requires_grad else TensorPurpose.FROZEN
    role = name.rpartition(".")[2]
    if role in MOVING_STATISTICS:
        return TensorPurpose.MOVING_STATISTIC
    return TensorPurpose.COUNTER if role in COUNTERS else TensorPurpose.OTHER_BUFFER


def _values(tensor: torch.Tensor) -> npt.NDArray[Any]:
    plain = tensor.detach()
    if plain.is_meta:
        return np.empty(0, dtype=np.float32)
    if plain.dtype in (torch.bfloat16, torch.float16):
        plain = plain.float()
    return plain.cpu().numpy()
