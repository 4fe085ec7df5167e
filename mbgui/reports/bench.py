"""The report of a latency alone, as `mbgui bench` prints it."""

from mbgui.domain.comparison import Comparison
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import markdown, tables
from mbgui.reports.bench_record import bench_json
from mbgui.reports.latency_sections import latency_sections
from mbgui.reports.section import Document, Section

BENCH_FORMATS = (ReportFormat.MARKDOWN, ReportFormat.JSON)
"""The forms that a latency alone is told in."""


def render(comparison: Comparison, report_format: ReportFormat) -> str:
    """The whole report. Raises `ValueError` for a form that latencies are not told in."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return markdown.render(build_document(comparison))
        case ReportFormat.JSON:
            return bench_json(comparison)
    raise ValueError(f"no report of a latency as {report_format}")


def build_document(comparison: Comparison) -> Document:
    """The verdict, everything that was measured, and of which models and where."""
    latency = comparison.latency
    about = Section(
        title="Models and environment",
        tables=(tables.models_table(comparison), tables.environment_table(comparison)),
        points=(*tables.notes_of(comparison.left), *tables.notes_of(comparison.right), *comparison.warnings),
    )
    return Document(
        title=comparison.title,
        headline="No duel was measured." if latency is None else latency.sentence,
        sections=(*latency_sections(comparison), about),
    )
