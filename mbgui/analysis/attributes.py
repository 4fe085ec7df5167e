"""The attributes of two partners side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

from mbgui.analysis.wording import MISSING, attribute_title, value_text
from mbgui.domain.attribute_names import ACTIVATION, MAX_VALUE, MIN_VALUE
from mbgui.domain.network import Attribute, AttributeValue, Layer

Attributes = Mapping[str, Attribute]
"""The attributes of a layer by name."""
_BOUNDS = frozenset({MAX_VALUE, MIN_VALUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRow:
    """One attribute of both layers as text, the frameworks' own spellings, and whether the values differ.

    An attribute that only one layer has is no difference, since the other framework may have no such setting; but an
    activation without a bound differs from one with a bound.
    """

    name: str
    left: str
    right: str
    left_native: str
    right_native: str
    is_different: bool


def compare_attributes(left: Layer | None, right: Layer | None) -> tuple[AttributeRow, ...]:
    """All attributes of both layers, in the left layer's order, then those that only the right one has."""
    mine, other = (attributes_of(layer) if layer is not None else {} for layer in (left, right))
    return tuple(_row(name, mine, other) for name in dict.fromkeys((*mine, *other)))


def attributes_of(layer: Layer) -> Attributes:
    """The attributes of a layer by name."""
    return {attribute.name: attribute for attribute in layer.attributes}


def is_different(name: str, left: Attributes, right: Attributes) -> bool:
    """Whether two layers differ in an attribute, as `AttributeRow` says."""
    mine, other = left.get(name), right.get(name)
    if mine is not None and other is not None:
        return not is_same_value(mine.value, other.value)
    return mine is not other and name in _BOUNDS and ACTIVATION in left and ACTIVATION in right


def is_same_value(left: AttributeValue, right: AttributeValue) -> bool:
    """Whether two comparable values agree; floats within a relative 1e-9, the noise of decimal spellings."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return isclose(left, right, rel_tol=1e-9)
    return left == right


def _row(name: str, left: Attributes, right: Attributes) -> AttributeRow:
    mine, other = left.get(name), right.get(name)
    return AttributeRow(
        name=attribute_title(name),
        left=value_text(mine.value) if mine else MISSING,
        right=value_text(other.value) if other else MISSING,
        left_native=mine.native if mine else "",
        right_native=other.native if other else "",
        is_different=is_different(name, left, right),
    )
