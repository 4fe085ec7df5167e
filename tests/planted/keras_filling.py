"""Weights by role into a Keras network, whose layers are made through `KerasParts`."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from tests.planted.layer_names import keras_name
from tests.planted.role_weights import RoleWeights

Array = npt.NDArray[np.float32]
_NORMALISATIONS = (keras.layers.BatchNormalization, keras.layers.LayerNormalization, keras.layers.GroupNormalization)


class KerasParts:
    """Makes layers under other names than the roles and remembers which is which."""

    def __init__(self) -> None:
        self._roles: dict[str, str] = {}

    def __call__(self, role: str, make: Any, *arguments: Any, **options: Any) -> Any:
        """A layer of a class, for a role."""
        name = keras_name(role)
        self._roles[name] = role
        return make(*arguments, name=name, **options)

    def filled(
        self, model: Any, weights: RoleWeights, behind_flatten: Mapping[str, tuple[int, int, int]] | None = None
    ) -> Any:
        """The model with its weights.

        `behind_flatten` gives for dense layers (channels, height, width) of what was flattened: their rows are in
        another order than PyTorch's.
        """
        for layer in model.layers:
            role = self._roles.get(layer.name, "")
            if layer.weights and role:
                _fill(layer, role, weights, (behind_flatten or {}).get(role))
        return model


def _fill(layer: Any, role: str, weights: RoleWeights, flattened: tuple[int, int, int] | None) -> None:
    if isinstance(layer, _NORMALISATIONS):
        has_statistics = isinstance(layer, keras.layers.BatchNormalization)
        arrays = weights.normalisation(role, layer.weights[0].shape[0], has_statistics=has_statistics)
        names = ["gamma", "beta", "mean", "variance"][: len(layer.weights)]
        layer.set_weights([arrays[name] for name in names])
        return
    shape, fan_in = _torch_shape(layer)
    size = layer.weights[1].shape[0] if layer.use_bias else 0
    arrays = weights.weighted(role, shape, fan_in=fan_in, has_bias=layer.use_bias, bias_size=size)
    kernel = _keras_kernel(layer, arrays["kernel"], flattened)
    layer.set_weights([kernel, arrays["bias"]] if layer.use_bias else [kernel])


def _torch_shape(layer: Any) -> tuple[tuple[int, ...], int]:
    """The shape of the kernel in PyTorch's layout, and how many products each output sums."""
    shape = tuple(layer.kernel.shape)
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        height, width, channels, multiplier = shape
        return (channels * multiplier, 1, height, width), height * width
    if isinstance(layer, keras.layers.Conv2DTranspose):
        height, width, out, into = shape
        return (into, out, height, width), into * height * width // (layer.strides[0] * layer.strides[1])
    if isinstance(layer, keras.layers.Conv2D):
        height, width, into, out = shape
        return (out, into, height, width), into * height * width
    return shape[::-1], shape[0]


def _keras_kernel(layer: Any, kernel: Array, flattened: tuple[int, int, int] | None) -> Array:
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        height, width, channels, multiplier = layer.kernel.shape
        return kernel.reshape(channels, multiplier, height, width).transpose(2, 3, 0, 1)
    if isinstance(layer, keras.layers.Conv2DTranspose):
        return kernel.transpose(2, 3, 1, 0)
    if isinstance(layer, keras.layers.Conv2D):
        return kernel.transpose(2, 3, 1, 0)
    if flattened is not None:
        kernel = kernel.reshape(-1, *flattened).transpose(0, 2, 3, 1).reshape(len(kernel), -1)
    return kernel.T
