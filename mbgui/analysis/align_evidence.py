"""Why two calls are partners, and how sure that is."""

from math import prod

from mbgui.analysis.align_matching import Matching
from mbgui.analysis.align_members import CallPair
from mbgui.analysis.align_parts import Part, PartGraph
from mbgui.analysis.shapes import canonical_shape
from mbgui.domain.attribute_names import DILATION, STRIDES

SCORES = {"kind": 0.3, "output shape": 0.2, "parameter shapes": 0.25, "attributes": 0.15, "neighbours": 0.1}
"""What each piece of evidence adds to the confidence; all together give 1."""
_LARGEST_ALONE, _LARGEST_SCORE = "shape of the largest parameter", 0.2
"""Said where the parameters differ by small ones only, such as a bias that one side does without."""


def evidence_of(matching: Matching, pair: CallPair) -> tuple[str, ...]:
    """What agrees, in the words of `SCORES`."""
    left, right = matching.left, matching.right
    mine, other = left.parts[pair.left], right.parts[pair.right]
    my_parameters, others = _parameters(left, pair.left_calls), _parameters(right, pair.right_calls)
    agreements = {
        "kind": mine.kind is other.kind or mine.detail == other.detail,
        "output shape": _shape(left, pair.left_calls[-1]) == _shape(right, pair.right_calls[-1]),
        "parameter shapes": my_parameters == others,
        _LARGEST_ALONE: my_parameters != others and my_parameters[-1:] == others[-1:],
        "attributes": _attributes(left, mine) == _attributes(right, other),
        "neighbours": matching.sources_agree(pair.left, pair.right),
    }
    return tuple(name for name, agrees in agreements.items() if agrees)


def confidence_of(evidence: tuple[str, ...]) -> float:
    """How sure a pair is, from 0 to 1."""
    return round(sum(SCORES.get(name, _LARGEST_SCORE) for name in evidence), 2)


def _shape(graph: PartGraph, call: int) -> tuple[int, ...] | None:
    outputs = graph.calls.calls[call].outputs
    return canonical_shape(outputs[0].shape, graph.calls.network.data_layout) if outputs else None


def _parameters(graph: PartGraph, calls: tuple[int, ...]) -> list[tuple[int, ...]]:
    numbers = {graph.first_part[call] for call in calls}
    return sorted((shape for number in numbers for shape in _all_parameters(graph, number)), key=lambda x: (prod(x), x))


def _all_parameters(graph: PartGraph, first: int) -> list[tuple[int, ...]]:
    calls = graph.parts[first].calls
    shapes = list(graph.parts[first].parameters)
    following = first + 1
    while following < len(graph.parts) and graph.parts[following].calls == calls:
        shapes += graph.parts[following].parameters
        following += 1
    return shapes


def _attributes(graph: PartGraph, part: Part) -> tuple[object, ...]:
    layer = graph.calls.layers[part.calls[0]]
    is_pointwise = part.detail[1:] == ("pointwise", "full")
    strides = layer.value(STRIDES)
    dilation = None if is_pointwise else layer.value(DILATION)
    if isinstance(strides, tuple) and set(strides) == {1}:
        strides = None
    if isinstance(dilation, tuple) and set(dilation) == {1}:
        dilation = None
    return (part.detail, part.channels, strides, dilation)
