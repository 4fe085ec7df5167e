"""Both networks as calls, and which calls are partners: what every search for differences starts from."""

from dataclasses import dataclass

from mbgui.analysis.align_calls import CallGraph, call_graph
from mbgui.analysis.align_functions import WrittenFunction, written_functions
from mbgui.analysis.graph import NetworkGraph, graph_of
from mbgui.analysis.padding import folded_padding_layers
from mbgui.domain.alignment import Alignment, LayerPair
from mbgui.domain.network import Layer, Network, TensorSpec, call_name

_GATED = frozenset({"silu", "hard_silu", "mish"})
_HARD = frozenset({"hard_sigmoid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedCalls:
    """A pair of the alignment, with the numbers of its calls on either side in execution order."""

    pair: LayerPair
    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether there is something on both sides."""
        return bool(self.left and self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSide:
    """One network: its calls by number, its layers, and the partners.

    `pair_of` gives the number of the pair that a call belongs to, of pairs with both sides only. `folded` are padding
    layers that count as part of the layer behind them. `written` are the functions that are written as several
    operations, by the call that ends them, longer ones first.
    """

    network: Network
    calls: CallGraph
    graph: NetworkGraph
    pair_of: dict[int, int]
    folded: frozenset[str]
    written: dict[int, tuple[WrittenFunction, ...]]

    def layer(self, call: int) -> Layer:
        """The layer that a call runs."""
        return self.calls.layers[call]

    def output(self, call: int) -> TensorSpec | None:
        """What a call gives, its first output."""
        outputs = self.calls.calls[call].outputs or self.layer(call).outputs
        return outputs[0] if outputs else None


def paired_sides(left: Network, right: Network, alignment: Alignment) -> tuple[CallSide, CallSide, list[PairedCalls]]:
    """Both sides, and the pairs in the alignment's order; what neither network has any more is left out."""
    left_calls, right_calls = call_graph(left), call_graph(right)
    mine, other = _numbers(left_calls), _numbers(right_calls)
    pairs = [
        PairedCalls(
            pair=pair,
            left=_found(mine, pair.left, pair.left_call, pair.left_members),
            right=_found(other, pair.right, pair.right_call, pair.right_members),
        )
        for pair in alignment.pairs
    ]
    return (
        _side(left, left_calls, {call: number for number, pair in _whole(pairs) for call in pair.left}),
        _side(right, right_calls, {call: number for number, pair in _whole(pairs) for call in pair.right}),
        pairs,
    )


def _whole(pairs: list[PairedCalls]) -> list[tuple[int, PairedCalls]]:
    return [(number, pair) for number, pair in enumerate(pairs) if pair.is_whole]


def _numbers(graph: CallGraph) -> dict[str, int]:
    return {call.name: number for number, call in enumerate(graph.calls)}


def _found(numbers: dict[str, int], layer: str | None, index: int, members: tuple[str, ...]) -> tuple[int, ...]:
    if layer is None:
        return ()
    names = members or (call_name(layer, index),)
    return tuple(sorted(numbers[name] for name in names if name in numbers))


def _side(network: Network, calls: CallGraph, pair_of: dict[int, int]) -> CallSide:
    graph = graph_of(network)
    return CallSide(
        network=network,
        calls=calls,
        graph=graph,
        pair_of=pair_of,
        folded=folded_padding_layers(network, graph),
        written=_written(calls),
    )


def _written(calls: CallGraph) -> dict[int, tuple[WrittenFunction, ...]]:
    found: dict[int, tuple[WrittenFunction, ...]] = {}
    for wanted in (_GATED, _HARD):
        for function in written_functions(calls, wanted, frozenset()):
            end = max(function.calls)
            found[end] = (*found.get(end, ()), function)
    return found
