"""Runs of layers in a snapshot: what names a run that nothing knows of is refused in a sentence."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mbgui.domain.alignment import LayerPair
from mbgui.domain.comparison import Comparison
from mbgui.domain.network import LayerCall
from mbgui.snapshots.codec import decode, encode
from mbgui.snapshots.references import find_faults
from tests.support.records import tiny_comparison

CALLS = (
    LayerCall(layer="features.0.0", inputs=(), outputs=()),
    LayerCall(layer="features.0.2", inputs=("features.0.0",), outputs=()),
    LayerCall(layer="features.0.2", index=1, inputs=("features.0.2",), outputs=()),
)
SHARED = LayerPair(
    left="features.0.0", right="stem_conv", left_members=("features.0.0", "features.0.2@1"), confidence=1.0, evidence=()
)


def called(comparison: Comparison, calls: tuple[LayerCall, ...] = CALLS, output: str = "features.0.2@1") -> Comparison:
    left = replace(comparison.left, calls=calls, output_calls=(output,))
    return replace(comparison, left=left, alignment=replace(comparison.alignment, pairs=(SHARED,)))


def with_call(**changes: object) -> Callable[[Comparison], Comparison]:
    return lambda comparison: called(comparison, (*CALLS[:2], replace(CALLS[2], **changes)))  # type: ignore[arg-type]


def test_runs_of_a_shared_layer_come_back_equal() -> None:
    comparison = called(tiny_comparison())
    assert decode(encode(comparison)) == comparison


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (with_call(layer="nowhere"), "left.calls names 'nowhere', which is no layer of the left network"),
        (with_call(inputs=("features.0.2@7",)), "left.calls has 'features.0.2@1' read 'features.0.2@7', which never"),
        (with_call(index=0), "left.calls names a run twice"),
        (lambda comparison: called(comparison, output="features.0.1"), "left.output_calls names 'features.0.1'"),
        (lambda comparison: called(comparison, CALLS[:2], "features.0.0"), "names 'features.0.2@1', which never runs"),
    ],
)
def test_a_run_that_nothing_knows_of_is_a_fault(change: Callable[[Comparison], Comparison], fault: str) -> None:
    assert any(fault in found for found in find_faults(change(tiny_comparison())))


def test_pairs_of_a_network_without_runs_may_name_layers() -> None:
    comparison = tiny_comparison()
    pairs = (replace(SHARED, left_members=("features.0.0", "features.0.2")),)
    assert list(find_faults(replace(comparison, alignment=replace(comparison.alignment, pairs=pairs)))) == []
