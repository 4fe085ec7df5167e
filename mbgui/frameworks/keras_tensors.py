"""The variables that a Keras model stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mbgui.domain.network import StoredTensor, TensorPurpose
from mbgui.model_files.tensor_statistics import describe

MOVING_STATISTICS = {"moving_mean", "moving_variance"}
COUNTERS = {"count", "iteration"}


def stored_tensors(model: Any, owners: Mapping[str, Any]) -> tuple[StoredTensor, ...]:
    """Every variable once, with the first of its owners (layers by path) and the names under which others hold it."""
    counted = {id(variable) for variable in model.weights}
    return tuple(_record(uses, is_counted=id(uses[0].variable) in counted) for uses in _all_uses(model, owners))


def named_variables(model: Any, owners: Mapping[str, Any]) -> dict[str, Any]:
    """The variables themselves, under the names that `stored_tensors` gives them."""
    return {uses[0].name: uses[0].variable for uses in _all_uses(model, owners)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A variable as one layer holds it."""

    path: str
    layer: Any
    variable: Any
    role: str

    @property
    def name(self) -> str:
        return f"{self.path}/{self.role}" if self.path else self.role


def _all_uses(model: Any, owners: Mapping[str, Any]) -> list[list[_Use]]:
    """Who holds each variable, its owner first."""
    found: dict[int, list[_Use]] = {}
    for path, layer in (*owners.items(), ("", model)):
        for variable in layer.variables:
            use = _Use(path=path, layer=layer, variable=variable, role=_role(variable, layer))
            found.setdefault(id(variable), []).append(use)
    return list(found.values())


def _record(uses: list[_Use], *, is_counted: bool) -> StoredTensor:
    owner = uses[0]
    variable, path = owner.variable, owner.path
    aliases = (use.name for use in uses[1:] if use.path and not path.startswith(f"{use.path}/"))
    values = np.asarray(variable.value)
    return StoredTensor(
        name=owner.name,
        layer=path,
        role=owner.role,
        purpose=_purpose(variable, owner.layer),
        shape=tuple(int(size) for size in variable.shape),
        dtype=str(variable.dtype),
        size_bytes=values.nbytes,
        is_trainable=bool(variable.trainable),
        is_counted_by_framework=is_counted,
        statistics=describe(values),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != owner.name)),
    )


def _role(variable: Any, layer: Any) -> str:
    """The variable's path behind its layer's name: `kernel`, or `query/kernel` inside an attention layer."""
    parts = variable.path.split("/")
    return "/".join(parts[parts.index(layer.name) + 1 :]) if layer.name in parts[:-1] else str(variable.name)


def _purpose(variable: Any, layer: Any) -> TensorPurpose:
    if variable.trainable:
        return TensorPurpose.LEARNABLE
    if variable.name in MOVING_STATISTICS:
        return TensorPurpose.MOVING_STATISTIC
    if variable.name in COUNTERS:
        return TensorPurpose.COUNTER
    was_learnable = any(variable is known for known in layer.weights) and not layer.trainable
    return TensorPurpose.FROZEN if was_learnable else TensorPurpose.OTHER_BUFFER
