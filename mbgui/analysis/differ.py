"""Every difference between two aligned networks, with its cause, grouped where the values are the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mbgui.analysis.activation import (
    NO_ACTIVATION,
    following_activation,
    fused_activation,
    head_activation,
    is_fused_partner,
    repeated_activations,
)
from mbgui.analysis.attributes import attributes_of, is_different
from mbgui.analysis.causes import CAUSE_TEXTS, EFFECT_ORDER
from mbgui.analysis.graph import NetworkGraph, graph_of
from mbgui.analysis.identity import is_identity
from mbgui.analysis.layer_rules import ALONE, RULES
from mbgui.analysis.network_differences import network_differences
from mbgui.analysis.padding import folded_padding_layers
from mbgui.analysis.shapes import canonical_output
from mbgui.analysis.wording import MISSING, attribute_title, shape_text, value_text
from mbgui.domain.accounting import Accounting
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.attribute_names import GROUPS, OUT_CHANNELS, RATE
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.network import Attribute, Layer, LayerKind, Network

_WEIGHTED = frozenset(
    {
        LayerKind.CONVOLUTION,
        LayerKind.DENSE,
        LayerKind.SEPARABLE_CONVOLUTION,
        LayerKind.TRANSPOSED_CONVOLUTION,
    }
)
"""Layers that can have an activation fused into them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One difference at one place, before equal ones are grouped."""

    cause: Cause
    effect: Effect
    left_value: str
    right_value: str
    place: LayerPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One network, its graph, the other side's partner of each layer, and the layers reported in another way.

    `settled` are paths of padding layers that count as part of the layer behind them, and of the head's activation;
    `weighted_head` is the path of the layer which that activation belongs to. `calls_of_partner` counts further calls
    of shared activations on the other side, which has one row for all of them.
    """

    network: Network
    graph: NetworkGraph
    partners: dict[str, Layer]
    settled: frozenset[str]
    weighted_head: str | None
    calls_of_partner: Counter[str]


def find_differences(
    left: Network, right: Network, accounting: Accounting, alignment: Alignment
) -> tuple[Difference, ...]:
    """Every difference, the gravest effect first, then the most places.

    Padding is taken as effective padding: pass networks through `padding.fold_padding` first.
    """
    left_graph, right_graph = graph_of(left), graph_of(right)
    left_head, right_head = head_activation(left, left_graph), head_activation(right, right_graph)
    whole = [(pair.left, pair.right) for pair in alignment.pairs if pair.left is not None and pair.right is not None]
    left_side = _Side(
        network=left,
        graph=left_graph,
        partners={mine: right_graph.layers[other] for mine, other in whole},
        settled=folded_padding_layers(left, left_graph) | {left_head.own_layer or ""},
        weighted_head=left_head.weighted_layer,
        calls_of_partner=repeated_activations(right),
    )
    right_side = _Side(
        network=right,
        graph=right_graph,
        partners={other: left_graph.layers[mine] for mine, other in whole},
        settled=folded_padding_layers(right, right_graph) | {right_head.own_layer or ""},
        weighted_head=right_head.weighted_layer,
        calls_of_partner=repeated_activations(left),
    )
    findings = [finding for pair in alignment.pairs for finding in _findings(pair, left_side, right_side)]
    differences = [*_grouped(findings), *network_differences(left, right, accounting, left_head, right_head)]
    return tuple(
        sorted(differences, key=lambda found: (EFFECT_ORDER.index(found.effect), -len(found.places), found.title))
    )


def _findings(pair: LayerPair, left_side: _Side, right_side: _Side) -> Iterator[_Finding]:
    left = left_side.graph.layers[pair.left] if pair.left is not None else None
    right = right_side.graph.layers[pair.right] if pair.right is not None else None
    place = LayerPlace(left=pair.left, right=pair.right)
    if left is not None and right is not None:
        causes = [
            *_between_attributes(left, right, place, left_side, right_side),
            *_fused_activation(left, right, place, left_side, right_side),
        ]
        yield from causes or _output_tensors(left, right, place, left_side, right_side)
        yield from _convolution_class(left, right, place)
    elif left is not None:
        yield from _alone(left, place, Cause.MISSING_LAYER, left_side)
    elif right is not None:
        yield from _alone(right, place, Cause.EXTRA_LAYER, right_side)


def _between_attributes(
    left: Layer, right: Layer, place: LayerPlace, left_side: _Side, right_side: _Side
) -> Iterator[_Finding]:
    if left.attributes == right.attributes or _is_reported_elsewhere(left, right, left_side, right_side):
        return
    mine, other = attributes_of(left), attributes_of(right)
    for name, cause, effect in RULES.get(left.kind, ()):
        if is_different(name, mine, other):
            yield _Finding(
                cause=cause,
                effect=effect,
                left_value=_attribute_text(cause, mine.get(name)),
                right_value=_attribute_text(cause, other.get(name)),
                place=place,
            )
            if cause is Cause.ACTIVATION:  # the parameters of two functions cannot be compared
                return


def _attribute_text(cause: Cause, attribute: Attribute | None) -> str:
    """A value as text; with its name where the cause covers several attributes."""
    if attribute is None:
        return MISSING
    value = value_text(attribute.value)
    return f"{attribute_title(attribute.name)} {value}" if cause is Cause.NORMALIZATION else value


def _is_reported_elsewhere(left: Layer, right: Layer, left_side: _Side, right_side: _Side) -> bool:
    """Whether both are activations of the head, or padding that counts as part of the layers behind."""
    return left.path in left_side.settled and right.path in right_side.settled


def _fused_activation(
    left: Layer, right: Layer, place: LayerPlace, left_side: _Side, right_side: _Side
) -> Iterator[_Finding]:
    """Activations inside weighted layers, compared with what follows the partner; the head is reported elsewhere."""
    if left.kind not in _WEIGHTED or (left.path == left_side.weighted_head and right.path == right_side.weighted_head):
        return
    if fused_activation(left) == fused_activation(right) == NO_ACTIVATION:
        return
    mine, other = following_activation(left, left_side.graph), following_activation(right, right_side.graph)
    if mine != other:
        yield _Finding(cause=Cause.ACTIVATION, effect=Effect.INFERENCE, left_value=mine, right_value=other, place=place)


def _convolution_class(left: Layer, right: Layer, place: LayerPlace) -> Iterator[_Finding]:
    if left.kind is not LayerKind.CONVOLUTION or left.type_name.lower() == right.type_name.lower():
        return
    yield _Finding(
        cause=Cause.CONVOLUTION_CLASS,
        effect=Effect.NONE,
        left_value=_class_text(left),
        right_value=_class_text(right),
        place=place,
    )


def _class_text(layer: Layer) -> str:
    groups = layer.value(GROUPS)
    if layer.type_name.startswith("Depthwise") or groups in {None, 1}:
        return layer.type_name
    return f"{layer.type_name}, groups = {'channels' if groups == layer.value(OUT_CHANNELS) else groups}"


def _output_tensors(
    left: Layer, right: Layer, place: LayerPlace, left_side: _Side, right_side: _Side
) -> Iterator[_Finding]:
    """Shape and dtype of the outputs, where the inputs agree: otherwise the cause lies before this pair."""
    mine, other = _output(left, left_side), _output(right, right_side)
    if mine is None or other is None or mine == other:
        return
    if _first_input(left, left_side) != _first_input(right, right_side):
        return
    for cause, left_value, right_value in (
        (Cause.OUTPUT_SHAPE, shape_text(mine[0]), shape_text(other[0])),
        (Cause.DTYPE, mine[1], other[1]),
    ):
        if left_value != right_value:
            yield _Finding(
                cause=cause, effect=Effect.INFERENCE, left_value=left_value, right_value=right_value, place=place
            )


def _output(layer: Layer, side: _Side) -> tuple[tuple[int, ...], str] | None:
    """Canonical shape and dtype of the first output."""
    shape = canonical_output(layer, side.network.data_layout)
    return (shape, layer.outputs[0].dtype) if shape is not None else None


def _first_input(layer: Layer, side: _Side) -> tuple[tuple[int, ...], str] | None:
    producer = side.graph.layers.get(layer.inputs[0]) if layer.inputs else None
    return _output(producer, side) if producer is not None and producer.kind is not LayerKind.INPUT else None


def _alone(layer: Layer, place: LayerPlace, cause: Cause, side: _Side) -> Iterator[_Finding]:
    if _has_explanation(layer, side):
        return
    known, effect = ALONE.get(layer.kind, (cause, Effect.INFERENCE))
    if known is None:
        return
    if not layer.call_count and effect is Effect.INFERENCE:  # it has no part in what the network answers
        effect = Effect.TRAINING
    value = value_text(layer.value(RATE)) if known is Cause.DROPOUT else layer.type_name
    is_left = place.left is not None
    yield _Finding(
        cause=known,
        effect=effect,
        left_value=value if is_left else MISSING,
        right_value=MISSING if is_left else value,
        place=place,
    )


def _has_explanation(layer: Layer, side: _Side) -> bool:
    """Whether a lone layer is part of another one, changes nothing, or is one more call of a shared activation."""
    if layer.path in side.settled or is_identity(layer, side.graph):
        return True
    if is_fused_partner(layer, side.graph, side.partners):
        return True
    if layer.kind is not LayerKind.ACTIVATION or not side.calls_of_partner[fused_activation(layer)]:
        return False
    side.calls_of_partner[fused_activation(layer)] -= 1
    return True


def _grouped(findings: list[_Finding]) -> Iterator[Difference]:
    groups: dict[tuple[Cause, Effect, str, str], list[_Finding]] = {}
    for finding in findings:
        groups.setdefault(_group_key(finding), []).append(finding)
    for (cause, effect, _, _), members in groups.items():
        text = CAUSE_TEXTS[cause]
        yield Difference(
            cause=cause,
            effect=effect,
            title=text.title,
            left_value=_range_text([member.left_value for member in members]),
            right_value=_range_text([member.right_value for member in members]),
            where="1 layer" if len(members) == 1 else f"{len(members):,} layers",
            explanation=text.explanation,
            places=tuple(member.place for member in members),
        )


def _group_key(finding: _Finding) -> tuple[Cause, Effect, str, str]:
    """What the findings of a group share: their values too, but for dropouts of one side, whose rates often grow."""
    left, right = finding.left_value, finding.right_value
    if finding.cause is Cause.DROPOUT and MISSING in {left, right}:
        left, right = (value if value == MISSING else "" for value in (left, right))
    return finding.cause, finding.effect, left, right


def _range_text(values: list[str]) -> str:
    """The one value of a group, or its first and its last one."""
    return values[0] if values[0] == values[-1] else f"{values[0]} to {values[-1]}"
