"""The report on a comparison before it has a form: sections in reading order."""

from collections.abc import Iterator

from mbgui.analysis.latency_wording import VERDICT_WORDS, ratio_text
from mbgui.analysis.wording import (
    MAC_CONVENTION,
    PURPOSE_TITLES,
    count_text,
    mebibytes_text,
    milliseconds_text,
)
from mbgui.domain.comparison import Comparison
from mbgui.domain.request import Side
from mbgui.reports import tables
from mbgui.reports.latency_sections import latency_sections
from mbgui.reports.proof_sections import proof_sections
from mbgui.reports.section import Chart, Document, Section


def build_document(comparison: Comparison) -> Document:
    """The report on a comparison, in the order in which its questions are asked."""
    proof = comparison.equivalence
    sections = (
        Section(title="Models", tables=(tables.models_table(comparison),)),
        _parameter_section(comparison),
        _size_section(comparison),
        _layer_section(comparison),
        difference_section(comparison),
        *(() if proof is None else proof_sections(comparison, proof)),
        *latency_sections(comparison),
        _summary_section(comparison),
        _method_section(comparison),
    )
    return Document(title=comparison.title, headline=comparison.verdict.headline, sections=sections)


def _parameter_section(comparison: Comparison) -> Section:
    sentences = (*_total_sentences(comparison), _learnable_sentence(comparison))
    return Section(title="Parameter count", sentences=sentences, tables=(tables.parameter_table(comparison),))


def _total_sentences(comparison: Comparison) -> Iterator[str]:
    left = comparison.accounting.left.framework_parameter_count
    right = comparison.accounting.right.framework_parameter_count
    if left == right:
        yield f"Both frameworks count {count_text(left)} parameters."
        return
    shares = [
        f"{_share(right - left, total)} of the {side} total"
        for side, total in ((Side.LEFT, left), (Side.RIGHT, right))
        if total
    ]
    yield f"The framework totals differ by {right - left:+,}: {', '.join(shares)} (right minus left)."
    parts = ", ".join(_ledger_parts(comparison))
    if parts:
        yield f"By what is counted, that is made up of: {parts}."


def _share(part: int, total: int) -> str:
    return f"{part / total * 100:+.2f} %"


def _ledger_parts(comparison: Comparison) -> Iterator[str]:
    for left, right in zip(comparison.accounting.left.ledger, comparison.accounting.right.ledger, strict=True):
        left_counted = left.value_count if left.is_counted else 0
        right_counted = right.value_count if right.is_counted else 0
        if left_counted != right_counted:
            yield f"{PURPOSE_TITLES[left.purpose].lower()} {right_counted - left_counted:+,}"


def _learnable_sentence(comparison: Comparison) -> str:
    left, right = comparison.accounting.left.learnable_count, comparison.accounting.right.learnable_count
    if left == right:
        return f"The learnable parameters are equal: {count_text(left)}."
    return f"The learnable parameters differ by {right - left:+,}."


def _size_section(comparison: Comparison) -> Section:
    sentence = "Sizes are the bytes of all stored tensors at the dtypes they have; 1 MiB is 2^20 bytes."
    return Section(title="Model size", sentences=(sentence,), tables=(tables.size_table(comparison),))


def _layer_section(comparison: Comparison) -> Section:
    shown = (
        tables.work_table(comparison),
        tables.layer_type_table(comparison, Side.LEFT),
        tables.layer_type_table(comparison, Side.RIGHT),
        tables.layer_table(comparison),
    )
    sentences = (MAC_CONVENTION, "Shares are of the parameters that the framework itself counts.")
    return Section(title="Layer analysis", sentences=sentences, tables=shown, chart=Chart.LAYER_TYPES)


def difference_section(comparison: Comparison) -> Section:
    """Every difference with both values, and what each means."""
    title = "Key architectural differences"
    if not comparison.differences:
        return Section(title=title, sentences=("No difference was found.",))
    points = tuple(f"{found.title}: {found.explanation}" for found in comparison.differences)
    return Section(title=title, tables=(tables.difference_table(comparison),), points=points)


def _summary_section(comparison: Comparison) -> Section:
    books, latency = comparison.accounting, comparison.latency
    lines = [
        f"Size: {mebibytes_text(books.left.size_bytes)} against {mebibytes_text(books.right.size_bytes)}.",
        f"MACs: {count_text(books.left.mac_count)} against {count_text(books.right.mac_count)}.",
    ]
    if latency is not None:
        medians = (milliseconds_text(latency.left_summary.median_s), milliseconds_text(latency.right_summary.median_s))
        lines.append(
            f"Median latency: {medians[0]} ms against {medians[1]} ms, ratio {ratio_text(latency)}: "
            f"{VERDICT_WORDS[latency.verdict]}."
        )
    sentences = (comparison.verdict.headline, *comparison.verdict.details)
    return Section(title="Summary", sentences=sentences, points=tuple(lines))


def _method_section(comparison: Comparison) -> Section:
    request = comparison.request
    points = (
        f"Weights: {request.weights}, seed {request.seed}. Batch {request.batch_size}.",
        *tables.notes_of(comparison.left),
        *tables.notes_of(comparison.right),
        *comparison.warnings,
    )
    return Section(title="Environment and method", tables=(tables.environment_table(comparison),), points=points)
