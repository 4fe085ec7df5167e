"""The sections of a report that tell a proof: verdict, cause by cause, first divergence, pairs, weights, grounds."""

from collections.abc import Iterator

from mbgui.analysis.equivalence_wording import TRANSFER_SENTENCES
from mbgui.analysis.wording import count_text
from mbgui.domain.comparison import Comparison
from mbgui.domain.equivalence import Equivalence, ErrorWord, LayerReference, SizeEvidence
from mbgui.reports import proof_tables
from mbgui.reports.proof_figures import (
    differences_at,
    error_text,
    evidence_of,
    pair_figures,
    reference_text,
    worst_pairs,
)
from mbgui.reports.section import Chart, Section
from mbgui.reports.tables import Table

MOST_PAIRS = 10
"""How many of the worst pairs a reader gets without unfolding anything."""
MOST_TENSORS = 20
NOT_ADDITIVE = (
    "Errors are relative L2 distances of the outputs. Causes are not additive: a cause may hide another one, "
    "so these are no shares."
)
ERRORS_MEAN = (
    "Propagated is the error as both networks run, isolated that of the layer itself, fed with the left side's values. "
    "The noise floor is how far the left side in float32 is from itself in float64."
)


def proof_sections(comparison: Comparison, proof: Equivalence) -> tuple[Section, ...]:
    """The proof in reading order: the answer, why, where, and what it rests on."""
    return (
        _verdict_section(proof),
        _cause_section(proof),
        _divergence_section(comparison, proof),
        _pair_section(comparison, proof),
        _weight_section(comparison, proof),
        _ground_section(proof),
    )


def _verdict_section(proof: Equivalence) -> Section:
    return Section(
        title="Do they compute the same?",
        sentences=(proof.headline,),
        points=proof.details,
    )


def _cause_section(proof: Equivalence) -> Section:
    title = "Cause by cause"
    if not proof.sizes:
        return Section(title=title, sentences=("Nothing was run.",))
    return Section(
        title=title,
        sentences=(*(_size_sentence(size) for size in proof.sizes), NOT_ADDITIVE),
        tables=tuple(proof_tables.cause_table(size) for size in proof.sizes),
        points=tuple(dict.fromkeys(_reasons(proof))),
    )


def _size_sentence(size: SizeEvidence) -> str:
    return (
        f"At {size.input_text} the outputs differ by {error_text(size.output_error)} ({size.output_word}); with every "
        f"cause removed that can be, {error_text(size.unexplained_residual)} is left ({size.residual_word})."
    )


def _reasons(proof: Equivalence) -> Iterator[str]:
    for size in proof.sizes:
        yield from (f"{found.title}: {found.reason}" for found in size.neutralised if found.reason)


def _divergence_section(comparison: Comparison, proof: Equivalence) -> Section:
    title, first = "First divergence", proof.first_divergence
    if first is None:
        is_run = bool(proof.sizes)
        return Section(title=title, sentences=("No pair of layers differs." if is_run else "Nothing was run.",))
    return Section(
        title=title,
        sentences=divergence_sentences(proof, first),
        points=tuple(
            f"{found.title}: {found.left_value} against {found.right_value}. {found.explanation}"
            for found in differences_at(comparison, first)
        ),
    )


def divergence_sentences(proof: Equivalence, first: LayerReference) -> tuple[str, ...]:
    """Where the networks part, with the figures of that pair where it was run."""
    evidence = evidence_of(proof, first)
    if evidence is None:
        return (f"The first layer that differs is {reference_text(first)}.",)
    sentence = f"The first pair that differs is {reference_text(first)}: {pair_figures(evidence)}."
    return (sentence, evidence.note) if evidence.note else (sentence,)


def _pair_section(comparison: Comparison, proof: Equivalence) -> Section:
    return Section(
        title="Pair by pair",
        sentences=(
            *(_pair_sentence(size) for size in proof.sizes),
            ERRORS_MEAN,
        ),
        tables=tuple(_pair_tables(comparison, proof)),
        chart=Chart.ERRORS,
    )


def _pair_sentence(size: SizeEvidence) -> str:
    off = sum(pair.verdict is ErrorWord.DIFFERS for pair in size.pairs)
    guilty = sum(pair.isolated_verdict is ErrorWord.DIFFERS for pair in size.pairs)
    return (
        f"At {size.input_text} {count_text(len(size.pairs))} pairs were run: {count_text(off)} differ as the networks "
        f"run, {count_text(guilty)} by themselves."
    )


def _pair_tables(comparison: Comparison, proof: Equivalence) -> Iterator[Table]:
    for size in proof.sizes:
        worst = worst_pairs(size.pairs, MOST_PAIRS)
        if worst:
            yield proof_tables.pair_table(comparison, f"The worst pairs at {size.input_text}", size, worst)
    for size in proof.sizes:
        title = f"Every pair at {size.input_text}"
        yield proof_tables.pair_table(comparison, title, size, size.pairs, is_long=True)


def _weight_section(comparison: Comparison, proof: Equivalence) -> Section:
    title, findings = "Weights", proof.weights
    if not findings:
        return Section(title=title, sentences=("No stored tensors were compared.",))
    unequal = [found for found in findings if not found.is_equal]
    sentence = (
        f"Weights: {TRANSFER_SENTENCES[proof.transfer]}. {count_text(len(findings))} stored tensors, "
        f"{count_text(len(findings) - len(unequal))} of them equal after the layouts were mapped."
    )
    tables = [proof_tables.weight_table(comparison, "Every tensor", findings, is_long=True)]
    if unequal:
        shown = unequal[:MOST_TENSORS]
        title_of_shown = f"Tensors that are not equal, {len(shown)} of {len(unequal)}"
        tables.insert(0, proof_tables.weight_table(comparison, title_of_shown, shown, is_long=False))
    return Section(title=title, sentences=(sentence,), tables=tuple(tables))


def _ground_section(proof: Equivalence) -> Section:
    points = [f"Weights: {TRANSFER_SENTENCES[proof.transfer]}. Judged in {proof.precision}."]
    if proof.calibrated:
        points.append("The weights are untrained: they were scaled first, both sides alike, so that signals survive.")
    points.append(
        "The tensors of both models had the same checksums after as before."
        if proof.is_untouched
        else "The tensors of a model had other checksums after than before: running it changed it."
    )
    for size in proof.sizes:
        points.extend(_size_grounds(size))
    return Section(title="What this rests on", points=tuple(points))


def _size_grounds(size: SizeEvidence) -> Iterator[str]:
    yield f"At {size.input_text}: probes {', '.join(size.probes) or 'none'}; {size.duration_s:.1f} s."
    seen = (
        (size.power.between_inputs, "between two inputs"),
        (size.power.one_pixel_shift, "between an input and itself moved by one pixel"),
    )
    known = [f"{error_text(distance)} {what}" for distance, what in seen if distance is not None]
    if known:
        yield f"What the probes can show at {size.input_text}: the left side's outputs differ by {', '.join(known)}."
