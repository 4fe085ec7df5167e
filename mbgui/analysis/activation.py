"""Activation functions: what they are called with their bounds and slopes, and when two are the same."""

from dataclasses import dataclass

from mbgui.analysis.attributes import is_same_value
from mbgui.analysis.wording import attribute_title, value_text
from mbgui.domain.attribute_names import ACTIVATION, ALPHA, MAX_VALUE, MIN_VALUE, NEGATIVE_SLOPE
from mbgui.domain.network import AttributeValue, Layer

NO_ACTIVATION = "linear"
_PARAMETERS = (MAX_VALUE, MIN_VALUE, NEGATIVE_SLOPE, ALPHA)
_BOUNDS = frozenset({MAX_VALUE, MIN_VALUE})
_NEVER_NEGATIVE = frozenset({"relu", "sigmoid", "hard_sigmoid", "softmax", "softplus"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function with the bounds and slopes that are known of it, by the names of their attributes."""

    name: str
    parameters: tuple[tuple[str, AttributeValue], ...] = ()

    @property
    def text(self) -> str:
        """`relu (max value 6)`."""
        texts = [f"{attribute_title(name)} {value_text(value)}" for name, value in self.parameters]
        return f"{self.name} ({', '.join(texts)})" if texts else self.name


def function_of(layer: Layer) -> Function | None:
    """The function of an activation layer, or the one fused into another layer; `None` where there is none."""
    name = layer.value(ACTIVATION)
    if not isinstance(name, str) or name == NO_ACTIVATION:
        return None
    values = ((parameter, layer.value(parameter)) for parameter in _PARAMETERS)
    return Function(name=name, parameters=tuple((name, value) for name, value in values if value is not None))


def is_same_function(left: Function, right: Function) -> bool:
    """Whether two functions are the same; a slope that only one framework tells is no difference, a bound is one."""
    if left.name != right.name:
        return False
    mine, other = dict(left.parameters), dict(right.parameters)
    if any((name in mine) != (name in other) for name in _BOUNDS):
        return False
    return all(is_same_value(mine[name], other[name]) for name in mine.keys() & other.keys())


def is_never_negative(layer: Layer) -> bool:
    """Whether a layer's activation sees to it that no output is below zero."""
    return layer.value(ACTIVATION) in _NEVER_NEGATIVE
