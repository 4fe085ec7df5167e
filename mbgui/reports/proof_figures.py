"""What a report picks out of a proof: the worst pairs, the run with all causes evened out, and figures as text."""

from collections.abc import Iterable
from math import inf

from mbgui.analysis import equivalence_wording
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Difference
from mbgui.domain.equivalence import (
    Equivalence,
    EquivalenceVerdict,
    ErrorFigures,
    ErrorWord,
    LayerReference,
    NeutralisedRun,
    PairEvidence,
    SizeEvidence,
)

NOT_FINITE = "not finite"
VERDICT_SENTENCES = {
    EquivalenceVerdict.IDENTICAL: "Identical: bit by bit the same.",
    EquivalenceVerdict.EQUIVALENT: "Equivalent: only rounding tells the two apart.",
    EquivalenceVerdict.EQUIVALENT_AFTER: "Equivalent after the named causes are evened out: they explain everything.",
    EquivalenceVerdict.DIFFERENT: "Different: something is left that no named cause explains.",
    EquivalenceVerdict.NOT_COMPARABLE: "Not comparable.",
}


def error_text(error: float | None) -> str:
    """`1.3e-15`, `0.754`, `0`, or `not finite` for `None`."""
    return NOT_FINITE if error is None else equivalence_wording.error_text(error)


def reference_text(reference: LayerReference) -> str:
    """A pair, or a layer that stands alone."""
    if reference.left is None or reference.right is None:
        return f"{reference.left or reference.right or 'a layer without a name'}, which has no partner"
    return f"{reference.left} against {reference.right}"


def pair_figures(evidence: PairEvidence) -> str:
    """`isolated error 0.31, propagated 0.31, noise floor 2.0e-07`."""
    isolated = "no isolated error" if evidence.isolated is None else f"isolated error {_l2_text(evidence.isolated)}"
    floor = "" if evidence.noise_floor is None else f", noise floor {error_text(evidence.noise_floor)}"
    return f"{isolated}, propagated {_l2_text(evidence.propagated)}{floor}"


def evidence_of(proof: Equivalence, reference: LayerReference) -> PairEvidence | None:
    """What the probes said of a pair: of its guilty run at the first size that shows it, else of its first run."""
    found = [
        pair
        for size in proof.sizes
        for pair in size.pairs
        if (pair.left, pair.right) == (reference.left, reference.right)
    ]
    return next((pair for pair in found if _is_off(pair)), found[0] if found else None)


def differences_at(comparison: Comparison, reference: LayerReference) -> tuple[Difference, ...]:
    """The named differences that show at a pair."""
    place = (reference.left, reference.right)
    return tuple(found for found in comparison.differences if any((at.left, at.right) == place for at in found.places))


def worst_pairs(pairs: Iterable[PairEvidence], limit: int) -> tuple[PairEvidence, ...]:
    """Pairs that differ: the guilty by their isolated error first, then the victims by their propagated one."""
    return tuple(sorted((pair for pair in pairs if _is_off(pair)), key=_gravity, reverse=True)[:limit])


def residual_run(size: SizeEvidence) -> NeutralisedRun | None:
    """The run with the most causes evened out: all that can be. `None` where nothing was run."""
    return max(size.runs, key=lambda run: len(run.causes), default=None)


def residual_errors(size: SizeEvidence) -> tuple[float | None, ...]:
    """What is left of every pair's error with all causes evened out; `None` for all where nothing was run."""
    run = residual_run(size)
    return (None,) * len(size.pairs) if run is None else run.errors


def _is_off(pair: PairEvidence) -> bool:
    return ErrorWord.DIFFERS in (pair.verdict, pair.isolated_verdict)


def _gravity(pair: PairEvidence) -> tuple[bool, float]:
    is_guilty = pair.isolated_verdict is ErrorWord.DIFFERS
    figures = pair.isolated if is_guilty and pair.isolated is not None else pair.propagated
    return is_guilty, inf if figures.relative_l2 is None else figures.relative_l2


def _l2_text(figures: ErrorFigures) -> str:
    return error_text(figures.relative_l2)
