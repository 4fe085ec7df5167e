"""What types cannot say of a proof: the layers, tensors and runs it names exist, and its errors can be errors."""

from collections.abc import Iterable, Iterator

from mbgui.domain.comparison import Comparison
from mbgui.domain.equivalence import Equivalence, ErrorFigures, PairEvidence, SizeEvidence, WeightFinding
from mbgui.domain.network import Network
from mbgui.domain.request import Side


def find_proof_faults(comparison: Comparison, proof: Equivalence) -> Iterator[str]:
    """Where a proof contradicts the networks or itself, each fault as a few words."""
    for side in Side:
        yield from _side_faults(comparison.network(side), proof, side)
    for index, size in enumerate(proof.sizes):
        yield from _size_faults(size, f"equivalence.sizes[{index}]")


def _side_faults(network: Network, proof: Equivalence, side: Side) -> Iterator[str]:
    call_counts = {layer.path: layer.call_count for layer in network.layers}
    tensors = {name for tensor in network.tensors for name in (tensor.name, *tensor.aliases)}
    for field, path in _layers(proof, side):
        if path and path not in call_counts:
            yield f"{field} names {path!r}, which is no layer of the {side} network"
    for index, size in enumerate(proof.sizes):
        for pair in size.pairs:
            path, call = _call(pair, side)
            if not 0 <= call < max(call_counts.get(path, 0), 1):
                yield f"equivalence.sizes[{index}].pairs names run {call} of the {side} layer {path!r}"
    for found in proof.weights:
        name = found.left if side is Side.LEFT else found.right
        if name and name not in tensors:
            yield f"equivalence.weights names {name!r}, which is no tensor of the {side} network"


def _layers(proof: Equivalence, side: Side) -> Iterator[tuple[str, str | None]]:
    """Every path of that side with the field it stands in; "" and `None` where a finding has no such layer."""
    for index, size in enumerate(proof.sizes):
        yield from ((f"equivalence.sizes[{index}].pairs", _call(pair, side)[0]) for pair in size.pairs)
    if proof.first_divergence is not None:
        first = proof.first_divergence
        yield "equivalence.first_divergence", first.left if side is Side.LEFT else first.right
    yield from (("equivalence.weights", _weight_layer(found, side)) for found in proof.weights)


def _call(pair: PairEvidence, side: Side) -> tuple[str, int]:
    return (pair.left, pair.left_call) if side is Side.LEFT else (pair.right, pair.right_call)


def _weight_layer(found: WeightFinding, side: Side) -> str:
    return found.left_layer if side is Side.LEFT else found.right_layer


def _size_faults(size: SizeEvidence, field: str) -> Iterator[str]:
    for index, run in enumerate(size.runs):
        if len(run.errors) != len(size.pairs):
            yield f"{field}.runs[{index}] has {len(run.errors)} errors for {len(size.pairs)} pairs"
        yield from _error_faults((run.output_error, *run.errors), f"{field}.runs[{index}]")
    for pair in size.pairs:
        if not 0 <= pair.confidence <= 1:
            yield f"{field}.pairs has a confidence of {pair.confidence}"
        known = [pair.propagated, *([] if pair.isolated is None else [pair.isolated])]
        yield from _error_faults((pair.noise_floor, *_distances(known)), f"{field}.pairs")
    alone = (error for found in size.neutralised for error in (found.removed_alone, found.left_in_alone))
    yield from _error_faults((size.output_error, size.unexplained_residual, *alone), field)


def _distances(figures: Iterable[ErrorFigures]) -> Iterator[float | None]:
    """Relative L2 and maximum; rounding can push one minus a cosine a little below nothing."""
    for found in figures:
        yield from (found.relative_l2, found.max_absolute)


def _error_faults(errors: Iterable[float | None], field: str) -> Iterator[str]:
    for error in errors:
        if error is not None and error < 0:
            yield f"{field} has an error of {error}, less than nothing"
