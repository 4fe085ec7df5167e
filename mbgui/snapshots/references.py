"""What types cannot say: the cross references inside a comparison, checked so that no view meets a dangling one."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from mbgui.domain.accounting import NetworkAccounting
from mbgui.domain.comparison import Comparison
from mbgui.domain.network import Network, TensorPurpose
from mbgui.domain.outline import Outline
from mbgui.domain.request import Side
from mbgui.snapshots.call_references import find_call_faults
from mbgui.snapshots.latency_references import find_latency_faults
from mbgui.snapshots.performance_references import find_performance_faults
from mbgui.snapshots.proof_references import find_proof_faults


def find_faults(comparison: Comparison) -> Iterator[str]:
    """Where the records contradict each other, each fault as a few words; nothing for a sound comparison."""
    left, right = _paths(comparison.left), _paths(comparison.right)
    yield from _network_faults(comparison.left, left, "left")
    yield from _network_faults(comparison.right, right, "right")
    yield from _ledger_faults(comparison.accounting.left, "accounting.left")
    yield from _ledger_faults(comparison.accounting.right, "accounting.right")
    yield from _parent_faults(comparison.outline)
    yield from _place_faults(_places(comparison, Side.LEFT), left, "left")
    yield from _place_faults(_places(comparison, Side.RIGHT), right, "right")
    yield from find_call_faults(comparison)
    if comparison.latency is not None:
        yield from find_latency_faults(comparison, comparison.latency)
    yield from find_performance_faults(comparison)
    if comparison.equivalence is not None:
        yield from find_proof_faults(comparison, comparison.equivalence)


def _paths(network: Network) -> frozenset[str]:
    return frozenset(layer.path for layer in network.layers)


def _network_faults(network: Network, paths: frozenset[str], side: str) -> Iterator[str]:
    if len(paths) != len(network.layers):
        yield f"{side}.layers names a layer twice"
    before = {""}
    for layer in network.layers:
        if layer.parent not in before:
            yield f"{side}.layers has {layer.path!r} before its parent {layer.parent!r}"
        before.add(layer.path)
    for tensor in network.tensors:
        if tensor.layer and tensor.layer not in paths:
            yield f"{side}.tensors has {tensor.name!r} of the unknown layer {tensor.layer!r}"


def _ledger_faults(accounting: NetworkAccounting, field: str) -> Iterator[str]:
    if [entry.purpose for entry in accounting.ledger] != list(TensorPurpose):
        yield f"{field}.ledger does not have one entry for every purpose"


def _parent_faults(outline: Outline) -> Iterator[str]:
    for index, row in enumerate(outline.rows):
        if not -1 <= row.parent < index:
            yield f"outline.rows[{index}] has the parent {row.parent}, which is no row before it"
        if row.left is None and row.right is None:
            yield f"outline.rows[{index}] has nothing on either side"


def _places(comparison: Comparison, side: Side) -> Iterator[tuple[str, str | None]]:
    of_side = attrgetter(side.value)
    yield from (("alignment.pairs", of_side(pair)) for pair in comparison.alignment.pairs)
    yield from (("outline.rows", of_side(row).layer) for row in comparison.outline.rows if of_side(row) is not None)
    yield from (("differences", of_side(place)) for found in comparison.differences for place in found.places)


def _place_faults(places: Iterable[tuple[str, str | None]], paths: frozenset[str], side: str) -> Iterator[str]:
    for field, path in places:
        if path is not None and path not in paths:
            yield f"{field} names {path!r}, which is no layer of the {side} network"
