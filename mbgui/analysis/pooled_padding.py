"""Zeros in front of a maximum that are no padding of it only because the values before them are not the partner's.

Behind a ReLU zeros are as good as the minus infinity that a maximum pads with. Where one side has another function
there, that function is the difference, and not the padding that is wrong because of it.
"""

from mbgui.analysis.call_sides import CallSide
from mbgui.analysis.composition import Composition, Partners
from mbgui.analysis.value_range import range_of
from mbgui.domain.attribute_names import PADDING, PADDING_MODE, POOLING
from mbgui.domain.network import Layer, LayerKind


def padding_victims(partners: Partners) -> tuple[int | None, int | None]:
    """The padding layer on either side that is such a victim, by the number of its call."""
    return (
        _victim(partners.left_side, partners.left, partners.right_side, partners.right),
        _victim(partners.right_side, partners.right, partners.left_side, partners.left),
    )


def _victim(side: CallSide, mine: Composition, other_side: CallSide, other: Composition) -> int | None:
    if not _is_maximum(mine.layer) or not _is_maximum(other.layer) or mine.layer is None or other.layer is None:
        return None
    call = _only_source(side, mine.calls[0])
    if call is None or call in side.pair_of or side.layer(call).kind is not LayerKind.PADDING:
        return None
    front = side.layer(call)
    own, before, wanted = (_sides(layer) for layer in (mine.layer, front, other.layer))
    is_as_wide = len(own) == len(before) and tuple(map(sum, zip(own, before, strict=True))) == wanted
    source = _only_source(other_side, other.calls[0])
    if not is_as_wide or source is None or front.value(PADDING_MODE) not in {None, "zeros"}:
        return None
    return call if range_of(other_side.layer(source), other_side.graph)[0] >= 0 else None


def _is_maximum(layer: Layer | None) -> bool:
    return layer is not None and layer.kind is LayerKind.POOLING and layer.value(POOLING) == "max"


def _only_source(side: CallSide, call: int) -> int | None:
    read = side.calls.producers[call]
    return read[0] if len(read) == 1 else None


def _sides(layer: Layer) -> tuple[int, ...]:
    sides = layer.value(PADDING)
    return sides if isinstance(sides, tuple) else ()
