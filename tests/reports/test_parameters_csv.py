"""The table of parameters for spreadsheets: complete, exact, and harmless."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.network import TensorStatistics
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.export import render
from tests.support.records import tiny_comparison


def rows_of(comparison: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(render(comparison, ReportFormat.CSV))))


def test_every_tensor_of_both_sides_has_a_line() -> None:
    comparison = tiny_comparison()
    rows = rows_of(comparison)
    assert [row["name"] for row in rows if row["side"] == "left"] == [found.name for found in comparison.left.tensors]
    assert [row["name"] for row in rows if row["side"] == "right"] == [found.name for found in comparison.right.tensors]


def test_a_line_says_all_that_is_known_of_a_tensor() -> None:
    comparison = tiny_comparison()
    tensor, row = comparison.left.tensors[0], rows_of(comparison)[0]
    assert (row["layer"], row["role"], row["dtype"]) == (tensor.layer, tensor.role, tensor.dtype)
    assert row["shape"] == "x".join(map(str, tensor.shape))
    assert (int(row["values"]), int(row["size_bytes"])) == (tensor.value_count, tensor.size_bytes)
    assert (row["trainable"], row["counted_by_framework"]) == ("yes", "yes")
    assert (float(row["mean"]), float(row["minimum"])) == (tensor.statistics.mean, tensor.statistics.minimum)


def test_statistics_that_do_not_exist_are_empty() -> None:
    comparison = tiny_comparison()
    nothing = TensorStatistics(mean=None, std=None, minimum=None, maximum=None, non_finite_count=7)
    tensors = (replace(comparison.left.tensors[0], statistics=nothing), *comparison.left.tensors[1:])
    row = rows_of(replace(comparison, left=replace(comparison.left, tensors=tensors)))[0]
    assert [row[name] for name in ("mean", "std", "minimum", "maximum", "non_finite_values")] == ["", "", "", "", "7"]


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_name_that_looks_like_a_formula_stays_text(name: str) -> None:
    comparison = tiny_comparison()
    tensors = (replace(comparison.left.tensors[0], name=name, aliases=(name,)), *comparison.left.tensors[1:])
    row = rows_of(replace(comparison, left=replace(comparison.left, tensors=tensors)))[0]
    assert row["name"].startswith("'")
    assert row["aliases"].startswith("'")


def test_negative_numbers_stay_numbers() -> None:
    assert any(float(row["minimum"]) < 0 for row in rows_of(tiny_comparison()))


def test_names_with_commas_quotes_and_line_breaks_come_back() -> None:
    comparison = tiny_comparison()
    tensors = (replace(comparison.left.tensors[0], name='a,"b"\nc'), *comparison.left.tensors[1:])
    assert rows_of(replace(comparison, left=replace(comparison.left, tensors=tensors)))[0]["name"] == 'a,"b"\nc'
