"""The HTML report: whole, self-contained, escaped, and with its drawings."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.document import build_document
from mbgui.reports.export import render
from tests.support.records import large_comparison, tiny_comparison

VOID = {"meta", "rect", "line", "circle", "br"}


class Page(HTMLParser):
    """Everything a browser would load or run, the texts of cells, and whether all elements are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data", "action"}]
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.cells[-1] += data


def html(comparison: Comparison) -> str:
    return render(comparison, ReportFormat.HTML)


def drawings(comparison: Comparison) -> list[ET.Element]:
    return [ET.fromstring(text) for text in re.findall(r"<svg.*?</svg>", html(comparison), re.DOTALL)]  # noqa: S314


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere() -> None:
    page = Page(html(tiny_comparison()))
    assert page.open == []
    assert page.loaded == []
    assert not page.tags & {"script", "link", "iframe", "img", "object"}
    assert "url(" not in html(tiny_comparison())


def test_the_page_holds_every_cell_of_every_table() -> None:
    comparison = tiny_comparison(with_performance=True)
    tables = [table for section in build_document(comparison).sections for table in section.tables]
    expected = [cell for table in tables for row in [[c.title for c in table.columns], *table.rows] for cell in row]
    assert Page(html(comparison)).cells == expected


def test_the_page_follows_the_light_or_dark_of_the_system() -> None:
    assert "@media (prefers-color-scheme: dark)" in html(tiny_comparison())


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</svg><b>", "&amp;"]
)
def test_names_from_a_snapshot_cannot_become_markup(hostile: str) -> None:
    comparison = tiny_comparison()
    types = tuple(replace(kind, type_name=hostile) for kind in comparison.accounting.left.layer_types)
    books = replace(comparison.accounting, left=replace(comparison.accounting.left, layer_types=types))
    found = replace(comparison.differences[0], title=hostile, explanation=hostile)
    verdict = replace(comparison.verdict, headline=hostile)
    text = html(replace(comparison, accounting=books, differences=(found,), verdict=verdict, warnings=(hostile,)))
    page = Page(text)
    assert page.tags == Page(html(comparison)).tags
    assert hostile in page.cells


def test_the_layer_types_are_drawn_with_their_shares() -> None:
    comparison = tiny_comparison()
    chart = drawings(comparison)[0]
    books = (comparison.accounting.left, comparison.accounting.right)
    with_parameters = [kind for side in books for kind in side.layer_types if kind.parameter_count]
    assert len(chart.findall("rect")) == len(with_parameters)
    texts = [element.text for element in chart.findall("text")]
    assert {"Conv2d", "DepthwiseConv2D", "76.23 %"} <= set(texts)


def test_every_call_is_a_dot_and_both_medians_are_marked() -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    chart = drawings(comparison)[1]
    for side in ("left", "right"):
        dots = [dot for dot in chart.findall("circle") if (dot.get("class") or "").split()[0] == side]
        calls = [taken for taken in comparison.latency.rounds if taken.side == side]
        assert len(dots) == sum(len(taken.durations_s) for taken in calls)
    medians = [element.text for element in chart.findall("text") if (element.text or "").startswith("median")]
    assert medians == ["median 10.25 ms", "median 20.40 ms"]


def test_calls_of_the_warm_up_are_pale_and_outliers_ringed() -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    first, *rest = comparison.latency.rounds
    slow = replace(rest[2], durations_s=(*rest[2].durations_s[:-1], 0.5))
    rounds = (first, *rest[:2], slow, *rest[3:])
    chart = drawings(replace(comparison, latency=replace(comparison.latency, rounds=rounds)))[1]
    classes = [dot.get("class") for dot in chart.findall("circle")]
    assert classes.count("left warm-up") == classes.count("right warm-up") == 10
    assert [name for name in classes if name is not None and name.endswith("outlier")] == [f"{slow.side} outlier"]


def test_call_paths_are_drawn_as_bars() -> None:
    chart = drawings(tiny_comparison(with_performance=True))[2]
    assert chart.get("aria-label") == "Median latency of every call path"
    assert [element.text for element in chart.findall("text")] == [
        "left eager",
        "10.10 ms",
        "right tf.function",
        "20.20 ms",
    ]
    assert len(drawings(tiny_comparison())) == 2


def test_without_latency_there_is_no_drawing_of_it() -> None:
    assert len(drawings(tiny_comparison(with_latency=False))) == 1


def test_a_sample_is_marked_as_one() -> None:
    assert "sample comparison" in html(replace(tiny_comparison(), is_sample=True))
    assert "sample comparison" not in html(tiny_comparison())


def test_a_network_of_a_thousand_layers_is_folded() -> None:
    text = html(large_comparison(1000))
    assert Page(text).open == []
    assert "<details><summary>Layer by layer" in text
