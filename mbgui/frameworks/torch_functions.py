"""Activation functions by the words of the vocabulary, to be put in place of a model's own while it runs."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from mbgui.domain import attribute_names as names
from mbgui.domain.network import AttributeValue

Values = Mapping[str, AttributeValue]
Function = Callable[[torch.Tensor], torch.Tensor]


def activation_function(name: str, values: Values, channel_axis: int) -> Function | None:
    """The function of an activation's name, bounds and slopes; `None` for one that is not known."""
    if name == "relu":
        return _rectifier(values)
    if name in {"softmax", "log_softmax"}:
        softmax = getattr(functional, name)
        return lambda tensor: softmax(tensor, dim=channel_axis)
    if name in _WITH_ALPHA:
        alpha = _number(values, names.ALPHA, 1.0)
        return lambda tensor: _WITH_ALPHA[name](tensor, alpha=alpha)
    if name == "leaky_relu":
        slope = _number(values, names.NEGATIVE_SLOPE, 0.01)
        return lambda tensor: functional.leaky_relu(tensor, slope)
    return _PLAIN.get(name)


def _rectifier(values: Values) -> Function:
    maximum, minimum = values.get(names.MAX_VALUE), values.get(names.MIN_VALUE)
    slope = _number(values, names.NEGATIVE_SLOPE, 0.0)

    def rectify(tensor: torch.Tensor) -> torch.Tensor:
        result = (
            functional.leaky_relu(tensor, slope) if slope else tensor.clamp(min=_number(values, names.MIN_VALUE, 0.0))
        )
        return result.clamp(max=float(maximum)) if isinstance(maximum, int | float) else result

    return rectify if isinstance(minimum, int | float | None) else torch.relu


def _number(values: Values, name: str, default: float) -> float:
    value = values.get(name)
    return float(value) if isinstance(value, int | float) else default


_WITH_ALPHA: dict[str, Any] = {"elu": functional.elu, "celu": functional.celu}
_PLAIN: dict[str, Function] = {
    "linear": lambda tensor: tensor,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": functional.gelu,
    "gelu_tanh": lambda tensor: functional.gelu(tensor, approximate="tanh"),
    "silu": functional.silu,
    "mish": functional.mish,
    "selu": functional.selu,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "hard_sigmoid": functional.hardsigmoid,
    "hard_silu": functional.hardswish,
    "hard_tanh": functional.hardtanh,
    "exponential": torch.exp,
}
