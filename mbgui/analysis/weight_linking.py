"""How the tensors of two layers that do the same work correspond."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from mbgui.analysis.graph import NetworkGraph
from mbgui.analysis.weight_axes import IN, OUT, split_heads, split_multipliers, tensor_axes
from mbgui.analysis.weight_feature_order import (
    CHANNEL,
    branches_before,
    matched_orders,
    named_map,
    order_before,
    order_behind,
)
from mbgui.analysis.weight_layout import Axes, LayoutChange, layout_between, without_ones
from mbgui.analysis.weight_records import TensorPart, WeightLink
from mbgui.analysis.weight_roles import KERNEL, NORMALIZATIONS
from mbgui.analysis.weight_slots import WeightSide, WeightSlot
from mbgui.domain.network import Layer, LayerKind, Network, StoredTensor
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
        pair = _Link(left=left, mine=mine, right=right, other=other)
        made = pair.made_by_branches(role, other_role) or pair.made(role, other_role)
        links += made
        if made:
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
    sizes = [
        [_sizes(slot.tensors[role].shape) for role in roles] for slot, roles in ((mine, left_over), (other, right_over))
    ]
    return found | dict(zip(left_over, right_over, strict=True)) if sizes[0] == sizes[1] else found


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

    def made(self, role: str, other_role: str) -> list[WeightLink]:
        """The link of two tensors; empty where they do not fit."""
        here, there = self.mine.tensors[role], self.other.tensors[other_role]
        axes = self._axes(role, other_role)
        change = layout_between(axes[0], here.shape, axes[1], there.shape) if axes is not None else None
        names = tuple(name for name, _ in without_ones(axes[0])) if axes is not None else ()
        if change is None and self._is_plain(role) and _sizes(here.shape) == _sizes(there.shape):
            plain = tuple((str(place), size) for place, size in enumerate(_sizes(here.shape)))
            change, names = layout_between(plain, here.shape, plain, there.shape), tuple(name for name, _ in plain)
        if change is None:
            return []
        parts = (TensorPart(name=tensor.name, shape=tensor.shape) for tensor in (here, there))
        return [self._link(next(parts), next(parts), change, names, role)]

    def made_by_branches(self, role: str, other_role: str) -> list[WeightLink]:
        """The links of a dense kernel whose inputs are several vectors, one behind the other, each in its own order."""
        if role != KERNEL or {self.mine.kind, self.other.kind} != {LayerKind.DENSE}:
            return []
        here, there = self.mine.tensors[role], self.other.tensors[other_role]
        axes = (
            tensor_axes(self.left.framework, self.mine, LayerKind.DENSE, role),
            tensor_axes(self.right.framework, self.other, LayerKind.DENSE, other_role),
        )
        branches = (
            branches_before(self.left.network, self.left.graph, self.mine.layer),
            branches_before(self.right.network, self.right.graph, self.other.layer),
        )
        if axes[0] is None or axes[1] is None or [size for size, _ in branches[0]] != [size for size, _ in branches[1]]:
            return []
        links: list[WeightLink] = []
        start = 0
        for (size, order), (_, other_order) in zip(*branches, strict=True):
            matched = matched_orders(order, other_order)
            parts = _rows(here, axes[0], start, size), _rows(there, axes[1], start, size)
            link = self._branch_link(parts, (axes[0], axes[1]), matched) if matched is not None else None
            if link is None:
                return []
            links.append(link)
            start += size
        return links

    def _branch_link(
        self, parts: tuple[TensorPart, TensorPart], axes: tuple[Axes, Axes], orders: tuple[Axes, Axes]
    ) -> WeightLink | None:
        """The link of the rows of both kernels that read one vector."""
        before, after = (
            _refined(tuple(zip((name for name, _ in found), part.part_shape, strict=True)), IN, order)
            for part, found, order in zip(parts, axes, orders, strict=True)
        )
        change = layout_between(before, parts[0].part_shape, after, parts[1].part_shape)
        names = tuple(name for name, _ in without_ones(before))
        return self._link(*parts, change, names, KERNEL) if change is not None else None

    def _link(
        self, left: TensorPart, right: TensorPart, change: LayoutChange, axes: tuple[str, ...], role: str
    ) -> WeightLink:
        return WeightLink(
            left=(left,),
            right=(right,),
            change=change,
            axes=axes,
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
            return self._head_axes(role, other_role, here, there) or self._map_axes(role, other_role)
        return self._ordered(kinds, split_multipliers(here, there), split_multipliers(there, here))

    def _ordered(self, kinds: Sequence[LayerKind], here: Axes, there: Axes) -> tuple[Axes, Axes] | None:
        """With inputs behind a Flatten and outputs ahead of a Reshape in the order that each side has them."""
        if LayerKind.DENSE in kinds:
            orders = {IN: self._order(order_before, here, there, IN), OUT: self._order(order_behind, here, there, OUT)}
        elif kinds[0] in _VALUE_BY_VALUE and self._reads_vectors():
            before = self._order(order_before, here, there, OUT)
            orders = {OUT: before or self._order(order_behind, here, there, OUT)}
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

    def _order(self, find: _FindOrder, here: Axes, there: Axes, name: str) -> tuple[Axes | None, Axes | None] | None:
        """What `find` says of both sides' axis of that name, `None` where it finds nothing that has its size."""
        found = (
            _fitting(find(self.left.network, self.left.graph, self.mine.layer), dict(here).get(name)),
            _fitting(find(self.right.network, self.right.graph, self.other.layer), dict(there).get(name)),
        )
        return None if found == (None, None) else found

    def _matched(self, order: tuple[Axes | None, Axes | None]) -> tuple[Axes, Axes] | None:
        """Both orders in the same words; a convolution over the whole map knows the dimensions of its kernel itself."""
        if self.mine.kind is self.other.kind:
            return matched_orders(*order)
        return order[0] or (), order[1] or ()

    def _reads_vectors(self) -> bool:
        return all(slot.layer.outputs and len(slot.layer.outputs[0].shape) == 2 for slot in (self.mine, self.other))

    def _head_axes(self, role: str, other_role: str, here: Axes | None, there: Axes | None) -> tuple[Axes, Axes] | None:
        """Of a dense layer with one dimension for features beside one that has heads and places for them."""
        if {self.mine.kind, self.other.kind} != {LayerKind.DENSE}:
            return None
        if here is not None and there is None:
            return split_heads(here, self.other.tensors[other_role].shape)
        split = split_heads(there, self.mine.tensors[role].shape) if there is not None and here is None else None
        return (split[1], split[0]) if split is not None else None

    def _map_axes(self, role: str, other_role: str) -> tuple[Axes, Axes] | None:
        """Of tensors with a value for each place of a map: those of a LayerNorm over it, slopes, a learnable bias."""
        if role == KERNEL:
            return None
        shapes = self.mine.tensors[role].shape, self.other.tensors[other_role].shape
        here = named_map(self.left.network.data_layout, shapes[0])
        there = named_map(self.right.network.data_layout, shapes[1])
        is_sequence = len(shapes[0]) == 2 and shapes[0] == shapes[1]
        return matched_orders(here, there) if here is not None and there is not None and not is_sequence else None


def _fitting(order: Axes | None, size: int | None) -> Axes | None:
    return order if order and prod(length for _, length in order) == size else None


def _rows(tensor: StoredTensor, axes: Axes, start: int, size: int) -> TensorPart:
    """The part of a kernel that reads one of several inputs."""
    region = tuple((start, start + size) if name == IN else (0, length) for name, length in axes)
    return TensorPart(name=tensor.name, shape=tensor.shape, region=region)


def _refined(axes: Axes, name: str, order: Axes) -> Axes:
    """`axes` with the one of that name taken apart into the axes of a map, where it holds as many values.

    Inputs take the words of a kernel that covers the map; outputs have their own.
    """
    if not order or prod(size for _, size in order) != dict(axes).get(name):
        return axes
    prefix = "" if name == IN else f"{name} "
    parts = tuple((name if part == CHANNEL else f"{prefix}{part}", size) for part, size in order)
    return tuple(part for axis in axes for part in (parts if axis[0] == name else (axis,)))
