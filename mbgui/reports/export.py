"""A comparison in the form that was asked for."""

import msgspec

from mbgui.domain.comparison import Comparison
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import markdown, parameters_csv
from mbgui.reports.document import build_document


def render(comparison: Comparison, report_format: ReportFormat) -> str:
    """The whole report as text, to be written as UTF-8."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return markdown.render(build_document(comparison))
        case ReportFormat.CSV:
            return parameters_csv.render(comparison)
        case ReportFormat.JSON:
            return msgspec.json.format(msgspec.json.encode(comparison), indent=2).decode() + "\n"
        case ReportFormat.HTML:
            from mbgui.reports import html  # noqa: PLC0415 (jinja2 and numpy stay out of the window's start-up)

            return html.render(comparison)
