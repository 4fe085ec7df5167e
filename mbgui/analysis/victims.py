"""Attributes that differ only because something before the layer, or another attribute of it, differs."""

from mbgui.analysis.call_sides import CallSide
from mbgui.analysis.composition import Composition, Partners
from mbgui.analysis.pooled_padding import padding_victims
from mbgui.analysis.shapes import canonical_shape
from mbgui.domain import attribute_names as names
from mbgui.domain.network import AttributeValue, Layer, LayerKind


def is_victim(name: str, partners: Partners, differing: set[str]) -> bool:
    """Whether an attribute, one of those `differing`, follows from what is reported elsewhere."""
    mine, other = partners.left.layer, partners.right.layer
    if mine is None or other is None:
        return False
    if name == names.IN_CHANNELS:
        return _reads_a_layer(partners.left_side, partners.left) and _reads_a_layer(partners.right_side, partners.right)
    if name in {names.GROUPS, names.OUT_CHANNELS}:
        return names.IN_CHANNELS in differing and _multiplier(mine) == _multiplier(other) is not None
    return name == names.PADDING and _is_padding_a_victim(mine, other, partners, differing)


def _is_padding_a_victim(mine: Layer, other: Layer, partners: Partners, differing: set[str]) -> bool:
    """The padding that keeps the size follows the kernel and its dilation, and `same` the size of the map."""
    if differing & {names.KERNEL_SIZE, names.DILATION} and _keeps_size(mine) and _keeps_size(other):
        return True
    if any(call is not None for call in padding_victims(partners)):
        return True
    is_same = any("same" in _native(layer) for layer in (mine, other))
    return is_same and _size(partners.left_side, partners.left) != _size(partners.right_side, partners.right)


def _reads_a_layer(side: CallSide, composition: Composition) -> bool:
    read = side.calls.producers[composition.calls[0]]
    return any(side.layer(producer).kind is not LayerKind.INPUT for producer in read)


def _multiplier(layer: Layer) -> float | None:
    """Filters for each channel of a depthwise convolution; `None` for any other layer."""
    given, groups, made = (_number(layer.value(name)) for name in (names.IN_CHANNELS, names.GROUPS, names.OUT_CHANNELS))
    return made / given if given and given == groups and given > 1 else None


def _number(value: AttributeValue) -> int:
    return value if isinstance(value, int) else 0


def _keeps_size(layer: Layer) -> bool:
    """Whether as many zeros are added as the kernel takes away, so that only the stride makes the map smaller."""
    kernel, sides = layer.value(names.KERNEL_SIZE), layer.value(names.PADDING)
    if not isinstance(kernel, tuple) or not isinstance(sides, tuple) or len(sides) != 2 * len(kernel):
        return False
    dilation, strides = (_each(layer.value(name), len(kernel)) for name in (names.DILATION, names.STRIDES))
    added = [before + after for before, after in zip(sides[::2], sides[1::2], strict=True)]
    taken = [spread * (size - 1) for spread, size in zip(dilation, kernel, strict=True)]
    return all(most - step < zeros <= most for zeros, most, step in zip(added, taken, strides, strict=True))


def _each(value: AttributeValue, count: int) -> tuple[int, ...]:
    return value if isinstance(value, tuple) and len(value) == count else (1,) * count


def _native(layer: Layer) -> str:
    found = layer.attribute(names.PADDING)
    return found.native if found is not None else ""


def _size(side: CallSide, composition: Composition) -> tuple[int, ...] | None:
    """Height and width of the map that a composition reads."""
    read = side.calls.producers[composition.calls[0]]
    spec = side.output(read[0]) if read else side.network.inputs[0] if side.network.inputs else None
    return canonical_shape(spec.shape, side.network.data_layout)[1:] if spec is not None else None
