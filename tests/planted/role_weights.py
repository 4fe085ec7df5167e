"""Weights by role from one seed: both sides of a pair get the same numbers in any order of asking."""

import zlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tests.planted.tampering import TAMPERINGS

Array = npt.NDArray[np.float32]
Arrays = dict[str, Array]
SEED = 20_261_125


class RoleWeights:
    """The weights of one network in PyTorch's layouts, with what a plant does to them.

    `amplified` names roles of a normalisation whose gamma is multiplied, so that an activation's cap is reached.
    Statistics fit signals of variance one, which He's scale of the kernels keeps up: untrained, but alive.
    """

    def __init__(self, network: str, plant: str = "", amplified: Mapping[str, float] | None = None) -> None:
        self._network = network
        self._tampering = TAMPERINGS.get(plant)
        self._amplified = amplified or {}

    def weighted(self, role: str, shape: tuple[int, ...], *, fan_in: int, has_bias: bool, bias_size: int) -> Arrays:
        """`kernel` of a shape, scaled by He for the values that each output sums, and `bias` where there is one."""
        arrays = {"kernel": self._normal(role, "kernel", shape, scale=float(np.sqrt(2 / fan_in)))}
        if has_bias:
            arrays["bias"] = self._normal(role, "bias", (bias_size,), scale=0.2)
        return self._tampered(role, arrays)

    def normalisation(self, role: str, size: int, *, has_statistics: bool) -> Arrays:
        """`gamma` and `beta`, and with statistics `mean` and `variance`, each of shape (size,)."""
        factor = self._amplified.get(role, 1.0)
        arrays = {
            "gamma": self._uniform(role, "gamma", size, 0.7, 1.4) * np.float32(factor),
            "beta": self._normal(role, "beta", (size,), scale=0.3),
        }
        if has_statistics:
            arrays["mean"] = self._normal(role, "mean", (size,), scale=0.3)
            arrays["variance"] = self._uniform(role, "variance", size, 0.5, 1.8)
        return self._tampered(role, arrays)

    def _tampered(self, role: str, arrays: Arrays) -> Arrays:
        if self._tampering is None or self._tampering.role not in (role, "*"):
            return arrays
        changed = self._tampering.change(arrays)
        return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in changed.items()}

    def _generator(self, role: str, tensor: str) -> np.random.Generator:
        return np.random.default_rng([SEED, zlib.crc32(f"{self._network}/{role}/{tensor}".encode())])

    def _normal(self, role: str, tensor: str, shape: tuple[int, ...], scale: float) -> Array:
        return (self._generator(role, tensor).standard_normal(shape) * scale).astype(np.float32)

    def _uniform(self, role: str, tensor: str, size: int, low: float, high: float) -> Array:
        return self._generator(role, tensor).uniform(low, high, size).astype(np.float32)
