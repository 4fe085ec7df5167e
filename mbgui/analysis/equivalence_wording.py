"""How a proof of equivalence reads: its verdict, its errors, and what it rests on."""

import re
from dataclasses import dataclass

from mbgui.analysis.wording import MISSING
from mbgui.domain.equivalence import Equivalence, EquivalenceVerdict, ErrorWord, PairEvidence, SizeEvidence
from mbgui.domain.network import call_name
from mbgui.domain.proof_choices import Precision, WeightTransfer

VERDICT_TITLES: dict[EquivalenceVerdict, str] = {
    EquivalenceVerdict.IDENTICAL: "identical",
    EquivalenceVerdict.EQUIVALENT: "equivalent",
    EquivalenceVerdict.EQUIVALENT_AFTER: "equivalent after causes",
    EquivalenceVerdict.DIFFERENT: "different",
    EquivalenceVerdict.NOT_COMPARABLE: "not comparable",
}
TRANSFER_TITLES: dict[WeightTransfer, str] = {
    WeightTransfer.AS_IS: "as they are",
    WeightTransfer.LEFT_TO_RIGHT: "left to right",
    WeightTransfer.RIGHT_TO_LEFT: "right to left",
}
TRANSFER_SENTENCES: dict[WeightTransfer, str] = {
    WeightTransfer.AS_IS: "as each side has them",
    WeightTransfer.LEFT_TO_RIGHT: "moved from left to right",
    WeightTransfer.RIGHT_TO_LEFT: "moved from right to left",
}
PRECISION_TITLES: dict[Precision, str] = {
    Precision.FLOAT64: "float64",
    Precision.FLOAT32: "float32",
}
ERROR_WORD_TITLES: dict[ErrorWord, str] = {
    ErrorWord.IDENTICAL: "identical",
    ErrorWord.ROUNDING: "rounding",
    ErrorWord.DIFFERS: "differs",
}
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One piece of what a verdict rests on."""

    title: str
    value: str
    explanation: str = ""


def error_text(value: float | None) -> str:
    """`0.754`, `2.3e-13`, `0`, or a dash for what is not finite or was not measured."""
    if value is None:
        return MISSING
    if value == 0:
        return "0"
    return f"{value:.3g}" if _PLAIN_FROM <= abs(value) < _PLAIN_TO else f"{value:.1e}"


def size_text(input_text: str) -> str:
    """`224×224` for what is typed as `224x224`."""
    return re.sub(r"(?<=\d)x(?=\d)", "×", input_text)


def pair_names(pair: PairEvidence) -> tuple[str, str]:
    """Both layers by path, with the number of the call behind those of a shared layer."""
    return call_name(pair.left, pair.left_call), call_name(pair.right, pair.right_call)


def pair_sentence(pair: PairEvidence, number: int, count: int, propagated: float | None) -> str:
    """Everything known of one pair in a line; `propagated` is its error in the run that is shown."""
    left, right = pair_names(pair)
    isolated = pair.isolated.relative_l2 if pair.isolated is not None else None
    parts = [
        f"{number:,} of {count:,}: {left} ⟷ {right}",
        f"propagated {error_text(propagated)}",
        f"isolated {error_text(isolated)}" if pair.isolated is not None else "not isolated",
        f"noise floor {error_text(pair.noise_floor)}",
        ERROR_WORD_TITLES[pair.verdict],
    ]
    parts += [f"{pair.propagated.non_finite:,} values not finite"] if pair.propagated.non_finite else []
    parts += [pair.note] if pair.note else []
    return " · ".join(parts)


def proof_summary(equivalence: Equivalence) -> str:
    """What is left of the error, in which format and at which sizes, in a line."""
    sizes = ", ".join(size_text(found.input_text) for found in equivalence.sizes)
    parts = [
        f"unexplained residual {error_text(equivalence.unexplained_residual)}",
        PRECISION_TITLES[equivalence.precision],
        f"weights {TRANSFER_SENTENCES[equivalence.transfer]}",
    ]
    return " · ".join([*parts, f"input {sizes}"] if sizes else parts)


def evidence_facts(equivalence: Equivalence, size: SizeEvidence | None) -> tuple[Fact, ...]:
    """What the verdict rests on at one input size, `None` where nothing could be run."""
    facts = [
        Fact(
            title="Weights",
            value=TRANSFER_SENTENCES[equivalence.transfer],
            explanation="Both networks ran with these weights, moved by what each tensor is for.",
        ),
        Fact(
            title="Number format",
            value=PRECISION_TITLES[equivalence.precision],
            explanation="The verdict is judged in this format; float64 tells rounding from a difference.",
        ),
        Fact(
            title="Input sizes", value=", ".join(size_text(found.input_text) for found in equivalence.sizes) or MISSING
        ),
        _residual(equivalence),
    ]
    return (*facts, *_power(size), _weights(equivalence), _state(equivalence))


def _residual(equivalence: Equivalence) -> Fact:
    return Fact(
        title="Unexplained residual",
        value=error_text(equivalence.unexplained_residual),
        explanation="The relative L2 error that is left with every named cause switched off, the worst of all sizes.",
    )


def _power(size: SizeEvidence | None) -> tuple[Fact, ...]:
    if size is None:
        return ()
    between, shift = size.power.between_inputs, size.power.one_pixel_shift
    return (
        Fact(
            title="Power of the probes",
            value=f"{error_text(between)} between inputs, {error_text(shift)} for a pixel",
            explanation=(
                "How far the left side's outputs lie apart for two inputs, and for one input and itself moved by a "
                f"pixel: an error well below would not be seen otherwise. Probes: {', '.join(size.probes)}."
            ),
        ),
    )


def _weights(equivalence: Equivalence) -> Fact:
    findings = equivalence.weights
    equal = sum(found.is_equal for found in findings)
    return Fact(
        title="Tensors",
        value=f"{equal:,} of {len(findings):,} equal" if findings else MISSING,
        explanation="Stored tensors whose values are the same on both sides after their layouts were mapped.",
    )


def _state(equivalence: Equivalence) -> Fact:
    untouched = "untouched by the runs" if equivalence.is_untouched else "changed by the runs"
    return Fact(
        title="Models",
        value=f"{'calibrated, ' if equivalence.calibrated else ''}{untouched}",
        explanation=(
            "Checksums of all tensors before and after. Untrained weights are calibrated first, so that signals "
            "survive to the output."
        ),
    )
