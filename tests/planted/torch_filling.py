"""Weights by role into a PyTorch network: a module's path is its role."""

import numpy as np
import torch
from torch import nn

from tests.planted.role_weights import RoleWeights

_WEIGHTED = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
_NORMALISATIONS = (nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm)
_NAMES = {"kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias"} | {
    "mean": "running_mean",
    "variance": "running_var",
}


def filled(model: nn.Module, weights: RoleWeights) -> nn.Module:
    """The model with its weights, in evaluation mode."""
    for role, module in model.named_modules():
        if isinstance(module, _WEIGHTED):
            _set(module, _weighted(weights, role, module))
        elif isinstance(module, _NORMALISATIONS):
            size = module.weight.numel()
            _set(module, weights.normalisation(role, size, has_statistics=isinstance(module, nn.BatchNorm2d)))
    return model.eval()


def _weighted(
    weights: RoleWeights, role: str, module: nn.Conv2d | nn.ConvTranspose2d | nn.Linear
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    shape = tuple(module.weight.shape)
    bias = module.bias
    if isinstance(module, nn.ConvTranspose2d):  # each output sums a stride's share of the kernel
        fan_in = shape[0] * shape[2] * shape[3] // (module.stride[0] * module.stride[1])
    else:
        fan_in = int(np.prod(shape[1:]))
    bias_size = 0 if bias is None else bias.numel()
    return weights.weighted(role, shape, fan_in=fan_in, has_bias=bias is not None, bias_size=bias_size)


def _set(module: nn.Module, arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]) -> None:
    with torch.no_grad():
        for name, array in arrays.items():
            target = getattr(module, _NAMES[name])
            if target is not None:  # batch statistics in place of moving ones
                target.copy_(torch.from_numpy(array.copy()))
