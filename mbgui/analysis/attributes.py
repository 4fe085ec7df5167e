"""The attributes of two partners side by side."""

from dataclasses import dataclass
from math import isclose

from mbgui.analysis.wording import MISSING, attribute_title, value_text
from mbgui.domain.network import Attribute, AttributeValue, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRow:
    """One attribute of both layers as text, the frameworks' own spellings, and whether the values differ.

    An attribute that only one layer has is no difference: the other framework has no such setting.
    """

    name: str
    left: str
    right: str
    left_native: str
    right_native: str
    is_different: bool


def compare_attributes(left: Layer | None, right: Layer | None) -> tuple[AttributeRow, ...]:
    """All attributes of both layers, in the left layer's order, then those that only the right one has."""
    left_attributes = {attribute.name: attribute for attribute in left.attributes} if left else {}
    right_attributes = {attribute.name: attribute for attribute in right.attributes} if right else {}
    names = dict.fromkeys((*left_attributes, *right_attributes))
    return tuple(_row(name, left_attributes.get(name), right_attributes.get(name)) for name in names)


def is_same_value(left: AttributeValue, right: AttributeValue) -> bool:
    """Whether two comparable values agree; floats within a relative 1e-9, the noise of decimal spellings."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return isclose(left, right, rel_tol=1e-9)
    return left == right


def _row(name: str, left: Attribute | None, right: Attribute | None) -> AttributeRow:
    return AttributeRow(
        name=attribute_title(name),
        left=value_text(left.value) if left else MISSING,
        right=value_text(right.value) if right else MISSING,
        left_native=left.native if left else "",
        right_native=right.native if right else "",
        is_different=left is not None and right is not None and not is_same_value(left.value, right.value),
    )
