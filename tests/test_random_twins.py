"""Random networks, built in both frameworks from one description, align completely and compute the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbgui import api
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Effect
from mbgui.domain.equivalence import EquivalenceVerdict
from tests.support.twins import SIZE, describe

SUPPORT = Path(__file__).parent / "support"
PROVEN = {EquivalenceVerdict.IDENTICAL, EquivalenceVerdict.EQUIVALENT}
SEEDS = st.integers(min_value=0, max_value=10**6)


@pytest.mark.real
@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=SEEDS)
def test_twins_align_completely_and_are_proven_to_compute_the_same(seed: int) -> None:
    comparison = compared(seed)
    proof = comparison.equivalence
    assert unpaired(comparison) == []
    assert [found for found in comparison.differences if found.effect is Effect.INFERENCE] == []
    assert proof is not None
    assert proof.verdict in PROVEN, proof.headline
    assert proof.first_divergence is None


@settings(max_examples=50)
@given(seed=SEEDS)
def test_a_number_always_gives_the_same_description_and_every_node_reads_an_earlier_one(seed: int) -> None:
    nodes = describe(seed)
    assert nodes == describe(seed)
    known = {"image"}
    for node in nodes:
        assert set(node.inputs) <= known
        known.add(node.name)
    assert len(known) == len(nodes) + 1


def compared(seed: int) -> Comparison:
    """Both networks of a number, verified as they are."""
    left, right = (f"{SUPPORT / f'twins_{framework}.py'}:net?seed={seed}" for framework in ("torch", "keras"))
    size = f"3x{SIZE}x{SIZE}"
    return api.compare(left, right, input_size=size, latency=False, verification=True, threads=1)


def unpaired(comparison: Comparison) -> list[str]:
    """Paths of layers with weights that have no partner."""
    weighted = {tensor.layer for network in (comparison.left, comparison.right) for tensor in network.tensors}
    alone = [pair for pair in comparison.alignment.pairs if pair.left is None or pair.right is None]
    return [path for pair in alone for path in (pair.left, pair.right) if path is not None and path in weighted]
