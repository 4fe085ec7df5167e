"""What the views of a proof show, and how it reads."""

import dataclasses

import pytest

from mbgui.analysis.equivalence_rows import cause_rows, curves_of, place_of, run_without, switchable_causes
from mbgui.analysis.equivalence_wording import (
    error_text,
    evidence_facts,
    pair_sentence,
    proof_summary,
    size_text,
)
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import LayerReference, NeutralisedCause
from tests.support.equivalence_records import (
    EPSILON,
    HEAD,
    PADDING,
    pair_evidence,
    rising_pairs,
    size_evidence,
    tiny_equivalence,
)

PAIRS = rising_pairs(9)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (None, "–"), (0.754, "0.754"), (2.345e-13, "2.3e-13"), (31_000.0, "3.1e+04")]
)
def test_an_error_reads_short(value: float | None, text: str) -> None:
    assert error_text(value) == text


def test_curves_follow_the_pairs_and_leave_gaps() -> None:
    pairs = (pair_evidence("a", "b", None), pair_evidence("c", "d", 0.5, isolated=None, noise_floor=None))
    curves = curves_of(pairs)
    assert list(curves.propagated) == [None, 0.5]
    assert list(curves.isolated) == [0.0, None]
    assert list(curves.noise_floor) == [1e-7, None]
    assert not curves.as_run


def test_a_run_with_causes_switched_off_is_shown_beside_the_one_with_all() -> None:
    run = (1e-16,) * len(PAIRS)
    curves = curves_of(PAIRS, run)
    assert curves.propagated == run
    assert list(curves.as_run) == [pair.propagated.relative_l2 for pair in PAIRS]


def test_the_first_divergence_is_found_by_its_layers() -> None:
    assert place_of(PAIRS, LayerReference(left="left.4", right="right_4")) == 4
    assert place_of(PAIRS, LayerReference(left=None, right="right_2")) == 2
    assert place_of(PAIRS, LayerReference(left="gone", right=None)) == -1
    assert place_of(PAIRS, None) == -1


def test_a_run_is_found_by_its_causes_in_whatever_order() -> None:
    size = size_evidence(PAIRS)
    found = run_without(size, (HEAD, EPSILON))
    assert found is not None
    assert set(found.causes) == {EPSILON, HEAD}
    assert run_without(size, ()) is size.runs[0]


def test_a_combination_that_was_not_run_is_not_made_up() -> None:
    assert run_without(size_evidence(PAIRS, largest_run=1), (EPSILON, HEAD)) is None


def test_a_cause_that_no_run_leaves_out_cannot_be_switched() -> None:
    stubborn = NeutralisedCause(
        cause=Cause.FLATTEN_ORDER, title="Flatten order", removed_alone=None, left_in_alone=None, reason="No patch."
    )
    size = size_evidence(PAIRS)
    size = dataclasses.replace(size, neutralised=(*size.neutralised, stubborn))
    assert switchable_causes(size) == (EPSILON, PADDING, HEAD)


def test_causes_stand_between_nothing_and_all_together() -> None:
    rows = cause_rows(size_evidence(PAIRS))
    assert [row.title for row in rows] == [
        "Nothing",
        "BatchNorm epsilon",
        "Padding",
        "Head activation",
        "All together",
    ]
    assert rows[0].removed == 0.754
    assert rows[-1].removed == 4e-15
    assert cause_rows(size_evidence(PAIRS, causes=())) == ()


def test_a_pair_is_told_in_one_line_with_calls_and_note() -> None:
    pair = dataclasses.replace(pair_evidence("a", "b", 0.5, note="kept in float32"), left_call=1)
    text = pair_sentence(pair, 3, 10, 0.25)
    assert text.startswith("3 of 10: a@1 ⟷ b · propagated 0.25 · isolated 0 · ")
    assert text.endswith("differs · kept in float32")
    assert "4 values not finite" in pair_sentence(pair_evidence("a", "b", None), 1, 1, None)


def test_the_evidence_names_weights_sizes_residual_and_power() -> None:
    proof = tiny_equivalence(sizes=2)
    facts = {fact.title: fact.value for fact in evidence_facts(proof, proof.sizes[0])}
    assert facts["Weights"] == "moved from left to right"
    assert facts["Input sizes"] == "224×224, 225×225"
    assert facts["Unexplained residual"] == "4.0e-15"
    assert "1.31 between inputs" in facts["Power of the probes"]
    assert facts["Models"] == "calibrated, untouched by the runs"
    assert "Power of the probes" not in {fact.title for fact in evidence_facts(proof, None)}


def test_models_that_the_runs_changed_are_said_to_be() -> None:
    proof = dataclasses.replace(tiny_equivalence(), is_untouched=False, calibrated=False)
    assert {fact.value for fact in evidence_facts(proof, None)} >= {"changed by the runs"}


def test_the_summary_is_one_line() -> None:
    assert proof_summary(tiny_equivalence()) == (
        "unexplained residual 4.0e-15 · float64 · weights moved from left to right · input 224×224"
    )
    assert size_text("image=224x224x3,box=4") == "image=224×224×3,box=4"
