"""The axis along which partners normalise, join or take a softmax, whatever the layout."""

from mbgui.analysis.call_sides import CallSide
from mbgui.analysis.composition import Composition, Partners
from mbgui.analysis.shapes import CHANNELS_LAST
from mbgui.analysis.wording import value_text
from mbgui.domain.attribute_names import AXIS
from mbgui.domain.difference import Cause
from mbgui.domain.network import AttributeValue, LayerKind

_CHANNELS = "channels"
_CAUSES = {
    LayerKind.ACTIVATION: Cause.ACTIVATION_PARAMETERS,
    LayerKind.BATCH_NORMALIZATION: Cause.NORMALIZATION,
    LayerKind.LAYER_NORMALIZATION: Cause.NORMALIZATION,
    LayerKind.CONCATENATE: Cause.CONNECTION,
}
_AMBIGUOUS_RANK = 3
"""A sequence: its channels may come first or last in either framework."""


def other_axis(partners: Partners) -> tuple[Cause, str, str] | None:
    """The cause and both axes as text where partners of one kind work along different ones; `None` where they do not.

    An axis that only one side tells is no difference, nor is one of several where both have as many.
    """
    mine, other = partners.left, partners.right
    kinds = {side.layer(found.calls[-1]).kind for side, found in _sides(partners)}
    if len(mine.calls) > 1 or len(other.calls) > 1 or len(kinds) > 1:
        return None
    (kind,) = kinds
    first, second = (side.layer(found.calls[0]).value(AXIS) for side, found in _sides(partners))
    if kind not in _CAUSES or first is None or second is None or _is_same(first, second, partners):
        return None
    return _CAUSES[kind], f"axis {value_text(first)}", f"axis {value_text(second)}"


def _sides(partners: Partners) -> tuple[tuple[CallSide, Composition], tuple[CallSide, Composition]]:
    return (partners.left_side, partners.left), (partners.right_side, partners.right)


def _is_same(first: AttributeValue, second: AttributeValue, partners: Partners) -> bool:
    if first == second:
        return True
    if isinstance(first, tuple) or isinstance(second, tuple):
        return isinstance(first, tuple) and isinstance(second, tuple) and len(first) == len(second)
    ranks = [_rank(side, found) for side, found in _sides(partners)]
    if _AMBIGUOUS_RANK in ranks or ranks[0] != ranks[1] or not ranks[0]:
        return True
    if isinstance(first, int) and isinstance(second, int) and first % ranks[0] == second % ranks[0]:
        return True
    return all(
        axis == _CHANNELS or (isinstance(axis, int) and axis % rank == _channels_at(side, rank))
        for axis, rank, (side, _) in zip((first, second), ranks, _sides(partners), strict=True)
    )


def _rank(side: CallSide, composition: Composition) -> int:
    spec = side.output(composition.calls[0])
    return len(spec.shape) if spec is not None else 0


def _channels_at(side: CallSide, rank: int) -> int:
    return rank - 1 if side.network.data_layout == CHANNELS_LAST else 1
