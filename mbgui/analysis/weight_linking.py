"""How the tensors of two layers that do the same work correspond."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from mbgui.analysis.graph import NetworkGraph
from mbgui.analysis.weight_axes import IN, OUT, split_multipliers, tensor_axes
from mbgui.analysis.weight_feature_order import CHANNEL, matched_orders, named_map, order_before, order_behind
from mbgui.analysis.weight_layout import Axes, layout_between, without_ones
from mbgui.analysis.weight_records import TensorPart, WeightLink
from mbgui.analysis.weight_roles import KERNEL, NORMALIZATIONS
from mbgui.analysis.weight_slots import WeightSide, WeightSlot
from mbgui.domain.network import Layer, LayerKind, Network
from mbgui.domain.request import Side

_VALUE_BY_VALUE = NORMALIZATIONS | {LayerKind.ACTIVATION, LayerKind.MULTIPLY, LayerKind.RESCALE}
_FindOrder = Callable[[Network, NetworkGraph, Layer], Axes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLinks:
    """The links of two slots, the roles that only one of them has, and why tensors of the same role do not fit."""

    links: tuple[WeightLink, ...]
    left_only: tuple[str, ...]
    right_only: tuple[str, ...]
    reasons: tuple[tuple[Side, str, str], ...]


def link_slots(left: WeightSide, mine: WeightSlot, right: WeightSide, other: WeightSlot) -> SlotLinks:
    """Tensors of the same role, then what is left alone on both sides and has the same sizes in the same order."""
    partners = _partners(mine, other)
    links: list[WeightLink] = []
    reasons: list[tuple[Side, str, str]] = []
    for role, other_role in partners.items():
        link = _Link(left=left, mine=mine, right=right, other=other).made(role, other_role)
        if link is not None:
            links.append(link)
            continue
        here, there = mine.tensors[role], other.tensors[other_role]
        reasons += [
            (Side.LEFT, here.name, _unfit(here.shape, there.name, there.shape)),
            (Side.RIGHT, there.name, _unfit(there.shape, here.name, here.shape)),
        ]
    return SlotLinks(
        links=tuple(links),
        left_only=tuple(role for role in mine.tensors if role not in partners),
        right_only=tuple(role for role in other.tensors if role not in partners.values()),
        reasons=tuple(reasons),
    )


def same_roles(mine: WeightSlot, other: WeightSlot) -> bool:
    """Whether two slots hold as many values in the same roles."""
    sizes = [{role: tensor.value_count for role, tensor in slot.tensors.items()} for slot in (mine, other)]
    return sizes[0] == sizes[1]


def _partners(mine: WeightSlot, other: WeightSlot) -> dict[str, str]:
    """The roles on the right by those on the left."""
    found = {role: role for role in mine.tensors if role in other.tensors}
    left_over = [role for role in mine.tensors if role not in found]
    right_over = [role for role in other.tensors if role not in found]
    if len(left_over) == len(right_over) == 1:
        sizes = [_sizes(slot.tensors[roles[0]].shape) for slot, roles in ((mine, left_over), (other, right_over))]
        if sizes[0] == sizes[1]:
            found[left_over[0]] = right_over[0]
    return found


def _sizes(shape: tuple[int, ...]) -> list[int]:
    return [size for size in shape if size != 1]


def _unfit(shape: tuple[int, ...], partner: str, partner_shape: tuple[int, ...]) -> str:
    return f"Its shape {shape} does not go with {partner_shape} of {partner}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """Two slots on their sides, of which one tensor is linked."""

    left: WeightSide
    mine: WeightSlot
    right: WeightSide
    other: WeightSlot

    def made(self, role: str, other_role: str) -> WeightLink | None:
        here, there = self.mine.tensors[role], self.other.tensors[other_role]
        axes = self._axes(role, other_role)
        change = layout_between(axes[0], here.shape, axes[1], there.shape) if axes is not None else None
        names = tuple(name for name, _ in without_ones(axes[0])) if axes is not None else ()
        if change is None and self._is_plain(role) and _sizes(here.shape) == _sizes(there.shape):
            plain = tuple((str(place), size) for place, size in enumerate(_sizes(here.shape)))
            change, names = layout_between(plain, here.shape, plain, there.shape), tuple(name for name, _ in plain)
        if change is None:
            return None
        return WeightLink(
            left=(TensorPart(name=here.name, shape=here.shape),),
            right=(TensorPart(name=there.name, shape=there.shape),),
            change=change,
            axes=names,
            role=role,
            left_layer=self.mine.layer.path,
            right_layer=self.other.layer.path,
        )

    def _is_plain(self, role: str) -> bool:
        """Whether equal sizes are enough: same framework, or a tensor whose dimensions have no roles."""
        return role != KERNEL or self.left.framework is self.right.framework

    def _axes(self, role: str, other_role: str) -> tuple[Axes, Axes] | None:
        kinds = [kind for kind in (self.mine.kind, self.other.kind) if kind is not LayerKind.OTHER]
        if not kinds:
            return None
        here = tensor_axes(self.left.framework, self.mine, kinds[0], role)
        there = tensor_axes(self.right.framework, self.other, kinds[-1], other_role)
        if here is None or there is None:
            return self._map_axes(role, other_role)
        return self._ordered(kinds, split_multipliers(here, there), split_multipliers(there, here))

    def _ordered(self, kinds: Sequence[LayerKind], here: Axes, there: Axes) -> tuple[Axes, Axes] | None:
        """With inputs behind a Flatten and outputs ahead of a Reshape in the order that each side has them."""
        sizes = dict(here)
        if LayerKind.DENSE in kinds:
            orders = {IN: self._order(order_before, sizes.get(IN)), OUT: self._order(order_behind, sizes.get(OUT))}
        elif kinds[0] in _VALUE_BY_VALUE and self._reads_vectors():
            size = sizes.get(OUT)
            orders = {OUT: self._order(order_before, size) or self._order(order_behind, size)}
        else:
            return here, there
        for name, order in orders.items():
            if order is None:
                continue
            matched = self._matched(order)
            if matched is None:
                return None
            here, there = _refined(here, name, matched[0]), _refined(there, name, matched[1])
        return here, there

    def _order(self, find: _FindOrder, size: int | None) -> tuple[Axes | None, Axes | None] | None:
        """What `find` says of both sides for vectors of that size, `None` where it finds nothing."""
        found = [
            find(self.left.network, self.left.graph, self.mine.layer),
            find(self.right.network, self.right.graph, self.other.layer),
        ]
        fitting = [order if order and prod(length for _, length in order) == size else None for order in found]
        return None if fitting == [None, None] else (fitting[0], fitting[1])

    def _matched(self, order: tuple[Axes | None, Axes | None]) -> tuple[Axes, Axes] | None:
        """Both orders in the same words; a convolution over the whole map knows the dimensions of its kernel itself."""
        if self.mine.kind is self.other.kind:
            return matched_orders(*order)
        return order[0] or (), order[1] or ()

    def _reads_vectors(self) -> bool:
        return all(slot.layer.outputs and len(slot.layer.outputs[0].shape) == 2 for slot in (self.mine, self.other))

    def _map_axes(self, role: str, other_role: str) -> tuple[Axes, Axes] | None:
        """Of tensors with a value for each place of a map: those of a LayerNorm over it, slopes, a learnable bias."""
        if role == KERNEL:
            return None
        shapes = self.mine.tensors[role].shape, self.other.tensors[other_role].shape
        here = named_map(self.left.network.data_layout, shapes[0])
        there = named_map(self.right.network.data_layout, shapes[1])
        is_sequence = len(shapes[0]) == 2 and shapes[0] == shapes[1]
        return matched_orders(here, there) if here is not None and there is not None and not is_sequence else None


def _refined(axes: Axes, name: str, order: Axes) -> Axes:
    """`axes` with the one of that name taken apart into the axes of a map, where it holds as many values.

    Inputs take the words of a kernel that covers the map; outputs have their own.
    """
    if not order or prod(size for _, size in order) != dict(axes).get(name):
        return axes
    prefix = "" if name == IN else f"{name} "
    parts = tuple((name if part == CHANNEL else f"{prefix}{part}", size) for part, size in order)
    return tuple(part for axis in axes for part in (parts if axis[0] == name else (axis,)))
