"""A proof as JSON for programs: stable names, documented in the README, every number finite or null."""

from dataclasses import dataclass

import msgspec

from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause, Difference, Effect, LayerPlace
from mbgui.domain.equivalence import (
    Equivalence,
    EquivalenceVerdict,
    ErrorFigures,
    ErrorWord,
    LayerReference,
    NeutralisedCause,
    PairEvidence,
    ProbePower,
    SizeEvidence,
    WeightFinding,
)
from mbgui.domain.proof_choices import Precision, WeightTransfer
from mbgui.reports.proof_figures import residual_errors

FORMAT = "mbgui-verify"
FORMAT_VERSION = 1
"""Raised when a field changes its meaning or goes; new fields do not raise it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRecord:
    """One cause with both values; `left` and `right` are the layers at the first of `count` places."""

    cause: Cause
    title: str
    explanation: str
    affects: Effect
    left: str | None
    right: str | None
    left_value: str
    right_value: str
    count: int
    places: tuple[LayerPlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRecord:
    """One pair of layers: relative L2 errors, `null` where not finite or not measured."""

    left: str
    right: str
    left_call: int
    right_call: int
    confidence: float
    propagated_error: float | None
    isolated_error: float | None
    residual_error: float | None
    noise_floor: float | None
    verdict: ErrorWord
    isolated_verdict: ErrorWord | None
    propagated: ErrorFigures
    isolated: ErrorFigures | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRecord:
    """Everything at one input size."""

    input: str
    probes: tuple[str, ...]
    output_error: float | None
    output_verdict: ErrorWord
    unexplained_residual: float | None
    residual_verdict: ErrorWord
    neutralised: tuple[NeutralisedCause, ...]
    power: ProbePower
    duration_s: float
    pairs: tuple[PairRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRecord:
    """The whole answer of `mbgui verify --format json`; `pairs` and `neutralised` are those of the first input."""

    format: str
    version: int
    mbgui_version: str
    created_at: str
    left: str
    right: str
    verdict: EquivalenceVerdict
    headline: str
    details: tuple[str, ...]
    weights: WeightTransfer
    dtype: Precision
    causes: tuple[Cause, ...]
    first_divergence: LayerReference | None
    unexplained_residual: float | None
    neutralised: dict[Cause, float | None]
    differences: tuple[DifferenceRecord, ...]
    pairs: tuple[PairRecord, ...]
    inputs: tuple[SizeRecord, ...]
    tensor_count: int
    unequal_tensors: tuple[WeightFinding, ...]
    is_calibrated: bool
    is_untouched: bool
    warnings: tuple[str, ...]


def proof_json(comparison: Comparison, proof: Equivalence) -> str:
    """The proof as JSON text, indented, ending in a line break."""
    plain = msgspec.json.encode(proof_record(comparison, proof))  # what is not finite becomes null here
    return msgspec.json.format(plain, indent=2).decode() + "\n"


def proof_record(comparison: Comparison, proof: Equivalence) -> ProofRecord:
    """The proof under the names that programs rely on."""
    sizes = tuple(_size_record(size) for size in proof.sizes)
    return ProofRecord(
        format=FORMAT,
        version=FORMAT_VERSION,
        mbgui_version=comparison.environment.mbgui_version,
        created_at=comparison.created_at,
        left=comparison.left.source.reference,
        right=comparison.right.source.reference,
        verdict=proof.verdict,
        headline=proof.headline,
        details=proof.details,
        weights=proof.transfer,
        dtype=proof.precision,
        causes=proof.causes,
        first_divergence=proof.first_divergence,
        unexplained_residual=proof.unexplained_residual,
        neutralised=_remaining(sizes[0].neutralised) if sizes else {},
        differences=tuple(_difference_record(found) for found in comparison.differences),
        pairs=sizes[0].pairs if sizes else (),
        inputs=sizes,
        tensor_count=len(proof.weights),
        unequal_tensors=tuple(found for found in proof.weights if not found.is_equal),
        is_calibrated=proof.calibrated,
        is_untouched=proof.is_untouched,
        warnings=comparison.warnings,
    )


def _remaining(neutralised: tuple[NeutralisedCause, ...]) -> dict[Cause, float | None]:
    """The error that remains with a cause removed alone; of several entries for one cause, the largest."""
    remaining: dict[Cause, float | None] = {}
    for found in neutralised:
        known = [error for error in (remaining.get(found.cause), found.removed_alone) if error is not None]
        remaining[found.cause] = max(known, default=None)
    return remaining


def _difference_record(found: Difference) -> DifferenceRecord:
    first = found.places[0] if found.places else LayerPlace(left=None, right=None)
    return DifferenceRecord(
        cause=found.cause,
        title=found.title,
        explanation=found.explanation,
        affects=found.effect,
        left=first.left,
        right=first.right,
        left_value=found.left_value,
        right_value=found.right_value,
        count=max(len(found.places), 1),
        places=found.places,
    )


def _size_record(size: SizeEvidence) -> SizeRecord:
    pairs = zip(size.pairs, residual_errors(size), strict=True)
    return SizeRecord(
        input=size.input_text,
        probes=size.probes,
        output_error=size.output_error,
        output_verdict=size.output_word,
        unexplained_residual=size.unexplained_residual,
        residual_verdict=size.residual_word,
        neutralised=size.neutralised,
        power=size.power,
        duration_s=size.duration_s,
        pairs=tuple(_pair_record(pair, residual) for pair, residual in pairs),
    )


def _pair_record(pair: PairEvidence, residual: float | None) -> PairRecord:
    return PairRecord(
        left=pair.left,
        right=pair.right,
        left_call=pair.left_call,
        right_call=pair.right_call,
        confidence=pair.confidence,
        propagated_error=pair.propagated.relative_l2,
        isolated_error=None if pair.isolated is None else pair.isolated.relative_l2,
        residual_error=residual,
        noise_floor=pair.noise_floor,
        verdict=pair.verdict,
        isolated_verdict=pair.isolated_verdict,
        propagated=pair.propagated,
        isolated=pair.isolated,
        note=pair.note,
    )
