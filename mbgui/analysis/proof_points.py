"""Where two aligned networks can be compared while they run."""

from collections.abc import Iterator

from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.network import Layer, LayerCall, LayerKind, Network, call_name
from mbgui.domain.proof_plan import Checkpoint

_NOT_COMPARED = frozenset(
    {
        LayerKind.INPUT,
        LayerKind.PADDING,
        LayerKind.DROPOUT,
        LayerKind.FLATTEN,
        LayerKind.RESHAPE,
        LayerKind.IDENTITY,
        LayerKind.CONTAINER,
    }
)
"""Layers that only move or hand on values: what they do shows in the layer behind them."""
_COMPARED_IN_SHAPE = frozenset({LayerKind.OTHER, LayerKind.MATRIX_PRODUCT, LayerKind.ATTENTION})
"""Parts of a layer that a framework may write with its dimensions in any order."""


def checkpoints_of(left: Network, right: Network, alignment: Alignment) -> tuple[Checkpoint, ...]:
    """Every pair of calls whose outputs can be compared, and last the networks' outputs where no pair gives them.

    Empty where either network's calls are not known.
    """
    if not left.calls or not right.calls:
        return ()
    ends = dict(_ends(left, right, alignment))
    outputs = left.output_calls[:1], right.output_calls[:1]
    rights = frozenset(ends.values())
    calls = {call.name: call for call in right.calls}
    points = [
        Checkpoint(left=mine, right=other, cuts=tuple(_cuts(other, calls, rights))) for mine, other in ends.items()
    ]
    if outputs[0] and outputs[1] and (outputs[0][0], outputs[1][0]) not in ends.items():
        last = outputs[1][0]
        points.append(Checkpoint(left=outputs[0][0], right=last, cuts=tuple(_cuts(last, calls, rights))))
    return tuple(points)


def pairs_by_end(alignment: Alignment) -> dict[tuple[str, str], LayerPair]:
    """Every whole pair by the calls whose outputs are compared."""
    whole = (pair for pair in alignment.pairs if pair.left is not None and pair.right is not None)
    return {end: pair for pair in whole for end in (_end(pair),) if end is not None}


def segment(call: str, calls: dict[str, LayerCall], cuts: frozenset[str]) -> Iterator[str]:
    """A call and those before it down to the cuts, which are left out."""
    waiting, seen = [call], {call}
    while waiting:
        name = waiting.pop()
        yield name
        for source in calls[name].inputs if name in calls else ():
            if source not in seen and source not in cuts:
                seen.add(source)
                waiting.append(source)


def _ends(left: Network, right: Network, alignment: Alignment) -> Iterator[tuple[str, str]]:
    left_layers, right_layers = _layers(left), _layers(right)
    left_calls = {call.name: call for call in left.calls}
    right_calls = {call.name: call for call in right.calls}
    for (mine, other), pair in pairs_by_end(alignment).items():
        if mine not in left_calls or other not in right_calls:
            continue
        layers = left_layers[pair.left or ""], right_layers[pair.right or ""]
        if _is_compared(layers, left_calls[mine], right_calls[other]):
            yield mine, other


def _is_compared(layers: tuple[Layer, Layer], mine: LayerCall, other: LayerCall) -> bool:
    kinds = {layer.kind for layer in layers}
    if kinds & _NOT_COMPARED or len(mine.outputs) != 1 or len(other.outputs) != 1:
        return False
    shapes = [sorted(call.outputs[0].shape) for call in (mine, other)]
    return not kinds & _COMPARED_IN_SHAPE or (shapes[0] == shapes[1] and len(shapes[0]) <= 3)


def _end(pair: LayerPair) -> tuple[str, str] | None:
    if pair.left is None or pair.right is None:
        return None
    mine = pair.left_members[-1] if pair.left_members else call_name(pair.left, pair.left_call)
    other = pair.right_members[-1] if pair.right_members else call_name(pair.right, pair.right_call)
    return mine, other


def _layers(network: Network) -> dict[str, Layer]:
    return {layer.path: layer for layer in network.layers}


def _cuts(call: str, calls: dict[str, LayerCall], ends: frozenset[str]) -> Iterator[str]:
    """The nearest compared calls before a call."""
    waiting, seen = list(calls[call].inputs) if call in calls else [], set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in ends:
            yield name
        elif name in calls:
            waiting += calls[name].inputs
