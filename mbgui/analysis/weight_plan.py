"""Which stored tensor of one network is which of the other, and how its values lie there: by role, never by order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mbgui.analysis.weight_attention import attention_links
from mbgui.analysis.weight_linking import link_slots, same_roles
from mbgui.analysis.weight_records import UnmovedTensor, WeightLink, WeightPlan
from mbgui.analysis.weight_recurrent import recurrent_links
from mbgui.analysis.weight_roles import NEUTRAL, is_bookkeeping, shared_role
from mbgui.analysis.weight_slots import WeightSide, WeightSlot
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.network import Layer, LayerKind, Network, StoredTensor
from mbgui.domain.request import Side

Layers = tuple[Layer, ...]


def plan_weights(left: Network, right: Network, alignment: Alignment) -> WeightPlan:
    """A partner or a reason for every stored tensor of both networks.

    Tensors go with the layers that read them: a pair's layer or its members.
    """
    return _Planning(left=WeightSide.of(left), right=WeightSide.of(right)).plan(alignment)


@dataclass(slots=True, kw_only=True)
class _Planning:
    left: WeightSide
    right: WeightSide
    links: dict[tuple[object, ...], WeightLink] = field(default_factory=dict)
    reasons: dict[tuple[Side, str], str] = field(default_factory=dict)
    neutral: set[tuple[Side, str]] = field(default_factory=set)

    def plan(self, alignment: Alignment) -> WeightPlan:
        for pair in alignment.pairs:
            self._add_pair(pair)
        links = tuple(self.links.values())
        linked = {(side, part.name) for link in links for side in Side for part in link.parts(side)}
        unmoved = (
            found
            for side, network in ((Side.LEFT, self.left), (Side.RIGHT, self.right))
            for found in self._unmoved(side, network, linked)
        )
        return WeightPlan(links=links, unmoved=tuple(unmoved))

    def _add_pair(self, pair: LayerPair) -> None:
        left = self.left.layers(pair.left, pair.left_members)
        right = self.right.layers(pair.right, pair.right_members)
        if not left or not right:
            return
        kinds = {self.left.kind(layer) for layer in left} | {self.right.kind(layer) for layer in right}
        if kinds == {LayerKind.RECURRENT}:
            self._add_whole(recurrent_links(self.left, left, self.right, right), left, right)
        elif kinds == {LayerKind.ATTENTION}:
            self._add_whole(attention_links(self.left, left, self.right, right), left, right)
        else:
            self._add_slots(self.left.slots(left), self.right.slots(right))

    def _add_whole(self, links: Sequence[WeightLink] | str, left: Layers, right: Layers) -> None:
        """The links of layers that correspond only as a whole, or why they do not."""
        if isinstance(links, str):
            for side, network, layers in ((Side.LEFT, self.left, left), (Side.RIGHT, self.right, right)):
                for tensor in (tensor for layer in layers for tensor in network.tensors[layer.path]):
                    self.reasons.setdefault((side, tensor.name), links)
        else:
            self._add(links)

    def _add_slots(self, left: list[WeightSlot], right: list[WeightSlot]) -> None:
        for mine, other in _matched_slots(left, right):
            found = link_slots(self.left, mine, self.right, other)
            self._add(found.links)
            for side, slot, missing in ((Side.LEFT, mine, found.left_only), (Side.RIGHT, other, found.right_only)):
                for role in missing:
                    partner = other if side is Side.LEFT else mine
                    self._explain(side, slot.tensors[role], role, partner)
            for side, name, reason in found.reasons:
                self.reasons.setdefault((side, name), reason)

    def _explain(self, side: Side, tensor: StoredTensor, role: str, partner: WeightSlot) -> None:
        """Why a tensor has no partner in the layer that is the partner of its own."""
        other = self.right if side is Side.LEFT else self.left
        what = f"{partner.layer.path} ({other.framework.display_name}'s {partner.layer.type_name}) has no {role}"
        if role in NEUTRAL:
            self.neutral.add((side, tensor.name))
            what += f", as if it were all {'ones' if NEUTRAL[role] else 'zeros'}"
        self.reasons.setdefault((side, tensor.name), f"{what}.")

    def _add(self, links: Sequence[WeightLink]) -> None:
        for link in links:
            self.links.setdefault((link.left, link.right), link)

    def _unmoved(self, side: Side, network: WeightSide, linked: set[tuple[Side, str]]) -> Iterator[UnmovedTensor]:
        for tensor in network.network.tensors:
            if (side, tensor.name) not in linked:
                yield self._unmoved_tensor(side, network, tensor)

    def _unmoved_tensor(self, side: Side, network: WeightSide, tensor: StoredTensor) -> UnmovedTensor:
        layer = network.graph.layers.get(tensor.layer)
        role = shared_role(tensor, layer.kind if layer is not None else LayerKind.OTHER)
        reason, is_expected = _plain_reason(tensor, layer)
        return UnmovedTensor(
            side=side,
            name=tensor.name,
            layer=tensor.layer,
            role=role,
            shape=tensor.shape,
            reason=self.reasons.get((side, tensor.name), reason) if not is_expected else reason,
            neutral=NEUTRAL[role] if (side, tensor.name) in self.neutral else None,
            is_expected=is_expected,
        )


def _plain_reason(tensor: StoredTensor, layer: Layer | None) -> tuple[str, bool]:
    """Why a tensor has no partner, judged from itself, and whether that is no finding."""
    if is_bookkeeping(tensor):
        return "It takes no part in what the network computes.", True
    if layer is not None and layer.kind is not LayerKind.CONTAINER and layer.call_count == 0:
        return "Its layer does not run when the network is evaluated.", True
    if layer is not None and layer.type_name == "Normalization":
        return "It belongs to the preprocessing, which the other side leaves to its caller.", True
    return "Its layer has no partner with weights on the other side.", False


def _matched_slots(left: list[WeightSlot], right: list[WeightSlot]) -> Iterator[tuple[WeightSlot, WeightSlot]]:
    """One to one where there are as many on both sides, else those that hold as many values in the same roles."""
    if len(left) == len(right):
        yield from zip(left, right, strict=True)
        return
    rest = list(right)
    for mine in left:
        other = next((slot for slot in rest if same_roles(mine, slot)), None)
        if other is not None:
            rest.remove(other)
            yield mine, other
