"""What reports say of latency: every figure of the records, what makes it doubtful, and what could not be run."""

from dataclasses import replace
from itertools import pairwise

import pytest

from mbgui.domain.comparison import Comparison
from mbgui.domain.framework import CallPath
from mbgui.domain.latency import LatencyComparison, LatencyWarning, NoiseFloor, StopReason, WarningKind
from mbgui.domain.performance import LayerTime, LayerTimings
from mbgui.domain.request import Side
from mbgui.reports import tables
from mbgui.reports.document import build_document
from mbgui.reports.latency_tables import latency_table, launch_table, process_table
from mbgui.reports.performance_tables import MOST_LAYER_ROWS, ladder_table, layer_time_table, sweep_table
from mbgui.reports.section import Section
from tests.support.records import tiny_comparison


def measured() -> Comparison:
    return tiny_comparison(with_performance=True)


def latency_of(comparison: Comparison) -> LatencyComparison:
    assert comparison.latency is not None
    return comparison.latency


def with_latency(**changes: object) -> Comparison:
    comparison = measured()
    return replace(comparison, latency=replace(latency_of(comparison), **changes))  # type: ignore[arg-type]


def section_of(comparison: Comparison, title: str = "Inference performance") -> Section:
    return next(found for found in build_document(comparison).sections if found.title == title)


def rows_of(table: tables.Table) -> dict[str, dict[str, str]]:
    """The cells of a table by the first cell of their row and the title of their column."""
    titles = [column.title for column in table.columns]
    return {row[0]: dict(zip(titles, row, strict=True)) for row in table.rows}


def test_statistics_are_in_milliseconds_with_call_path_interval_and_outliers() -> None:
    comparison = measured()
    summary = latency_of(comparison).right_summary
    row = rows_of(latency_table(comparison, latency_of(comparison)))["Keras · tf.function"]
    assert row["n"] == str(summary.count)
    assert row["Median, ms"] == f"{summary.median_s * 1000:.2f}"
    assert row["95 % interval, ms"] == f"{summary.median_low_s * 1000:.2f}–{summary.median_high_s * 1000:.2f}"
    assert row["Mean, ms"] == f"{summary.mean_s * 1000:.2f}"
    assert row["Outliers"] == str(summary.outliers)


def test_processes_are_told_by_the_middle_launch() -> None:
    comparison = measured()
    row = rows_of(process_table(comparison, latency_of(comparison)))["Keras · tf.function"]
    assert list(row.values())[1:] == ["2", "905.00", "40.5", "1"]


def test_launches_that_lived_at_the_same_time_stand_together_with_their_own_medians() -> None:
    comparison = measured()
    table = launch_table(comparison, latency_of(comparison))
    assert [row[:2] for row in table.rows] == [("1", "PyTorch"), ("1", "Keras"), ("2", "PyTorch"), ("2", "Keras")]
    assert [row[2] for row in table.rows] == ["10.20", "20.20", "10.30", "20.60"]


def test_a_single_launch_needs_no_table_of_launches() -> None:
    comparison = measured()
    latency = latency_of(comparison)
    single = replace(
        latency,
        left=replace(latency.left, launches=latency.left.launches[:1]),
        right=replace(latency.right, launches=latency.right.launches[:1]),
    )
    titles = [table.title for table in section_of(replace(comparison, latency=single)).tables]
    assert "Launches" not in titles
    assert "Launches" in [table.title for table in section_of(comparison).tables]


def test_a_launch_that_was_never_steady_says_so() -> None:
    comparison = measured()
    left = latency_of(comparison).left
    launches = (replace(left.launches[0], is_steady=False), *left.launches[1:])
    comparison = with_latency(left=replace(left, launches=launches))
    rows = launch_table(comparison, latency_of(comparison)).rows
    assert [row[-1] for row in rows] == ["not steady when it ended", "steady", "steady", "steady"]


def test_the_answer_comes_with_its_interval_and_whatever_makes_it_doubtful() -> None:
    warning = LatencyWarning(kind=WarningKind.GOVERNOR, sentence="The processor changes its frequency.")
    sentences = section_of(with_latency(warnings=(warning,), ci_low=1.5, ci_high=2.5)).sentences
    assert sentences[0] == latency_of(measured()).sentence
    assert "(1.50–2.50)" in sentences[1]
    assert sentences[2] == "Warning: The processor changes its frequency."


@pytest.mark.parametrize(
    ("reason", "is_complete", "sentence"),
    [
        (StopReason.STOPPED, False, "Measuring was stopped before all runs were done."),
        (StopReason.FAILED, False, "Measuring was cut short because a side failed."),
        (StopReason.DONE, False, "Measuring was stopped before all runs were done."),
    ],
)
def test_what_was_cut_short_says_why_at_once(reason: StopReason, is_complete: bool, sentence: str) -> None:
    section = section_of(with_latency(stop_reason=reason, is_complete=is_complete))
    assert section.sentences[-1] == sentence
    assert not any("stopped" in point or "planned" in point for point in section.points)


def test_the_method_names_launches_blocks_warm_up_clock_and_noise_floor() -> None:
    floor = NoiseFloor(smallest_difference=0.031, calibrated_at="2026-01-01T00:00:00+00:00", basis="tiny by eager")
    points = section_of(with_latency(noise_floor=floor)).points
    assert points[0].startswith("Rigorous: 2 processes a side, 8 rounds a side")
    assert "2 threads a side, batch 1, input 32×32" in points[0]
    assert points[1].endswith("warm-up calls, 10 in all.")
    assert points[2] == "The clock's smallest step is 0.05 µs; timing a call that does nothing takes 0.1 µs."
    assert points[3].startswith("The smallest difference that this machine can tell is 3.1 %")


def test_a_clock_that_was_not_looked_at_is_not_told_of() -> None:
    latency = latency_of(measured())
    runs = (replace(run, timer_resolution_s=0.0, call_overhead_s=0.0) for run in (latency.left, latency.right))
    left, right = runs
    assert not any("clock" in point for point in section_of(with_latency(left=left, right=right)).points)


def test_every_call_path_is_told_and_why_one_was_not_run() -> None:
    comparison = measured()
    assert comparison.ladder is not None
    rows = rows_of(ladder_table(comparison, comparison.ladder))
    assert rows["PyTorch · eager"]["Median, ms"] == "10.10"
    assert rows["PyTorch · eager"]["Note"] == "recommended"
    skipped = rows["PyTorch · torch.compile"]
    assert skipped["Median, ms"] == "–"
    assert skipped["Note"] == "torch.compile needs a C++ compiler; none was found."
    assert rows["Keras · tf.function"]["Traces"] == "1"


def test_a_sweep_shows_both_sides_at_each_value_and_why_one_is_missing() -> None:
    comparison = measured()
    rows = rows_of(sweep_table(comparison, comparison.sweeps[0]))
    assert list(rows) == ["1", "2", "4"]
    assert rows["2"]["PyTorch median, ms"] == "16.16"
    assert rows["2"]["PyTorch inputs a second"] == "123.8"
    assert rows["4"]["Keras median, ms"] == "–"
    assert rows["4"]["Note"] == "right: The model ran out of memory."


def test_a_sweep_that_ended_early_shows_the_values_it_has() -> None:
    comparison = measured()
    sweep = comparison.sweeps[0]
    cut = replace(sweep, points=sweep.points[:3], is_complete=False)
    rows = rows_of(sweep_table(comparison, cut))
    assert rows["2"]["Note"] == "right: not measured"
    assert "ended early" in section_of(replace(comparison, sweeps=(cut,)), "Sweeps").sentences[0]


def test_the_layers_with_the_largest_differences_come_first_and_no_more_than_fit() -> None:
    comparison = measured()
    assert comparison.layer_times is not None
    assert comparison.layer_times.left is not None
    table = layer_time_table(comparison, comparison.layer_times)
    sizes = [abs(float(row[4])) for row in table.rows]
    assert all(earlier >= later for earlier, later in pairwise(sizes))
    assert table.rows[0][:4] == ("features.1.0", "block_1_pad + block_1_depthwise", "2.000", "5.000")
    path = comparison.left.layers[2].path
    many = tuple(LayerTime(layer=path, call=call, duration_s=0.001) for call in range(50))
    times = replace(comparison.layer_times, left=replace(comparison.layer_times.left, layers=many))
    assert len(layer_time_table(comparison, times).rows) == MOST_LAYER_ROWS


def test_sides_that_could_not_be_timed_by_layer_say_why() -> None:
    times = LayerTimings(left=None, right=None, left_reason="It has no layers.", right_reason="It is a program.")
    section = section_of(replace(measured(), layer_times=times), "Where the time goes")
    assert section.sentences == (
        "PyTorch: not timed by layer: It has no layers.",
        "Keras: not timed by layer: It is a program.",
    )
    assert (section.tables, section.points) == ((), ())


def test_what_was_not_measured_has_no_section() -> None:
    titles = [section.title for section in build_document(tiny_comparison()).sections]
    assert not {"Call paths", "Sweeps", "Where the time goes"} & set(titles)


def test_the_summary_gives_the_verdict_with_its_interval() -> None:
    assert "Median latency: 10.25 ms against 20.40 ms, ratio 1.99 (1.50–2.50): left faster." in (
        section_of(with_latency(ci_low=1.5, ci_high=2.5), "Summary").points
    )


def test_every_row_has_as_many_cells_as_columns() -> None:
    for section in build_document(measured()).sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} == {len(table.columns)}


def test_two_sides_of_one_framework_are_told_apart_in_every_table() -> None:
    comparison = measured()
    latency = latency_of(comparison)
    twins = replace(
        comparison,
        right=replace(comparison.left),
        latency=replace(latency, right=replace(latency.right, call_path=CallPath.EAGER)),
    )
    row_titles = {row[0] for row in latency_table(twins, latency_of(twins)).rows}
    assert row_titles == {"PyTorch (left) · eager", "PyTorch (right) · eager"}
    assert {row[1] for row in launch_table(twins, latency_of(twins)).rows} == {"PyTorch (left)", "PyTorch (right)"}


@pytest.mark.parametrize("side", Side)
def test_a_process_that_tells_nothing_of_memory_leaves_it_out(side: Side) -> None:
    comparison = measured()
    run = latency_of(comparison).run(side)
    launches = tuple(replace(launch, peak_bytes=None) for launch in run.launches)
    comparison = with_latency(**{side.value: replace(run, launches=launches)})
    rows = process_table(comparison, latency_of(comparison)).rows
    assert [row[3] for row in rows] == [("–" if own is side else "40.5") for own in Side]
