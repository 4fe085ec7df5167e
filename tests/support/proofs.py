"""Proofs made by hand for the tiny pair: an `equivalent_after` at an even and an odd size, and others."""

from dataclasses import replace

from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause
from mbgui.domain.equivalence import (
    Equivalence,
    EquivalenceVerdict,
    ErrorFigures,
    ErrorWord,
    LayerReference,
    NeutralisedCause,
    NeutralisedRun,
    PairEvidence,
    ProbePower,
    SizeEvidence,
    WeightFinding,
)
from mbgui.domain.proof_choices import Precision, WeightTransfer
from tests.support.records import tiny_comparison

CAUSES = (Cause.BATCHNORM_EPSILON, Cause.PADDING, Cause.HEAD_ACTIVATION)
_PAIRS = (
    ("features.0.0", "stem_conv", 0.31, 0.31),
    ("features.0.1", "stem_bn", 0.42, 0.05),
    ("features.0.2", "stem_relu", 0.38, 0.0),
    ("classifier.1", "predictions", 0.754, 0.6),
)


def figures(relative_l2: float | None, non_finite: int = 0) -> ErrorFigures:
    scale = None if relative_l2 is None else 2 * relative_l2
    return ErrorFigures(relative_l2=relative_l2, max_absolute=scale, cosine=relative_l2, non_finite=non_finite)


def word(error: float | None) -> ErrorWord:
    if error is None or error > 1e-6:
        return ErrorWord.DIFFERS
    return ErrorWord.ROUNDING if error else ErrorWord.IDENTICAL


def pair_evidence(
    left: str, right: str, propagated: float | None, isolated: float | None, *, note: str = ""
) -> PairEvidence:
    return PairEvidence(
        left=left,
        right=right,
        confidence=1.0,
        propagated=figures(propagated),
        isolated=figures(isolated),
        noise_floor=2e-7,
        verdict=word(propagated),
        isolated_verdict=word(isolated),
        note=note,
    )


def tiny_size(input_text: str = "32x32") -> SizeEvidence:
    """Three causes: two can be evened out, padding plays no part where the size is odd."""
    pairs = tuple(pair_evidence(*pair) for pair in _PAIRS)
    as_it_is = tuple(pair.propagated.relative_l2 for pair in pairs)
    left_over = (1.1e-16, 2.2e-16, 2.2e-16, 1.3e-15)
    return SizeEvidence(
        input_text=input_text,
        probes=("noise", "ramp", "constant"),
        pairs=pairs,
        output_error=0.754,
        output_word=ErrorWord.DIFFERS,
        unexplained_residual=1.3e-15,
        residual_word=ErrorWord.ROUNDING,
        runs=(
            NeutralisedRun(causes=(), errors=as_it_is, output_error=0.754),
            NeutralisedRun(causes=CAUSES[:1], errors=as_it_is, output_error=0.759),
            NeutralisedRun(causes=CAUSES, errors=left_over, output_error=1.3e-15),
        ),
        neutralised=(
            NeutralisedCause(cause=CAUSES[0], title="BatchNorm epsilon", removed_alone=0.759, left_in_alone=0.151),
            NeutralisedCause(cause=CAUSES[1], title="Padding", removed_alone=0.151, left_in_alone=0.759),
            NeutralisedCause(
                cause=CAUSES[2],
                title="Head activation",
                removed_alone=None,
                left_in_alone=None,
                reason="it cannot be switched off here",
            ),
        ),
        power=ProbePower(between_inputs=0.9, one_pixel_shift=0.2),
        duration_s=1.5,
    )


def tiny_proof(verdict: EquivalenceVerdict = EquivalenceVerdict.EQUIVALENT_AFTER) -> Equivalence:
    """A proof of the tiny pair; only `equivalent_after` and `different` have anything that differs."""
    proof = Equivalence(
        verdict=verdict,
        headline="Equivalent after BatchNorm epsilon, padding and head activation.",
        details=("Nothing is left unexplained at 32x32 and 33x33.",),
        transfer=WeightTransfer.LEFT_TO_RIGHT,
        precision=Precision.FLOAT64,
        causes=CAUSES,
        first_divergence=LayerReference(left="features.0.0", right="stem_conv"),
        unexplained_residual=1.3e-15,
        sizes=(tiny_size("32x32"), tiny_size("33x33")),
        weights=(
            weight_finding("features.0.0.weight", "stem_conv/kernel", 0.0),
            weight_finding("classifier.1.bias", "predictions/bias", 1e-3, note="the right values are rounded"),
        ),
        calibrated=True,
        is_untouched=True,
    )
    return proof if verdict in _WITH_ERRORS else _without_errors(proof)


_WITH_ERRORS = (EquivalenceVerdict.EQUIVALENT_AFTER, EquivalenceVerdict.DIFFERENT)


def weight_finding(left: str, right: str, distance: float, *, note: str = "") -> WeightFinding:
    return WeightFinding(
        left=left,
        right=right,
        left_layer=left.rpartition(".")[0],
        right_layer=right.rpartition("/")[0],
        relative_l2=distance,
        is_equal=distance == 0.0,
        note=note,
    )


def _without_errors(proof: Equivalence) -> Equivalence:
    error = 1e-16 if proof.verdict is EquivalenceVerdict.EQUIVALENT else 0.0
    pairs = tuple(pair_evidence(left, right, error, error) for left, right, *_ in _PAIRS)
    size = replace(
        tiny_size(),
        pairs=pairs,
        output_error=error,
        output_word=word(error),
        unexplained_residual=error,
        residual_word=word(error),
        runs=(NeutralisedRun(causes=(), errors=(error,) * len(pairs), output_error=error),),
        neutralised=(),
    )
    is_run = proof.verdict is not EquivalenceVerdict.NOT_COMPARABLE
    return replace(
        proof,
        headline=f"The answer is {proof.verdict}.",
        details=(),
        causes=(),
        first_divergence=None,
        unexplained_residual=error if is_run else None,
        sizes=(size,) if is_run else (),
        weights=(),
    )


def proven_comparison(proof: Equivalence | None = None) -> Comparison:
    """The tiny comparison with a proof, `tiny_proof()` where none is given."""
    return replace(tiny_comparison(with_latency=False), equivalence=proof or tiny_proof())
