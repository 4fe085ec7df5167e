"""Attributes of a PyTorch operation set to other values for one run; the model itself stays as it is."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from mbgui.domain import attribute_names as names
from mbgui.domain.network import AttributeValue
from mbgui.domain.proof_plan import AFTER, SKIP
from mbgui.frameworks.torch_functions import activation_function

Settings = Mapping[str, AttributeValue]
Call = Callable[..., Any]


def run_with(operator: str, target: Call, arguments: dict[str, Any], settings: Settings) -> Any:
    """What an operation gives with some of its attributes replaced; `arguments` are by the names of its schema."""
    tensor = next(value for value in arguments.values() if isinstance(value, torch.Tensor))
    if SKIP in settings:
        return tensor
    result = _replaced(operator, target, dict(arguments), settings, tensor)
    after = settings.get(AFTER + names.ACTIVATION)
    if isinstance(after, str):
        own = {name.removeprefix(AFTER): value for name, value in settings.items() if name.startswith(AFTER)}
        return _activated(result, after, own)
    return result


def _replaced(operator: str, target: Call, arguments: dict[str, Any], settings: Settings, tensor: torch.Tensor) -> Any:
    function = settings.get(names.ACTIVATION)
    if isinstance(function, str):
        return _activated(tensor, function, settings)
    if names.FACTOR in settings or names.OFFSET in settings:
        return tensor * float(str(settings.get(names.FACTOR, 1))) + float(str(settings.get(names.OFFSET, 0)))
    if names.INTERPOLATION in settings or names.ALIGN_CORNERS in settings:
        return _resized(operator, tensor, arguments, settings)
    if "pool" in operator:
        return _pooled(operator, target, arguments, settings)
    if settings.get(names.USE_BIAS) is False:
        arguments["bias"] = None
    _set(arguments, "eps", settings.get(names.EPSILON))
    _set(arguments, "training", settings.get(names.BATCH_STATISTICS))
    _set(arguments, "stride", settings.get(names.STRIDES))
    _set(arguments, "dilation", settings.get(names.DILATION))
    sides = settings.get(names.PADDING)
    if isinstance(sides, tuple):
        first = next(name for name, value in arguments.items() if value is tensor)
        arguments |= {first: _padded(tensor, sides, 0.0), "padding": [0] * (len(sides) // 2)}
        target = _of_numbers(target)
    return target(**arguments)


def _of_numbers(target: Call) -> Call:
    """A convolution whose padding is a word has an overload of its own."""
    packet: Any = getattr(target, "overloadpacket", None)
    is_worded = packet is not None and str(getattr(target, "_overloadname", "")) == "padding"
    return packet.default if is_worded else target


def _set(arguments: dict[str, Any], name: str, value: AttributeValue) -> None:
    if value is not None and name in arguments:
        arguments[name] = list(value) if isinstance(value, tuple) else value


def _padded(tensor: torch.Tensor, sides: tuple[int, ...], value: float) -> torch.Tensor:
    """(top, bottom, left, right) as PyTorch wants it, the last dimension first; below zero it crops."""
    pairs = [sides[index : index + 2] for index in range(0, len(sides), 2)]
    return functional.pad(tensor, [side for pair in reversed(pairs) for side in pair], value=value)


def _pooled(operator: str, target: Call, arguments: dict[str, Any], settings: Settings) -> Any:
    tensor = next(value for value in arguments.values() if isinstance(value, torch.Tensor))
    first = next(name for name, value in arguments.items() if value is tensor)
    kind = str(settings.get(names.POOLING, "max" if "max" in operator else "average"))
    if operator.startswith("adaptive") or operator == "mean":
        return target(**arguments) if kind == "average" else tensor.amax(dim=tuple(range(2, tensor.ndim)), keepdim=True)
    _set(arguments, "stride", settings.get(names.STRIDES))
    sides = settings.get(names.PADDING)
    counts = settings.get(names.COUNT_INCLUDE_PAD, arguments.get("count_include_pad", True))
    if isinstance(sides, tuple):
        arguments |= {
            first: _padded(tensor, sides, -float("inf") if kind == "max" else 0.0),
            "padding": [0] * (len(sides) // 2),
        }
    common = {
        "kernel_size": settings.get(names.KERNEL_SIZE) or arguments["kernel_size"],
        "stride": arguments.get("stride") or arguments["kernel_size"],
        "padding": arguments.get("padding", 0),
        "ceil_mode": bool(arguments.get("ceil_mode", False)),
    }
    rank = tensor.ndim - 2
    if kind == "max":
        return getattr(functional, f"max_pool{rank}d")(arguments[first], **common)
    if isinstance(sides, tuple) and not counts:
        ones = _padded(torch.ones_like(tensor), sides, 0.0)
        average = getattr(functional, f"avg_pool{rank}d")
        return average(arguments[first], **common) / average(ones, **common)
    return getattr(functional, f"avg_pool{rank}d")(arguments[first], **common, count_include_pad=bool(counts))


def _resized(operator: str, tensor: torch.Tensor, arguments: dict[str, Any], settings: Settings) -> torch.Tensor:
    own = operator.removeprefix("upsample_").removeprefix("_").rstrip("123d")
    mode = str(settings.get(names.INTERPOLATION, own))
    size, scale = arguments.get("output_size"), arguments.get("scale_factors")
    aligned = bool(settings.get(names.ALIGN_CORNERS, arguments.get("align_corners", False)))
    options = {} if mode.startswith("nearest") else {"align_corners": aligned}
    return functional.interpolate(tensor, size=size, scale_factor=None if size else scale, mode=mode, **options)


def _activated(tensor: torch.Tensor, name: str, values: Settings) -> torch.Tensor:
    axis = 1 if tensor.ndim in {2, 4, 5} else -1
    function = activation_function(name, values, axis)
    if function is None:
        raise KeyError(name)
    return function(tensor)
