"""A proof in a snapshot: it comes back equal, and one that names what is not there is refused in a sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict
from mbgui.domain.errors import MbguiError
from mbgui.snapshots.codec import decode, encode
from tests.support.hostile_snapshots import PROVEN, hostile_snapshots, is_read_or_refused
from tests.support.proofs import figures, proven_comparison, tiny_proof


@pytest.mark.parametrize("verdict", EquivalenceVerdict)
def test_a_proof_comes_back_equal(verdict: EquivalenceVerdict) -> None:
    comparison = proven_comparison(tiny_proof(verdict))
    again = decode(encode(comparison))
    assert again == comparison
    assert repr(again) == repr(comparison)


def test_errors_that_are_not_finite_come_back_as_none() -> None:
    proof = tiny_proof()
    size = proof.sizes[0]
    broken = replace(size.pairs[0], propagated=figures(None, non_finite=3), isolated=figures(float("nan")))
    proof = replace(proof, sizes=(replace(size, pairs=(broken, *size.pairs[1:])),))
    data = encode(proven_comparison(proof))
    assert b"NaN" not in data
    again = decode(data).equivalence
    assert again is not None
    pair = again.sizes[0].pairs[0]
    assert (pair.propagated.relative_l2, pair.propagated.non_finite) == (None, 3)
    assert pair.isolated == figures(None)


Step = str | int


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("sizes", 0, "pairs", 0, "left"), "nowhere", "[0].pairs names 'nowhere', which is no layer of the left"),
        (
            ("sizes", 1, "pairs", 0, "right"),
            "nowhere",
            "[1].pairs names 'nowhere', which is no layer of the right",
        ),
        (("sizes", 0, "pairs", 0, "left_call"), 1, "[0].pairs names run 1 of the left layer 'features.0.0'"),
        (("sizes", 0, "pairs", 0, "right_call"), -1, "[0].pairs names run -1 of the right layer 'stem_conv'"),
        (("sizes", 0, "pairs", 0, "confidence"), 1.5, "a confidence of 1.5"),
        (("sizes", 0, "pairs", 0, "noise_floor"), -1.0, "an error of -1.0, less than nothing"),
        (("sizes", 0, "pairs", 0, "isolated", "relative_l2"), -1.0, "an error of -1.0, less than nothing"),
        (("sizes", 0, "pairs"), [], "sizes[0].runs[0] has 4 errors for 0 pairs"),
        (("sizes", 0, "runs", 2, "errors"), [0.0], "sizes[0].runs[2] has 1 errors for 4 pairs"),
        (("sizes", 0, "runs", 1, "output_error"), -0.5, "sizes[0].runs[1] has an error of -0.5"),
        (("sizes", 0, "output_error"), -0.5, "sizes[0] has an error of -0.5"),
        (("sizes", 0, "neutralised", 0, "removed_alone"), -0.5, "sizes[0] has an error of -0.5"),
        (("first_divergence", "left"), "nowhere", "first_divergence names 'nowhere', which is no layer of the left"),
        (("weights", 0, "right_layer"), "nowhere", "weights names 'nowhere', which is no layer of the right"),
        (("weights", 0, "left"), "nowhere", "weights names 'nowhere', which is no tensor of the left"),
    ],
)
def test_a_proof_that_points_nowhere_is_refused_in_one_sentence(
    path: tuple[Step, ...], value: object, fault: str
) -> None:
    with pytest.raises(MbguiError) as caught:
        decode(changed(path, value), name="a.mbsnap")
    assert caught.value.problem.sentence.startswith("a.mbsnap contradicts itself: equivalence.")
    assert fault in caught.value.problem.sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: replace(proof, weights=(replace(proof.weights[0], left="", left_layer=""),)),
        lambda proof: replace(proof, first_divergence=replace(proof.first_divergence, right=None)),
        lambda proof: replace(proof, sizes=()),
    ],
)
def test_what_a_proof_may_leave_open_is_no_fault(change: Callable[[Equivalence], Equivalence]) -> None:
    comparison = proven_comparison(change(tiny_proof()))
    assert decode(encode(comparison)) == comparison


@given(hostile_snapshots("equivalence", sound=PROVEN))
@settings(max_examples=300)
def test_any_value_in_a_proof_gives_an_error_with_a_sentence_or_a_sound_comparison(data: bytes) -> None:
    assert is_read_or_refused(data)


def changed(path: tuple[Step, ...], value: object) -> bytes:
    """The proven snapshot with one value of its proof replaced."""
    document = json.loads(PROVEN)
    place: Any = document["comparison"]["equivalence"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document).encode()
