"""Attributes of a Keras call set to other values for one run; the layer itself is as before afterwards."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from mbgui.domain import attribute_names as names
from mbgui.domain.network import AttributeValue
from mbgui.domain.proof_plan import AFTER, SKIP

Settings = Mapping[str, AttributeValue]
_FUNCTION = frozenset({names.ACTIVATION, names.MAX_VALUE, names.MIN_VALUE, names.NEGATIVE_SLOPE, names.ALPHA})
_KNOWN = _FUNCTION | {
    names.EPSILON,
    names.STRIDES,
    names.DILATION,
    names.PADDING,
    names.BATCH_STATISTICS,
    names.USE_BIAS,
}


def run_with(operation: Any, arguments: tuple[Any, ...], keywords: dict[str, Any], settings: Settings) -> Any:
    """What a call gives with some of its attributes replaced. Raises `KeyError` for one that cannot be."""
    if SKIP in settings:
        return arguments[0]
    unknown = next((name for name in settings if name not in _KNOWN and not name.startswith(AFTER)), None)
    if unknown is not None:  # a cause that stays in must not count as evened out
        raise KeyError(unknown)
    if names.BATCH_STATISTICS in settings:
        keywords = {**keywords, "training": bool(settings[names.BATCH_STATISTICS])}
    sides = settings.get(names.PADDING)
    if isinstance(sides, tuple):
        arguments = (_padded(operation, arguments[0], sides), *arguments[1:])
    with _set(operation, _attributes(operation, settings)):
        is_function = names.ACTIVATION in settings and not hasattr(operation, "activation")
        function = activation_function(settings) if is_function else None
        result = function(arguments[0]) if function is not None else operation(*arguments, **keywords)
    own = {name.removeprefix(AFTER): value for name, value in settings.items() if name.startswith(AFTER)}
    return activation_function(own)(result) if own else result


def activation_function(settings: Settings) -> Callable[[Any], Any]:
    """The function of an activation's name, bounds and slopes. Raises `KeyError` for one that is not known."""
    name = str(settings[names.ACTIVATION])
    if name in {"relu", "leaky_relu"}:
        maximum, slope = _number(settings, names.MAX_VALUE), _number(settings, names.NEGATIVE_SLOPE) or 0.0
        threshold = _number(settings, names.MIN_VALUE) or 0.0
        return lambda tensor: (
            keras.ops.relu(tensor)
            if maximum is None and not (slope or threshold)
            else _rectified(tensor, maximum, slope, threshold)
        )
    if name in {"gelu", "gelu_tanh"}:
        return lambda tensor: keras.ops.gelu(tensor, approximate=name == "gelu_tanh")
    if name in {"elu", "celu"}:
        alpha = _number(settings, names.ALPHA) or 1.0
        return lambda tensor: getattr(keras.ops, name)(tensor, alpha=alpha)
    if name == "linear":
        return lambda tensor: tensor
    function: Callable[[Any], Any] | None = getattr(keras.activations, name, None)
    if function is None:
        raise KeyError(name)
    return function


def _rectified(tensor: Any, maximum: float | None, slope: float, threshold: float) -> Any:
    """A ReLU with bounds, in the number format of the tensor."""
    zero = keras.ops.zeros_like(tensor)
    kept = tensor if maximum is None else keras.ops.minimum(tensor, keras.ops.full_like(tensor, maximum))
    return keras.ops.where(
        tensor >= threshold, keras.ops.maximum(kept, zero) if not threshold else kept, slope * tensor
    )


def _number(settings: Settings, name: str) -> float | None:
    value = settings.get(name)
    return float(value) if isinstance(value, int | float) else None


def _attributes(operation: Any, settings: Settings) -> dict[str, Any]:
    """What to set on the layer itself."""
    found: dict[str, Any] = {}
    for name, attribute in ((names.EPSILON, "epsilon"), (names.STRIDES, "strides"), (names.DILATION, "dilation_rate")):
        if name in settings:
            found[attribute] = settings[name]
    if isinstance(settings.get(names.PADDING), tuple):
        found["padding"] = "valid"
    if settings.get(names.USE_BIAS) is False:
        found |= {"use_bias": False, "bias": None}
    if names.ACTIVATION in settings and hasattr(operation, "activation"):
        found["activation"] = activation_function(settings)
    missing = [attribute for attribute in found if not hasattr(operation, attribute)]
    if missing:
        raise KeyError(missing[0])
    return found


def _padded(operation: Any, tensor: Any, sides: tuple[int, ...]) -> Any:
    """Zeros around the positions of a map, or minus infinity before a maximum; below zero the map is cropped."""
    kind = type(operation).__name__
    if "AveragePool" in kind and any(sides):  # an average would count the zeros
        raise KeyError(names.PADDING)
    pairs = [(sides[index], sides[index + 1]) for index in range(0, len(sides), 2)]
    added = [(max(before, 0), max(after, 0)) for before, after in pairs]
    fill = -float("inf") if "MaxPool" in kind else 0.0
    padded = keras.ops.pad(tensor, [(0, 0), *added, (0, 0)], constant_values=fill)
    kept = (slice(max(-before, 0), min(after, 0) or None) for before, after in pairs)
    return padded[(slice(None), *kept)]


@contextmanager
def _set(operation: Any, values: Mapping[str, Any]) -> Iterator[None]:
    before = {name: getattr(operation, name) for name in values}
    try:
        for name, value in values.items():
            object.__setattr__(operation, name, value)
        yield
    finally:
        for name, value in before.items():
            object.__setattr__(operation, name, value)
