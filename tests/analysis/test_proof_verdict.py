"""From the evidence at every input size to one verdict."""

from dataclasses import replace
from typing import Any

import pytest

from mbgui.analysis.proof_verdict import ProvenSize, conclude, not_comparable
from mbgui.analysis.proof_words import word_of_relative
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.equivalence import (
    Equivalence,
    EquivalenceVerdict,
    LayerReference,
    NeutralisedRun,
    ProbePower,
    SizeEvidence,
)
from mbgui.domain.proof_choices import Precision, WeightTransfer
from tests.support.small_structures import judged

EPSILON = Cause.BATCHNORM_EPSILON
VERDICT = EquivalenceVerdict
STRONG = ProbePower(between_inputs=1.0, one_pixel_shift=0.5)
Errors = dict[str, tuple[float | None, float | None]]
LAYERS = ("conv", "norm", "relu", "pool", "head")


def size_of(
    errors: Errors,
    evened: dict[str, float | None] | None = None,
    *,
    text: str = "8x8",
    power: ProbePower = STRONG,
    **right: Any,
) -> ProvenSize:
    """A size; `evened` are the errors that are left with every cause evened out, `None` where there is none."""
    structure, found = judged(errors, **right)
    base = tuple(item.evidence.propagated.relative_l2 for item in found)
    runs = [NeutralisedRun(causes=(), errors=base, output_error=base[-1])]
    if evened is not None:
        left = tuple(evened.get(name, 0.0) for name in LAYERS)
        runs.append(NeutralisedRun(causes=(EPSILON,), errors=left, output_error=left[-1]))
    residual = runs[-1].output_error
    evidence = SizeEvidence(
        input_text=text,
        probes=("one", "two"),
        pairs=tuple(item.evidence for item in found),
        output_error=base[-1],
        output_word=word_of_relative(base[-1], 1e-12),
        unexplained_residual=residual,
        residual_word=word_of_relative(residual, 1e-12),
        runs=tuple(runs),
        neutralised=(),
        power=power,
        duration_s=1.0,
    )
    touching = [found for found in structure.differences if found.effect is Effect.INFERENCE]
    return ProvenSize(
        evidence=evidence,
        judged=tuple(found),
        differences=structure.differences,
        causes=tuple(found.cause for found in touching),
    )


def concluded(*sizes: ProvenSize, **how: Any) -> Equivalence:
    given: dict[str, Any] = {"calibrated": False, "is_untouched": True, **how}
    return conclude(sizes, transfer=WeightTransfer.AS_IS, precision=Precision.FLOAT64, weights=(), **given)


SAME = size_of({})
ROUNDED = size_of({"relu": (1e-15, 1e-15), "head": (2e-15, 0.0)}, text="9x9")
OFF: Errors = {"norm": (1e-2, 1e-2), "relu": (1e-2, 0.0), "pool": (1e-2, 0.0), "head": (1e-2, 0.0)}
EXPLAINED = size_of(OFF, {"head": 1e-15}, text="10x10", epsilon=0.1)
UNEXPLAINED = size_of(OFF, text="11x11")


@pytest.mark.parametrize(
    ("size", "verdict"),
    [
        (SAME, VERDICT.IDENTICAL),
        (ROUNDED, VERDICT.EQUIVALENT),
        (EXPLAINED, VERDICT.EQUIVALENT_AFTER),
        (UNEXPLAINED, VERDICT.DIFFERENT),
    ],
)
def test_a_size_has_the_verdict_of_its_errors(size: ProvenSize, verdict: EquivalenceVerdict) -> None:
    assert size.verdict is verdict
    assert concluded(size).verdict is verdict


def test_causes_that_do_not_explain_everything_leave_a_difference() -> None:
    assert size_of(OFF, {"head": 1e-3}, epsilon=0.1).verdict is VERDICT.DIFFERENT


def test_an_error_left_in_the_middle_counts_though_the_outputs_agree() -> None:
    assert size_of(OFF, {"relu": 1e-3}, epsilon=0.1).verdict is VERDICT.DIFFERENT


def test_a_layer_that_is_guilty_counts_though_the_outputs_agree() -> None:
    assert size_of({"relu": (1e-15, 1e-2)}).verdict is VERDICT.DIFFERENT


def test_a_difference_in_structure_that_the_probes_do_not_show_changes_no_verdict() -> None:
    assert size_of({}, {}, epsilon=0.1).verdict is VERDICT.IDENTICAL


def test_values_that_are_not_finite_are_different_and_leave_no_residual() -> None:
    broken = size_of({"norm": (None, None), "head": (None, 0.0)})
    proof = concluded(broken)
    assert proof.verdict is VERDICT.DIFFERENT
    assert proof.unexplained_residual is None
    assert "not finite" in proof.headline
    assert proof.first_divergence == LayerReference(left="norm", right="norm")


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_weakest_agreement_of_all_sizes_counts_in_any_order(order: tuple[int, ...]) -> None:
    sizes = (SAME, ROUNDED, EXPLAINED, UNEXPLAINED)
    for count in range(1, 5):
        chosen = [sizes[place] for place in order[:count]]
        wanted = max(list(VERDICT).index(size.verdict) for size in chosen)
        assert concluded(*chosen).verdict is list(VERDICT)[wanted]
        assert [size.input_text for size in concluded(*chosen).sizes] == [size.evidence.input_text for size in chosen]


def test_the_first_divergence_is_the_first_guilty_layer() -> None:
    assert concluded(SAME, ROUNDED).first_divergence is None
    assert concluded(SAME, EXPLAINED).first_divergence == LayerReference(left="norm", right="norm")


def test_of_a_difference_it_is_the_first_guilty_layer_that_no_cause_explains() -> None:
    errors: Errors = {**OFF, "pool": (2e-2, 1e-2)}
    found = size_of(errors, {"pool": 1e-2, "head": 1e-2}, epsilon=0.1)
    assert found.verdict is VERDICT.DIFFERENT
    assert found.first_divergence == LayerReference(left="pool", right="pool")


def test_the_residual_is_the_worst_of_all_sizes() -> None:
    other = size_of(OFF, {"head": 7e-14}, epsilon=0.1)
    assert concluded(EXPLAINED, other, EXPLAINED).unexplained_residual == 7e-14


def test_causes_are_listed_once_in_the_order_of_the_closed_list() -> None:
    both = size_of(OFF, {}, epsilon=0.1, head="softmax")
    assert concluded(EXPLAINED, both, EXPLAINED).causes == (EPSILON, Cause.HEAD_ACTIVATION)


def test_the_headline_names_causes_residual_and_place() -> None:
    after = concluded(EXPLAINED).headline
    assert after.startswith("Equivalent once BatchNorm epsilon is evened out: ")
    assert "1.0e-15" in after
    different = concluded(UNEXPLAINED).headline
    assert "1.0e-02 is left unexplained, first at norm / norm" in different
    assert concluded(SAME).headline == "Identical: every layer gives the same numbers, bit by bit."


def test_probes_that_show_little_are_told() -> None:
    weak = replace(SAME.evidence, power=ProbePower(between_inputs=1e-5, one_pixel_shift=0.5))
    details = concluded(replace(SAME, evidence=weak)).details
    assert any("hardly depend on the input (1.0e-05)" in detail for detail in details)
    assert not any("hardly depend" in detail for detail in concluded(SAME).details)


def test_details_say_what_was_run_what_was_scaled_and_what_else_is_to_be_known() -> None:
    details = concluded(SAME, calibrated=True, notes=("Not verified at 9x9: no.",)).details
    assert details[0].startswith("At 8×8 5 pairs were run on 2 probes")
    assert "scaled" in details[1]
    assert details[-1] == "Not verified at 9x9: no."


def test_what_cannot_be_compared_says_why_and_claims_nothing() -> None:
    proof = not_comparable("they take other inputs", WeightTransfer.LEFT_TO_RIGHT, Precision.FLOAT32)
    assert proof.verdict is VERDICT.NOT_COMPARABLE
    assert proof.headline == "Not comparable: they take other inputs."
    assert (proof.transfer, proof.precision) == (WeightTransfer.LEFT_TO_RIGHT, Precision.FLOAT32)
    assert (proof.sizes, proof.causes, proof.unexplained_residual) == ((), (), None)
