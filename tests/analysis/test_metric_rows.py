"""The headline figures come with what lies between both sides."""

from dataclasses import replace

import pytest

from mbgui.analysis.metric_rows import metrics
from mbgui.domain.latency import LatencyVerdict
from tests.support.records import tiny_comparison


def test_every_figure_names_both_sides_and_the_difference() -> None:
    comparison = tiny_comparison()
    found = {metric.title: metric for metric in metrics(comparison.accounting, comparison.latency)}
    assert found["Learnable parameters"].note == "equal"
    counted = found["Counted by the framework"]
    assert (counted.left, counted.right) == ("1,346", "1,378")
    assert counted.note == "+32 (+2.38 % of the left)"


def test_the_latency_says_its_verdict_and_the_ratio_with_its_interval() -> None:
    comparison = tiny_comparison()
    assert comparison.latency is not None
    latency = replace(comparison.latency, ratio=1.034, ci_low=0.966, ci_high=1.089)
    shown = metrics(comparison.accounting, latency)[-1]
    assert shown.note == "left faster, ratio 1.03 (0.97–1.09)"
    undecided = replace(latency, verdict=LatencyVerdict.NO_MEASURABLE_DIFFERENCE)
    assert metrics(comparison.accounting, undecided)[-1].note.startswith("no measurable difference, ratio 1.03")


def test_latency_that_was_not_measured_says_so() -> None:
    latency = metrics(tiny_comparison(with_latency=False).accounting, None)[-1]
    assert (latency.left, latency.right, latency.note) == ("–", "–", "not measured")


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((300_774_272, 300_774_272), ("300.8", "300.8", "M")),
        ((7_776, 7_776), ("7.8", "7.8", "k")),
        ((2_000_000, 7_776), ("2,000.0", "7.8", "k")),
        ((48, 0), ("48", "0", "")),
    ],
)
def test_macs_of_both_sides_share_a_unit_in_which_neither_reads_as_zero(
    counts: tuple[int, int], shown: tuple[str, str, str]
) -> None:
    books = tiny_comparison().accounting
    left, right = (
        replace(side, mac_count=count) for side, count in zip((books.left, books.right), counts, strict=True)
    )
    macs = next(metric for metric in metrics(replace(books, left=left, right=right), None) if metric.title == "MACs")
    assert (macs.left, macs.right, macs.unit) == shown
