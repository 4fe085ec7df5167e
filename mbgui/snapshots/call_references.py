"""What types cannot say of the runs of layers: those that a network or a pair names exist."""

from collections.abc import Iterator

from mbgui.domain.comparison import Comparison
from mbgui.domain.network import Network
from mbgui.domain.request import Side


def find_call_faults(comparison: Comparison) -> Iterator[str]:
    """Where a run that nothing knows of is named, each fault as a few words."""
    for side in Side:
        network = comparison.network(side)
        layers = frozenset(layer.path for layer in network.layers)
        calls = frozenset(call.name for call in network.calls)
        yield from _network_faults(network, layers, calls, side)
        yield from _member_faults(comparison, calls or layers, side)  # a network of an older mbgui has layers only


def _network_faults(network: Network, layers: frozenset[str], calls: frozenset[str], side: Side) -> Iterator[str]:
    if len(calls) != len(network.calls):
        yield f"{side}.calls names a run twice"
    for call in network.calls:
        if call.layer not in layers:
            yield f"{side}.calls names {call.layer!r}, which is no layer of the {side} network"
        for name in call.inputs:
            if name not in calls:
                yield f"{side}.calls has {call.name!r} read {name!r}, which never runs"
    for name in network.output_calls:
        if name not in calls:
            yield f"{side}.output_calls names {name!r}, which never runs"


def _member_faults(comparison: Comparison, known: frozenset[str], side: Side) -> Iterator[str]:
    for pair in comparison.alignment.pairs:
        for name in pair.left_members if side is Side.LEFT else pair.right_members:
            if name not in known:
                yield f"alignment.pairs names {name!r}, which never runs on the {side}"
