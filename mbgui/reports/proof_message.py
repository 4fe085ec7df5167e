"""A proof that did not come out as a test expected, as a message of a few lines."""

from collections.abc import Collection, Iterator

from mbgui.analysis.equivalence_wording import TRANSFER_SENTENCES
from mbgui.domain.comparison import Comparison
from mbgui.domain.difference import Cause, Effect
from mbgui.domain.equivalence import Equivalence
from mbgui.reports.proof_figures import differences_at, error_text
from mbgui.reports.proof_sections import divergence_sentences

_MOST_CAUSES = 12


def disagreement(comparison: Comparison, proof: Equivalence, allowed: Collection[Cause]) -> str:
    """Verdict, first divergence with both values, causes that were not allowed, and the residual."""
    return "\n".join(_lines(comparison, proof, allowed))


def _lines(comparison: Comparison, proof: Equivalence, allowed: Collection[Cause]) -> Iterator[str]:
    left, right = comparison.left.source.reference, comparison.right.source.reference
    yield f"{left} and {right}: {proof.verdict} ({proof.precision}; weights {TRANSFER_SENTENCES[proof.transfer]})"
    yield f"  {proof.headline}"
    yield from (f"  {detail}" for detail in proof.details)
    yield from _divergence_lines(comparison, proof)
    yield from _cause_lines(comparison, proof, allowed)
    for size in proof.sizes:
        residual = f"unexplained residual {error_text(size.unexplained_residual)} ({size.residual_word})"
        yield f"  at {size.input_text}: outputs differ by {error_text(size.output_error)}, {residual}"


def _divergence_lines(comparison: Comparison, proof: Equivalence) -> Iterator[str]:
    first = proof.first_divergence
    if first is None:
        return
    yield from (f"  {sentence}" for sentence in divergence_sentences(proof, first))
    for found in differences_at(comparison, first):
        yield f"    {found.cause}: {found.left_value} against {found.right_value}"


def _cause_lines(comparison: Comparison, proof: Equivalence, allowed: Collection[Cause]) -> Iterator[str]:
    inference = [found for found in comparison.differences if found.effect is Effect.INFERENCE]
    named = [found for found in inference if found.cause in proof.causes] or inference
    if named:
        yield "  causes:"
    for found in named[:_MOST_CAUSES]:
        mark = " (allowed)" if found.cause in allowed else ""
        yield f"    {found.cause}{mark}: {found.left_value} against {found.right_value}, {found.where}"
    if len(named) > _MOST_CAUSES:
        yield f"    and {len(named) - _MOST_CAUSES} more"
