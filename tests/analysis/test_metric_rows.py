"""The headline figures come with what lies between both sides."""

from mbgui.analysis.metric_rows import metrics
from tests.support.records import tiny_comparison


def test_every_figure_names_both_sides_and_the_difference() -> None:
    comparison = tiny_comparison()
    found = {metric.title: metric for metric in metrics(comparison.accounting, comparison.latency)}
    assert found["Learnable parameters"].note == "equal"
    counted = found["Counted by the framework"]
    assert (counted.left, counted.right) == ("1,346", "1,378")
    assert counted.note == "+32 (+2.38 % of the left)"
    assert found["Latency, median"].note == f"ratio {comparison.latency.ratio:.2f}"  # type: ignore[union-attr]


def test_latency_that_was_not_measured_says_so() -> None:
    latency = metrics(tiny_comparison(with_latency=False).accounting, None)[-1]
    assert (latency.left, latency.right, latency.note) == ("–", "–", "not measured")
