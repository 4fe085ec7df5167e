"""What calibrations tell, as text: for each model and call path the smallest difference that can be told here."""

from math import exp, log, sqrt

import msgspec

from mbgui.analysis.latency_wording import difference_percent_text
from mbgui.domain.calibration import Calibration
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import markdown
from mbgui.reports.section import Document, Section
from mbgui.reports.tables import Align, Column, Table

FORMAT = "mbgui-calibrate"
FORMAT_VERSION = 1
"""Raised when a field changes its meaning or goes; new fields do not raise it."""
CALIBRATION_FORMATS = (ReportFormat.MARKDOWN, ReportFormat.JSON)
"""The forms that calibrations are told in."""
_WORDS = ("Model", "Call path", "Input")
_FIGURES = ("Batch", "Threads", "Launches", "Spread", "Quick can tell", "Rigorous can tell")


class _Written(msgspec.Struct):
    format: str
    version: int
    calibrations: tuple[Calibration, ...]


def render(calibrations: tuple[Calibration, ...], report_format: ReportFormat) -> str:
    """The whole report. Raises `ValueError` for a form that calibrations are not told in."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return markdown.render(build_document(calibrations))
        case ReportFormat.JSON:
            plain = msgspec.json.encode(_Written(FORMAT, FORMAT_VERSION, calibrations))
            return msgspec.json.format(plain, indent=2).decode() + "\n"
    raise ValueError(f"no report of a calibration as {report_format}")


def build_document(calibrations: tuple[Calibration, ...]) -> Document:
    """A row for each, and what the columns mean."""
    columns = (
        *(Column(title=title) for title in _WORDS),
        *(Column(title=title, align=Align.RIGHT) for title in _FIGURES),
        Column(title="Calibrated at"),
        Column(title="Processor"),
    )
    section = Section(
        title="What this machine can tell",
        tables=(Table(title="Calibrations", columns=columns, rows=tuple(map(_row, calibrations))),),
        points=(
            "Spread: the standard deviation of a launch's median, as a fraction of it.",
            "Quick and rigorous can tell: no smaller difference between two models is claimed.",
            "Rigorous is for five launches a side; more launches tell smaller differences.",
        ),
    )
    count = len(calibrations)
    headline = f"{count} calibration{'' if count == 1 else 's'}, each of a model against itself."
    return Document(title="Calibration", headline=headline, sections=(section,))


def launch_spread(calibration: Calibration) -> float:
    """The standard deviation of a launch's median as a fraction of it.

    The logarithm of the ratio of two launches of one model has the mean 0, so its variance is the mean square, and half
    of it is that of one launch.
    """
    pairs = zip(calibration.left_medians_s, calibration.right_medians_s, strict=True)
    squares = [log(right / left) ** 2 for left, right in pairs]
    return exp(sqrt(sum(squares) / len(squares) / 2)) - 1


def _row(calibration: Calibration) -> tuple[str, ...]:
    differences = (launch_spread(calibration), calibration.quick, calibration.rigorous)
    return (
        calibration.model,
        calibration.call_path,
        calibration.input or "its own",
        str(calibration.batch_size),
        str(calibration.threads),
        str(len(calibration.left_medians_s)),
        *(difference_percent_text(difference) for difference in differences),
        calibration.created_at,
        f"{calibration.processor} ({calibration.processor_count} logical)",
    )
