"""The report of a proof alone, as `mbgui verify` prints it."""

from mbgui.domain.comparison import Comparison
from mbgui.domain.equivalence import Equivalence
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import markdown, tables
from mbgui.reports.document import difference_section
from mbgui.reports.proof_figures import VERDICT_SENTENCES
from mbgui.reports.proof_record import proof_json
from mbgui.reports.proof_sections import proof_sections
from mbgui.reports.section import Document, Section

PROOF_FORMATS = (ReportFormat.MARKDOWN, ReportFormat.JSON)
"""The forms that a proof alone is told in."""


def render(comparison: Comparison, proof: Equivalence, report_format: ReportFormat) -> str:
    """The whole report. Raises `ValueError` for a form that proofs are not told in."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return markdown.render(build_document(comparison, proof))
        case ReportFormat.JSON:
            return proof_json(comparison, proof)
    raise ValueError(f"no report of a proof as {report_format}")


def build_document(comparison: Comparison, proof: Equivalence) -> Document:
    """The verdict, the differences behind it, the evidence, and whose proof it is."""
    verdict, *evidence = proof_sections(comparison, proof)
    about = Section(
        title="Models and environment",
        tables=(tables.models_table(comparison), tables.environment_table(comparison)),
        points=(*tables.notes_of(comparison.left), *tables.notes_of(comparison.right), *comparison.warnings),
    )
    sections = (verdict, difference_section(comparison), *evidence, about)
    return Document(title=comparison.title, headline=VERDICT_SENTENCES[proof.verdict], sections=sections)
