"""Whether two networks hold the same weights, tensor by tensor, and what happened where they do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from mbgui.analysis.weight_comparing import compare_values
from mbgui.analysis.weight_layout import Array
from mbgui.analysis.weight_moving import ReadTensor, link_values, tied_targets
from mbgui.analysis.weight_recognition import Recognition, ValuePair, recognise
from mbgui.analysis.weight_records import UnmovedTensor, WeightLink, WeightPlan
from mbgui.domain.equivalence import WeightFinding
from mbgui.domain.request import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerWeights:
    """What happened to the weights of one layer, given that its partner holds other values."""

    left_layer: str
    right_layer: str
    recognition: Recognition


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightComparison:
    """Every tensor of both networks, and the layers whose values differ."""

    findings: tuple[WeightFinding, ...]
    layers: tuple[LayerWeights, ...]


def compare_weights(plan: WeightPlan, read_left: ReadTensor, read_right: ReadTensor) -> WeightComparison:
    """Both sides' own values compared, layer by layer; only one layer's tensors are held at a time."""
    findings: list[WeightFinding] = []
    layers: list[LayerWeights] = []
    for (left_layer, right_layer), links in groupby(plan.links, key=lambda link: (link.left_layer, link.right_layer)):
        pairs = _by_tensor(list(links), read_left, read_right)
        recognition = recognise({key.role: pair for key, pair in pairs.items()})
        findings += (_finding(key, pair, recognition) for key, pair in pairs.items())
        if recognition is not None:
            layers.append(LayerWeights(left_layer=left_layer, right_layer=right_layer, recognition=recognition))
    findings += (unmoved_finding(tensor, read_left, read_right) for tensor in plan.unmoved)
    return WeightComparison(findings=tuple(findings), layers=tuple(layers))


def moved_findings(plan: WeightPlan, read: ReadTensor, to: Side) -> tuple[WeightFinding, ...]:
    """Every tensor where the weights of one side, which `read` gives, have been moved to the side `to`.

    Links are equal by construction, but for tensors that are tied on the side `to` only and can hold one of two.
    """
    tied = tied_targets(plan, to)
    linked = dict.fromkeys((_Key.of(link, ""), tied.get(place, "")) for place, link in enumerate(plan.links))
    made = [
        WeightFinding(
            left=key.left,
            right=key.right,
            left_layer=key.left_layer,
            right_layer=key.right_layer,
            relative_l2=None if source else 0.0,
            is_equal=not source,
            note=f"It is shared there and holds the values of {source}." if source else "",
        )
        for key, source in linked
    ]
    return (*made, *(_moved_without_partner(tensor, read, to) for tensor in plan.unmoved))


def _moved_without_partner(tensor: UnmovedTensor, read: ReadTensor, to: Side) -> WeightFinding:
    """On the side that is filled, a neutral value fills it; on the other it has to be neutral as it is."""
    if tensor.side is to and tensor.neutral is not None:
        return _unmoved(tensor, is_equal=True)
    return unmoved_finding(tensor, read, read)


def unmoved_finding(tensor: UnmovedTensor, read_left: ReadTensor, read_right: ReadTensor) -> WeightFinding:
    """A tensor without a partner: the same as its partner's absence only where it holds its neutral value."""
    if tensor.is_expected or tensor.neutral is None:
        return _unmoved(tensor, is_equal=tensor.is_expected)
    values = (read_left if tensor.side is Side.LEFT else read_right)(tensor.name)
    return _unmoved(tensor, is_equal=bool(np.all(values == tensor.neutral)))


def _unmoved(tensor: UnmovedTensor, *, is_equal: bool) -> WeightFinding:
    is_left = tensor.side is Side.LEFT
    return WeightFinding(
        left=tensor.name if is_left else "",
        right="" if is_left else tensor.name,
        left_layer=tensor.layer if is_left else "",
        right_layer="" if is_left else tensor.layer,
        relative_l2=None,
        is_equal=is_equal,
        note=tensor.reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """The tensors of a link by name, and the role under which they are recognised."""

    left: str
    right: str
    left_layer: str
    right_layer: str
    role: str

    @classmethod
    def of(cls, link: WeightLink, role: str) -> "_Key":
        left, right = (" + ".join(part.name for part in link.parts(side)) for side in Side)
        return cls(left=left, right=right, left_layer=link.left_layer, right_layer=link.right_layer, role=role)


def _by_tensor(links: list[WeightLink], read_left: ReadTensor, read_right: ReadTensor) -> dict[_Key, ValuePair]:
    """The values of a layer by tensor; blocks of one tensor (the gates of a GRU) are put one behind the other."""
    blocks: dict[_Key, list[ValuePair]] = {}
    roles: set[str] = set()
    for link in links:
        key = next((known for known in blocks if _Key.of(link, known.role) == known), None)
        if key is None:
            key = _Key.of(link, _free(link.role, roles))
            roles.add(key.role)
        blocks.setdefault(key, []).append(_pair(link, read_left, read_right))
    return {key: found[0] if len(found) == 1 else _joined(found) for key, found in blocks.items()}


def _free(role: str, taken: set[str]) -> str:
    """The role, numbered where the layer has several of it: cells of a stack, halves of a separable convolution."""
    numbered = (f"{role} {number}" for number in range(2, len(taken) + 3))
    return role if role not in taken else next(name for name in numbered if name not in taken)


def _pair(link: WeightLink, read_left: ReadTensor, read_right: ReadTensor) -> ValuePair:
    left, right = link_values(link, read_left, Side.LEFT), link_values(link, read_right, Side.RIGHT)
    split = link.change.split
    rank = min(len(link.left[0].part_shape), len(link.right[0].part_shape))
    return ValuePair(
        left=left.reshape(split), right=right.reshape(split), axes=link.axes, is_flattened=2 < len(split) > rank
    )


def _joined(pairs: list[ValuePair]) -> ValuePair:
    sides: Iterator[Array] = (
        np.concatenate([values.ravel() for values in side])
        for side in ([pair.left for pair in pairs], [pair.right for pair in pairs])
    )
    return ValuePair(left=next(sides), right=next(sides), axes=("values",))


def _finding(key: _Key, pair: ValuePair, recognition: Recognition | None) -> WeightFinding:
    relative_l2, is_equal = compare_values(pair.left, pair.right)
    return WeightFinding(
        left=key.left,
        right=key.right,
        left_layer=key.left_layer,
        right_layer=key.right_layer,
        relative_l2=relative_l2,
        is_equal=is_equal,
        note=recognition.by_role.get(key.role, "") if recognition is not None else "",
    )
