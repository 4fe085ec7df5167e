"""The variables that a Keras model stores."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mbgui.domain.network import StoredTensor, TensorPurpose
from mbgui.model_files.tensor_statistics import describe

MOVING_STATISTICS = {"moving_mean", "moving_variance"}
COUNTERS = {"count", "iteration"}


def stored_tensors(model: Any, owners: Mapping[str, Any]) -> tuple[StoredTensor, ...]:
    """Every variable once, with the first of its owners (layers by path) and the names under which others hold it."""
    counted = {id(variable) for variable in model.weights}
    found: dict[int, list[tuple[str, Any, Any]]] = {}
    for path, layer in (*owners.items(), ("", model)):
        for variable in layer.variables:
            found.setdefault(id(variable), []).append((path, layer, variable))
    return tuple(_record(uses, is_counted=key in counted) for key, uses in found.items())


def _record(uses: list[tuple[str, Any, Any]], *, is_counted: bool) -> StoredTensor:
    path, layer, variable = uses[0]
    role = _role(variable, layer)
    names = [f"{place}/{role}" for place, _, _ in uses if place] or [role]
    values = np.asarray(variable.value)
    return StoredTensor(
        name=names[0],
        layer=path,
        role=role,
        purpose=_purpose(variable, layer),
        shape=tuple(int(size) for size in variable.shape),
        dtype=str(variable.dtype),
        size_bytes=values.nbytes,
        is_trainable=bool(variable.trainable),
        is_counted_by_framework=is_counted,
        statistics=describe(values),
        aliases=tuple(dict.fromkeys(names[1:])),
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
