"""The report on the MobileNetV2 pair shows every figure that is known of it; read from the sample that ships."""

import re
from pathlib import Path

import pytest

from mbgui.domain.snapshot import ReportFormat
from mbgui.reports.export import render
from mbgui.snapshots.codec import decode

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample.mbsnap"

ROWS = [
    ("Parameters as the framework counts them", "3,504,872", "3,538,984", "+34,112"),
    ("Learnable parameters", "3,504,872 (counted)", "3,504,872 (counted)", "equal"),
    ("Moving mean and variance", "34,112 (not counted)", "34,112 (counted)", "equal"),
    ("Batch counters", "52 (not counted)", "–", "-52"),
    ("MACs of one forward pass", "300,774,272", "300,774,272", "equal"),
    ("Conv2d", "52", "2,189,760", "62.48 %"),
    ("BatchNorm2d", "52", "34,112", "0.97 %"),
    ("Linear", "1", "1,281,000", "36.55 %"),
    ("ReLU6", "35", "0", "–"),
    ("Dropout", "1", "0", "–"),
    ("Conv2D", "35", "2,125,536", "60.06 %"),
    ("BatchNormalization", "52", "68,224", "1.93 %"),
    ("DepthwiseConv2D", "17", "64,224", "1.81 %"),
    ("Dense", "1", "1,281,000", "36.20 %"),
    ("ReLU", "35", "0", "–"),
    ("Add", "10", "0", "–"),
    ("ZeroPadding2D", "4", "0", "–"),
    ("InputLayer", "1", "0", "–"),
    ("GlobalAveragePooling2D", "1", "0", "–"),
]
SIZES = [("All stored tensors", "13.5005", "13.5001"), ("Without buffers", "13.3700", "13.3700")]


@pytest.fixture(scope="module")
def report() -> str:
    return render(decode(SAMPLE.read_bytes()), ReportFormat.MARKDOWN)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_known_row_stands_in_the_report(report: str, row: tuple[str, ...]) -> None:
    assert f"| {' | '.join(row)} |" in report.splitlines()


@pytest.mark.parametrize(("title", "left", "right"), SIZES)
def test_sizes_are_shown_to_at_least_four_decimals(report: str, title: str, left: str, right: str) -> None:
    assert re.search(rf"^\| {title} \| {left}\d* MiB \| {right}\d* MiB \|", report, re.MULTILINE)


def test_the_gap_between_the_totals_names_its_bases(report: str) -> None:
    assert "differ by +34,112: +0.97 % of the left total, +0.96 % of the right total" in report
