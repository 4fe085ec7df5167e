"""The verdict of a proof: from the evidence at every input size to one answer in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mbgui.analysis.proof_evidence import Judged, first_off
from mbgui.analysis.wording import count_text
from mbgui.domain.difference import Cause, Difference
from mbgui.domain.equivalence import (
    Equivalence,
    EquivalenceVerdict,
    ErrorWord,
    LayerReference,
    SizeEvidence,
    WeightFinding,
)
from mbgui.domain.proof_choices import Precision, WeightTransfer

_ORDER = tuple(EquivalenceVerdict)
_WEAK_POWER = 1e-2
"""Relative distance of two outputs below which a comparison of outputs alone would show little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSize:
    """What one input size gave."""

    evidence: SizeEvidence
    judged: tuple[Judged, ...]
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]

    @property
    def verdict(self) -> EquivalenceVerdict:
        """The verdict at this size."""
        base = self.evidence.runs[0]
        is_guilty = any(item.is_guilty for item in self.judged)
        if not is_guilty and self.evidence.output_word is not ErrorWord.DIFFERS and self._first_off() is None:
            is_same = all(error == 0 for error in (*base.errors, self.evidence.output_error))
            return EquivalenceVerdict.IDENTICAL if is_same else EquivalenceVerdict.EQUIVALENT
        last = max(self.evidence.runs, key=lambda run: len(run.causes))
        is_explained = last.causes and self.evidence.residual_word is not ErrorWord.DIFFERS
        if is_explained and first_off(self.judged, last.errors) is None:
            return EquivalenceVerdict.EQUIVALENT_AFTER
        return EquivalenceVerdict.DIFFERENT

    @property
    def first_divergence(self) -> LayerReference | None:
        """The first pair that no cause explains, else the first that differs."""
        if self.verdict is EquivalenceVerdict.DIFFERENT:
            unexplained = [item for item in self.judged if item.is_guilty and not item.places(self.differences)]
            if unexplained:
                return unexplained[0].reference(self.differences)
        guilty = [item for item in self.judged if item.is_guilty]
        if guilty:
            return guilty[0].reference(self.differences)
        off = self._first_off()
        return off.reference(self.differences) if off is not None else None

    def _first_off(self) -> Judged | None:
        return next((item for item in self.judged if item.evidence.verdict is ErrorWord.DIFFERS), None)


def conclude(  # noqa: PLR0913  everything a verdict rests on
    sizes: Sequence[ProvenSize],
    *,
    transfer: WeightTransfer,
    precision: Precision,
    weights: tuple[WeightFinding, ...],
    calibrated: bool,
    is_untouched: bool,
    notes: Sequence[str] = (),
) -> Equivalence:
    """One verdict for all sizes: the weakest agreement counts."""
    worst = max(sizes, key=lambda size: _ORDER.index(size.verdict))
    residuals = [size.evidence.unexplained_residual for size in sizes]
    causes = tuple(cause for cause in Cause if any(cause in size.causes for size in sizes))
    divergences = [size.first_divergence for size in (worst, *sizes)]
    first = next((found for found in divergences if found is not None), None)
    residual = None if None in residuals else max(value for value in residuals if value is not None)
    titles = {difference.cause: difference.title for size in sizes for difference in size.differences}
    named = tuple(titles[cause] for cause in causes if cause in titles)
    return Equivalence(
        verdict=worst.verdict,
        headline=_headline(worst.verdict, named, residual, first),
        details=(*_details(sizes, calibrated=calibrated), *notes),
        transfer=transfer,
        precision=precision,
        causes=causes,
        first_divergence=first,
        unexplained_residual=residual,
        sizes=tuple(size.evidence for size in sizes),
        weights=weights,
        calibrated=calibrated,
        is_untouched=is_untouched,
    )


def not_comparable(reason: str, transfer: WeightTransfer, precision: Precision) -> Equivalence:
    """There is no proof, and why."""
    return Equivalence(
        verdict=EquivalenceVerdict.NOT_COMPARABLE,
        headline=f"Not comparable: {reason}.",
        details=(),
        transfer=transfer,
        precision=precision,
        causes=(),
        first_divergence=None,
        unexplained_residual=None,
        sizes=(),
        weights=(),
        calibrated=False,
        is_untouched=True,
    )


def _headline(
    verdict: EquivalenceVerdict, causes: tuple[str, ...], residual: float | None, first: LayerReference | None
) -> str:
    if verdict is EquivalenceVerdict.IDENTICAL:
        return "Identical: every layer gives the same numbers, bit by bit."
    if verdict is EquivalenceVerdict.EQUIVALENT:
        return "Equivalent: every layer gives the same numbers but for rounding."
    left_over = "an error without a number (other shapes, or values that are not finite)"
    if residual is not None:
        left_over = f"a relative error of {residual:.1e}"
    if verdict is EquivalenceVerdict.EQUIVALENT_AFTER:
        return f"Equivalent once {_listed(causes)} {_are(causes)} evened out: {left_over} is left."
    place = "" if first is None else f", first at {_place(first)}"
    named = f" {_listed(causes)} {_explain(causes)} only part of it." if causes else ""
    return f"Different: {left_over} is left unexplained{place}.{named}"


def _place(first: LayerReference) -> str:
    if first.left is None or first.right is None:
        return f"{first.left or first.right} (only on the {'right' if first.left is None else 'left'})"
    return f"{first.left} / {first.right}"


def _listed(words: tuple[str, ...]) -> str:
    if not words:
        return "nothing"
    lowered = tuple(word if word.startswith("BatchNorm") else word[0].lower() + word[1:] for word in words)
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"


def _are(words: tuple[str, ...]) -> str:
    return "is" if len(words) == 1 else "are"


def _explain(words: tuple[str, ...]) -> str:
    return "explains" if len(words) == 1 else "explain"


def _details(sizes: Sequence[ProvenSize], *, calibrated: bool) -> tuple[str, ...]:
    found = [
        f"At {_size_text(size)} {count_text(len(size.judged))} pairs were run on "
        f"{len(size.evidence.probes)} probes, as the networks run and each pair alone."
        for size in sizes
    ]
    if calibrated:
        found.append("Untrained weights were scaled on the probes for these runs, so that signals do not fade.")
    for size in sizes:
        power = size.evidence.power
        weak = [value for value in (power.between_inputs, power.one_pixel_shift) if (value or 0.0) < _WEAK_POWER]
        if weak:
            share = min(value or 0.0 for value in weak)
            found.append(
                f"At {_size_text(size)} the outputs hardly depend on the input ({share:.1e}): "
                "the proof rests on the pairs run alone."
            )
    return tuple(found)


def _size_text(size: ProvenSize) -> str:
    """An input size as a reader writes it."""
    return re.sub(r"(?<=\d)x(?=\d)", "×", size.evidence.input_text)
