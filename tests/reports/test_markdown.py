"""The Markdown report: its reviewed form, its sections, and names that look like markup."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mbgui.analysis.wording import MAC_CONVENTION
from mbgui.domain.comparison import Comparison
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.export import render
from mbgui.reports.markdown import escape
from tests.support.records import tiny_comparison


def markdown(comparison: Comparison) -> str:
    return render(comparison, ReportFormat.MARKDOWN)


def test_the_report_is_the_reviewed_one(golden: Callable[[str, str], None]) -> None:
    golden("tiny_comparison.md", markdown(tiny_comparison()))


def test_the_report_without_latency_is_the_reviewed_one(golden: Callable[[str, str], None]) -> None:
    golden("tiny_comparison_without_latency.md", markdown(tiny_comparison(with_latency=False)))


def test_the_sections_come_in_the_order_of_the_questions() -> None:
    headings = [line[3:] for line in markdown(tiny_comparison()).splitlines() if line.startswith("## ")]
    assert headings == [
        "Models",
        "Parameter count",
        "Model size",
        "Layer analysis",
        "Key architectural differences",
        "Inference performance",
        "Summary",
        "Environment and method",
    ]


def test_the_convention_of_the_macs_is_stated() -> None:
    assert escape(MAC_CONVENTION) in markdown(tiny_comparison())


def test_pipes_and_line_breaks_in_a_value_stay_in_their_cell() -> None:
    comparison = tiny_comparison()
    found = replace(comparison.differences[0], title="a | b", left_value="|", right_value="\\|", where="x\ny")
    lines = markdown(replace(comparison, differences=(found,))).splitlines()
    assert "| a \\| b | \\| | \\\\\\| | x y | inference |" in lines


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("mobilenet_v2", "mobilenet_v2"),
        ("__call__", "\\_\\_call\\_\\_"),
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("<script>", "\\<script>"),
        ("[x](y)", "\\[x\\](y)"),
        ("*bold* `code` ~~gone~~ &lt;", "\\*bold\\* \\`code\\` \\~\\~gone\\~\\~ \\&lt;"),
        ("two\nlines", "two lines"),
    ],
)
def test_markup_in_a_name_is_shown_as_it_is(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_a_run_that_was_stopped_says_so() -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    stopped = replace(comparison, latency=replace(comparison.latency, is_complete=False))
    assert "Measuring was stopped before all runs were done." in markdown(stopped)
    assert "stopped" not in markdown(comparison)


def test_warnings_and_notes_of_reading_are_told() -> None:
    comparison = tiny_comparison()
    noted = replace(comparison.left, notes=("Two layers were read with hooks.",))
    text = markdown(replace(comparison, left=noted, warnings=("Latency was left out.",)))
    assert "- tiny_net: Two layers were read with hooks." in text
    assert "- Latency was left out." in text
