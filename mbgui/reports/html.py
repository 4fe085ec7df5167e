"""A report as one HTML file that needs nothing beside it; escaping happens here and nowhere before."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from mbgui.domain.comparison import Comparison
from mbgui.reports.charts import WIDTH, ladder_chart, latency_chart, share_chart
from mbgui.reports.document import build_document
from mbgui.reports.error_chart import error_chart


def render(comparison: Comparison) -> str:
    """The whole report with its drawings as inline SVG, light or dark as the reader's system is."""
    environment = Environment(
        loader=PackageLoader("mbgui.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html").render(
        document=build_document(comparison),
        comparison=comparison,
        width=WIDTH,
        shares=share_chart(comparison),
        errors=None if comparison.equivalence is None else error_chart(comparison.equivalence),
        ladder=None if comparison.ladder is None else ladder_chart(comparison.ladder),
        latency=None if comparison.latency is None else latency_chart(comparison.latency),
    )
