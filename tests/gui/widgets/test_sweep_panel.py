"""Sweeps as charts and tables: both sides, what is missing and why, and sweeps that grow while they are measured."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mbgui.analysis.sweep_rows import sweep_rows
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.request import Side, SweepAxis, SweepRequest
from mbgui.gui.item_models.roles import SORT_ROLE
from mbgui.gui.item_models.sweep_table_model import SweepColumn, SweepTableModel
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.sweep_card import SweepCard
from mbgui.gui.widgets.sweep_chart import SweepChart
from mbgui.gui.widgets.sweep_panel import SweepPanel
from tests.support.performance_records import (
    OUT_OF_MEMORY,
    batch_sweep,
    sweep_of,
    sweep_point,
    threads_sweep,
)

FRAMEWORKS = {Side.LEFT: Framework.PYTORCH, Side.RIGHT: Framework.KERAS}
BATCHES = SweepRequest(axis=SweepAxis.BATCH, values=(1, 2, 4, 8, 16))
LEFT, RIGHT = Side.LEFT, Side.RIGHT


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[SweepPanel]:
    made = SweepPanel(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.show()
    yield made
    made.close()


def card(panel: SweepPanel, axis: SweepAxis = SweepAxis.BATCH) -> SweepCard:
    return panel.cards[axis]


def texts(shown: SweepCard, row: int) -> list[str]:
    model = shown.table.model()
    return [model.index(row, column).data() for column in SweepColumn]


def words(panel: SweepPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel))


def built(qtbot: QtBot, panel: SweepPanel, axis: SweepAxis = SweepAxis.BATCH) -> tuple[SweepChart, ...]:
    panel.set_library_loaded()
    qtbot.waitUntil(lambda: len(card(panel, axis).charts.charts) == 2)
    return card(panel, axis).charts.charts


def points_of(chart: SweepChart, side: Side) -> list[tuple[float, float]]:
    """What is drawn of a side."""
    x, y = chart.marks(side).getData()
    return [(round(float(at), 4), round(float(height), 4)) for at, height in zip(x, y, strict=True)]


def test_the_model_is_sound_empty_and_filled(qtmodeltester: ModelTester) -> None:
    model = SweepTableModel(SweepAxis.BATCH)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_records(sweep_rows(batch_sweep().points), Framework.PYTORCH, Framework.KERAS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_without_a_sweep_it_says_what_one_does(panel: SweepPanel) -> None:
    assert not panel.is_filled
    assert "A sweep times both models over" in words(panel)


def test_every_axis_has_a_card_in_the_order_of_the_axes(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((threads_sweep(), batch_sweep()), FRAMEWORKS)
    assert "Not measured" not in words(panel)
    tops = {axis: shown.y() for axis, shown in panel.cards.items()}
    qtbot.waitUntil(lambda: card(panel).y() < card(panel, SweepAxis.THREADS).y())
    assert set(tops) == {SweepAxis.BATCH, SweepAxis.THREADS}


def test_a_row_has_both_sides_their_ratio_and_throughput(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(),), FRAMEWORKS)
    assert texts(card(panel), 3) == [
        "8",
        "109.20",
        "103.74–114.66",
        "130.00",
        "123.50–136.50",
        "1.19",
        "73.3",
        "61.5",
        "",
    ]
    header = [
        card(panel).table.model().headerData(column, Qt.Orientation.Horizontal)
        for column in (SweepColumn.VALUE, SweepColumn.LEFT_MEDIAN, SweepColumn.RIGHT_THROUGHPUT)
    ]
    assert header == ["Batch size", "PyTorch, ms", "Keras, per s"]


def test_a_missing_point_shows_its_reason(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(failed={(RIGHT, 16): OUT_OF_MEMORY}),), FRAMEWORKS)
    row = texts(card(panel), 4)
    assert (row[SweepColumn.RIGHT_MEDIAN], row[SweepColumn.RATIO]) == ("–", "")
    assert row[SweepColumn.NOTE] == f"right: {OUT_OF_MEMORY}"
    notes = card(panel).table.model().index(4, SweepColumn.NOTE)
    assert card(panel).table.visualRect(notes).width() > 150


def test_figures_take_the_room_of_notes_where_there_are_none(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(),), FRAMEWORKS)
    table = card(panel).table
    assert table.columnWidth(SweepColumn.NOTE) < 40
    assert table.horizontalHeader().length() <= table.viewport().width()


def test_a_narrow_table_gives_up_intervals(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(),), FRAMEWORKS)
    panel.resize(900, 900)
    assert card(panel).table.isColumnHidden(SweepColumn.LEFT_INTERVAL)
    assert not card(panel).table.isColumnHidden(SweepColumn.LEFT_MEDIAN)


def test_the_legend_names_both_paths_and_what_was_kept(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(),), FRAMEWORKS)
    assert "● PyTorch · eager" in words(panel)
    assert "◆ Keras · tf.function" in words(panel)
    assert card(panel).sentence == "2 threads"


def test_sides_that_are_called_alike_are_told_apart(panel: SweepPanel) -> None:
    alike = replace(batch_sweep(), left_path=CallPath.EAGER, right_path=CallPath.EAGER)
    panel.show_sweeps((alike,), {LEFT: Framework.PYTORCH, RIGHT: Framework.PYTORCH})
    assert "● PyTorch · eager (left)" in words(panel)
    assert "◆ PyTorch · eager (right)" in words(panel)


def test_a_partial_sweep_says_so(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(is_complete=False),), FRAMEWORKS)
    assert "ended early" in card(panel).sentence


def test_both_curves_are_drawn_once_the_library_is_there(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((threads_sweep(),), FRAMEWORKS)
    assert card(panel, SweepAxis.THREADS).charts.charts == ()
    latency, throughput = built(qtbot, panel, SweepAxis.THREADS)
    assert points_of(latency, LEFT) == [(1.0, 30.0), (2.0, round(30 / 2**0.7, 4))]
    assert points_of(throughput, RIGHT)[0] == (1.0, round(1 / 0.034, 4))


def test_a_card_that_comes_after_the_library_draws_as_well(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.set_library_loaded()
    panel.show_sweeps((threads_sweep(),), FRAMEWORKS)
    latency, _ = built(qtbot, panel, SweepAxis.THREADS)
    assert len(points_of(latency, LEFT)) == 2


def test_batches_are_drawn_logarithmically_until_told_otherwise(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((batch_sweep((1, 10)),), FRAMEWORKS)
    latency, _ = built(qtbot, panel)
    assert [at for at, _ in points_of(latency, LEFT)] == [0.0, 1.0]
    card(panel).logarithmic.click()
    assert [at for at, _ in points_of(latency, LEFT)] == [1.0, 10.0]


def test_a_band_covers_the_interval(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((threads_sweep(),), FRAMEWORKS)
    latency, _ = built(qtbot, panel, SweepAxis.THREADS)
    corners = sorted(round(corner.y(), 3) for corner in latency.band(LEFT) if corner.x() == 1.0)
    assert corners == [28.5, 31.5]


def test_the_axis_labels_every_value_also_one_without_figures(panel: SweepPanel, qtbot: QtBot) -> None:
    failed = {(LEFT, 4): OUT_OF_MEMORY, (RIGHT, 4): OUT_OF_MEMORY}
    panel.show_sweeps((batch_sweep((1, 2, 4), failed=failed),), FRAMEWORKS)
    latency, _ = built(qtbot, panel)
    assert latency.value_labels() == ["1", "2", "4"]
    assert len(points_of(latency, LEFT)) == 2


def test_a_sweep_without_any_figure_is_a_table_of_reasons(panel: SweepPanel, qtbot: QtBot) -> None:
    failed = {(side, 1): OUT_OF_MEMORY for side in Side}
    panel.show_sweeps((batch_sweep((1,), failed=failed),), FRAMEWORKS)
    latency, _ = built(qtbot, panel)
    assert points_of(latency, LEFT) == []
    assert texts(card(panel), 0)[SweepColumn.NOTE] == f"left: {OUT_OF_MEMORY}; right: {OUT_OF_MEMORY}"


def test_a_single_point_is_drawn(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((sweep_of(SweepAxis.INPUT, [sweep_point(LEFT, 224, 0.02)]),), FRAMEWORKS)
    latency, _ = built(qtbot, panel, SweepAxis.INPUT)
    assert points_of(latency, LEFT) == [(224.0, 20.0)]
    assert latency.value_labels() == ["224"]


def test_it_grows_point_by_point(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((), FRAMEWORKS)
    for point in batch_sweep().points[:3]:
        panel.add_point(BATCHES, point)
    assert card(panel).sentence == "3 of 10 points are timed"
    assert texts(card(panel), 1)[:4] == ["2", "33.60", "31.92–35.28", ""]
    assert "● PyTorch" in words(panel)
    latency, _ = built(qtbot, panel)
    assert (len(points_of(latency, LEFT)), len(points_of(latency, RIGHT))) == (2, 1)
    panel.add_point(BATCHES, batch_sweep().points[3])
    assert len(points_of(latency, RIGHT)) == 2


def test_the_first_point_of_an_axis_replaces_the_sweep_shown_and_no_other(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(), threads_sweep()), FRAMEWORKS)
    panel.add_point(BATCHES, sweep_point(LEFT, 1, 0.5))
    assert card(panel).table.model().rowCount() == 1
    assert card(panel, SweepAxis.THREADS).table.model().rowCount() == 2


def test_sweeps_that_are_gone_have_no_card(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(), threads_sweep()), FRAMEWORKS)
    panel.show_sweeps((threads_sweep(),), FRAMEWORKS)
    assert set(panel.cards) == {SweepAxis.THREADS}
    panel.clear()
    assert not panel.is_filled
    assert "Not measured" in words(panel)


def test_rows_sort_by_raw_values_and_are_copied(panel: SweepPanel) -> None:
    panel.show_sweeps((batch_sweep(),), FRAMEWORKS)
    table = card(panel).table
    table.sortByColumn(SweepColumn.LEFT_MEDIAN, Qt.SortOrder.DescendingOrder)
    assert [texts(card(panel), row)[0] for row in range(5)] == ["16", "8", "4", "2", "1"]
    assert table.model().index(4, SweepColumn.LEFT_MEDIAN).data(SORT_ROLE) == pytest.approx(0.021)
    table.selectRow(0)
    table.setFocus()
    panel.copy_selection()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("16\t210.00\t")


def test_charts_stand_one_above_the_other_where_it_is_narrow(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.show_sweeps((batch_sweep(),), FRAMEWORKS)
    latency, throughput = built(qtbot, panel)
    qtbot.waitUntil(lambda: throughput.x() > latency.x())
    panel.resize(600, 900)
    qtbot.waitUntil(lambda: throughput.y() > latency.y() and throughput.x() == latency.x())


def test_charts_follow_the_theme(panel: SweepPanel, qtbot: QtBot, qapp: object) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    own = SweepPanel(theme)
    qtbot.addWidget(own)
    own.show_sweeps((batch_sweep(),), FRAMEWORKS)
    latency, _ = built(qtbot, own)
    before = latency.marks(LEFT).opts["brush"].color().name()
    theme.set_choice(ThemeChoice.DARK)
    after = latency.marks(LEFT).opts["brush"].color().name()
    theme.set_choice(ThemeChoice.LIGHT)
    assert (before, after) == ("#4477aa", "#6fa3d8")
