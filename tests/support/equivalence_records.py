"""Proofs of equivalence made by hand."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

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
from mbgui.domain.request import CompareRequest, VerifyRequest

EPSILON, PADDING, HEAD = Cause.BATCHNORM_EPSILON, Cause.PADDING, Cause.HEAD_ACTIVATION
CAUSE_TITLES: Mapping[Cause, str] = {EPSILON: "BatchNorm epsilon", PADDING: "Padding", HEAD: "Head activation"}
_LEFT_OUT_FACTORS: Mapping[Cause, float] = {EPSILON: 1.01, PADDING: 0.2, HEAD: 0.95}


def figures(relative_l2: float | None, *, non_finite: int = 0) -> ErrorFigures:
    return ErrorFigures(
        relative_l2=relative_l2,
        max_absolute=None if relative_l2 is None else relative_l2 * 3,
        cosine=None if relative_l2 is None else relative_l2**2 / 2,
        non_finite=non_finite,
    )


def word(error: float | None, noise_floor: float = 1e-7) -> ErrorWord:
    if error == 0:
        return ErrorWord.IDENTICAL
    return ErrorWord.DIFFERS if error is None or error > noise_floor else ErrorWord.ROUNDING


def pair_evidence(
    left: str,
    right: str,
    error: float | None = 1e-15,
    *,
    isolated: float | None = 0.0,
    noise_floor: float | None = 1e-7,
    note: str = "",
) -> PairEvidence:
    return PairEvidence(
        left=left,
        right=right,
        confidence=1.0,
        propagated=figures(error, non_finite=4 if error is None else 0),
        isolated=figures(isolated) if isolated is not None else None,
        noise_floor=noise_floor,
        verdict=word(error),
        isolated_verdict=word(isolated) if isolated is not None else None,
        note=note,
    )


def rising_pairs(count: int) -> tuple[PairEvidence, ...]:
    """Identical at first, then rounding, from the third part on an error that grows."""
    third = max(count // 3, 1)
    pairs = []
    for place in range(count):
        error = 0.0 if place < third else 1e-15 * (1 + place) if place < 2 * third else 1e-3 * (1 + place - 2 * third)
        isolated = 2e-2 if place == 2 * third else 3e-16 if place % 3 else 0.0
        pairs.append(pair_evidence(f"left.{place}", f"right_{place}", error, isolated=isolated))
    return tuple(pairs)


def size_evidence(
    pairs: tuple[PairEvidence, ...],
    *,
    input_text: str = "224x224",
    causes: tuple[Cause, ...] = (EPSILON, PADDING, HEAD),
    largest_run: int | None = None,
) -> SizeEvidence:
    """One size with every combination of causes run; up to `largest_run` of them at once where that is given."""
    errors = [pair.propagated.relative_l2 for pair in pairs]
    sizes = range(len(causes) + 1 if largest_run is None else largest_run + 1)
    runs = [_run(run, causes, errors) for count in sizes for run in combinations(causes, count)]
    return SizeEvidence(
        input_text=input_text,
        probes=("impulse", "gaussian"),
        pairs=pairs,
        output_error=0.754,
        output_word=ErrorWord.DIFFERS,
        unexplained_residual=4e-15,
        residual_word=ErrorWord.ROUNDING,
        runs=tuple(runs),
        neutralised=tuple(
            NeutralisedCause(
                cause=cause,
                title=CAUSE_TITLES[cause],
                removed_alone=0.754 * _LEFT_OUT_FACTORS[cause],
                left_in_alone=0.1 / _LEFT_OUT_FACTORS[cause],
            )
            for cause in causes
        ),
        power=ProbePower(between_inputs=1.31, one_pixel_shift=0.42),
        duration_s=3.1,
    )


def _run(removed: tuple[Cause, ...], causes: tuple[Cause, ...], errors: list[float | None]) -> NeutralisedRun:
    """With all causes removed only rounding is left."""
    factor = 1.0
    for cause in removed:
        factor *= _LEFT_OUT_FACTORS[cause]
    is_all = len(removed) == len(causes)
    return NeutralisedRun(
        causes=removed,
        errors=tuple(None if error is None else min(error, 3e-15) if is_all else error * factor for error in errors),
        output_error=4e-15 if is_all and causes else 0.754 * factor,
    )


def tiny_equivalence(pairs: tuple[PairEvidence, ...] | None = None, *, sizes: int = 1) -> Equivalence:
    """Equivalent after three causes, at one or more input sizes."""
    shown = rising_pairs(9) if pairs is None else pairs
    texts = ("224x224", "225x225", "160x160")[:sizes]
    evidence = tuple(size_evidence(shown, input_text=text) for text in texts)
    first = next((pair for pair in shown if pair.verdict is ErrorWord.DIFFERS), None)
    return Equivalence(
        verdict=EquivalenceVerdict.EQUIVALENT_AFTER,
        headline="Equivalent after three causes: BatchNorm epsilon, padding, head activation.",
        details=("With them switched off only rounding is left, at every pair of layers and every input size.",),
        transfer=WeightTransfer.LEFT_TO_RIGHT,
        precision=Precision.FLOAT64,
        causes=(EPSILON, PADDING, HEAD),
        first_divergence=LayerReference(left=first.left, right=first.right) if first is not None else None,
        unexplained_residual=4e-15,
        sizes=evidence,
        weights=(
            WeightFinding(
                left="conv.weight",
                right="conv/kernel",
                left_layer="conv",
                right_layer="conv",
                relative_l2=0.0,
                is_equal=True,
            ),
        ),
        calibrated=True,
        is_untouched=True,
    )


def aligned_pairs(comparison: Comparison) -> tuple[PairEvidence, ...]:
    """Evidence for the pairs of a comparison, rising along the network."""
    paired = [pair for pair in comparison.alignment.pairs if pair.left is not None and pair.right is not None]
    rising = rising_pairs(len(paired))
    return tuple(
        replace(evidence, left=pair.left or "", right=pair.right or "", confidence=pair.confidence)
        for evidence, pair in zip(rising, paired, strict=True)
    )


def proven(comparison: Comparison, *, sizes: int = 1) -> Comparison:
    """A comparison with a proof of its own pairs."""
    return replace(
        comparison,
        request=verifying(comparison.request),
        equivalence=replace(
            tiny_equivalence(aligned_pairs(comparison), sizes=sizes), weights=moved_weights(comparison)
        ),
    )


def moved_weights(comparison: Comparison) -> tuple[WeightFinding, ...]:
    """The learnable tensors of both sides in their order, all of them equal."""
    left, right = (
        [tensor for tensor in network.tensors if tensor.is_trainable] for network in (comparison.left, comparison.right)
    )
    return tuple(
        WeightFinding(
            left=mine.name,
            right=other.name,
            left_layer=mine.layer,
            right_layer=other.layer,
            relative_l2=0.0,
            is_equal=True,
        )
        for mine, other in zip(left, right, strict=False)
    )


def verifying(request: CompareRequest) -> CompareRequest:
    """The request with a proof asked for."""
    return replace(request, verification=VerifyRequest(transfer=WeightTransfer.LEFT_TO_RIGHT))
