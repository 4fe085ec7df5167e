"""What a layer does, in words that are the same for every framework.

Both readers build their attributes through these functions, so that equal meaning gives equal records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mbgui.domain import attribute_names as names
from mbgui.domain.network import Attribute, AttributeValue, LayerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTraits:
    """Kind and attributes of a layer."""

    kind: LayerKind
    attributes: tuple[Attribute, ...] = ()


Natives = Mapping[str, str]
"""The framework's own spelling, by attribute name; an attribute without one is spelled as name=value."""

Values = Mapping[str, AttributeValue]


def traits(kind: LayerKind, values: Values, natives: Natives | None = None) -> LayerTraits:
    """Traits from values by attribute name, in the order given."""
    spelled = natives or {}
    return LayerTraits(
        kind=kind,
        attributes=tuple(
            Attribute(name=name, value=value, native=spelled.get(name, f"{name}={value!r}"))
            for name, value in values.items()
        ),
    )


def activation(name: str, values: Values | None = None, natives: Natives | None = None) -> LayerTraits:
    """An activation function as a layer of its own."""
    return traits(LayerKind.ACTIVATION, {names.ACTIVATION: name, **(values or {})}, natives)


def global_pooling(pooling: str, natives: Natives | None = None) -> LayerTraits:
    """Pooling over every spatial position."""
    return traits(LayerKind.GLOBAL_POOLING, {names.POOLING: pooling}, natives)


def rescaling(operator: str, number: object, weight: object = 1) -> LayerTraits:
    """Arithmetic with a number, whose value may not be known: `add`, `sub`, `mul`, `div`.

    `weight` is what PyTorch multiplies the number with before it is added or subtracted.
    """
    if not isinstance(number, int | float) or not isinstance(weight, int | float):
        return traits(LayerKind.RESCALE, {})
    factor, offset = 1.0, 0.0
    if operator in {"add", "sub"}:
        offset = float(number * weight) * (1 if operator == "add" else -1)
    elif operator in {"mul", "div"} and number:
        factor = float(number) if operator == "mul" else 1 / number
    else:
        return traits(LayerKind.RESCALE, {})
    native = f"{operator}({number!r})"
    return traits(
        LayerKind.RESCALE, {names.FACTOR: factor, names.OFFSET: offset}, {names.FACTOR: native, names.OFFSET: native}
    )


def rescaled_together(steps: Sequence[LayerTraits]) -> LayerTraits:
    """Rescalings one after the other as a single one; without values where one of them is not known."""
    factor, offset = 1.0, 0.0
    for step in steps:
        values = {attribute.name: attribute.value for attribute in step.attributes}
        own_factor, own_offset = values.get(names.FACTOR), values.get(names.OFFSET)
        if not isinstance(own_factor, int | float) or not isinstance(own_offset, int | float):
            return traits(LayerKind.RESCALE, {})
        factor, offset = factor * own_factor, offset * own_factor + own_offset
    native = ", ".join(dict.fromkeys(attribute.native for step in steps for attribute in step.attributes))
    return traits(
        LayerKind.RESCALE, {names.FACTOR: factor, names.OFFSET: offset}, {names.FACTOR: native, names.OFFSET: native}
    )


def same_padding(size: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding (before, after) of `same`: the output has ceil(size / stride) positions and the odd one goes behind.

    Source: "Notes on padding" in TensorFlow's documentation of `tf.nn`.
    """
    extent = dilation * (kernel_size - 1) + 1
    total = max((-(-size // stride) - 1) * stride + extent - size, 0)
    return total // 2, total - total // 2


def same_paddings(
    sizes: tuple[int, ...], kernel_size: tuple[int, ...], strides: tuple[int, ...], dilation: tuple[int, ...]
) -> tuple[int, ...]:
    """Padding of `same` as (before, after) of each spatial dimension in turn."""
    dimensions = zip(sizes, kernel_size, strides, dilation, strict=True)
    return tuple(side for dimension in dimensions for side in same_padding(*dimension))
