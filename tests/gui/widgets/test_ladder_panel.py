"""All call paths on one axis: figures, bars, reasons, and a ladder that grows while it is measured."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mbgui.analysis.ladder_rows import ladder_rows
from mbgui.domain.framework import CallPath, Framework
from mbgui.domain.request import Side
from mbgui.gui.item_models.ladder_table_model import LadderColumn, LadderTableModel
from mbgui.gui.item_models.roles import BADGES_ROLE, SHARE_ROLE, SIDE_ROLE, SORT_ROLE, TONE_ROLE, Tone
from mbgui.gui.theme import Theme, ThemeChoice
from mbgui.gui.widgets.ladder_panel import LadderPanel
from tests.support.performance_records import NO_COMPILER, full_ladder, path_timing

FRAMEWORKS = {Side.LEFT: Framework.PYTORCH, Side.RIGHT: Framework.KERAS}
LADDER = full_ladder()
COMPILE = 2  # the row of the path that was skipped


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[LadderPanel]:
    made = LadderPanel(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(made)
    made.resize(1300, 400)
    made.show()
    yield made
    made.close()


def cell(panel: LadderPanel, row: int, column: LadderColumn) -> QModelIndex:
    return panel.table.model().index(row, column)


def paths(panel: LadderPanel) -> list[str]:
    return [cell(panel, row, LadderColumn.PATH).data() for row in range(panel.table.model().rowCount())]


def test_the_model_is_sound_empty_and_filled(qtmodeltester: ModelTester) -> None:
    model = LadderTableModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_records(ladder_rows(LADDER.timings), Framework.PYTORCH, Framework.KERAS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_without_a_ladder_it_says_how_to_get_one(panel: LadderPanel) -> None:
    assert not panel.is_filled
    assert "“All call paths” times every way" in panel.sentence


def test_a_row_tells_import_build_first_call_and_steady_state_apart(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    texts = [cell(panel, 4, column).data() for column in LadderColumn]
    assert texts == [
        "Keras · tf.function",
        "recommended",
        "3.70",
        "0.06",
        "0.10",
        "21.90",
        "21.24–22.56",
        "1",
        "",
    ]
    assert "batch 1 · 2 threads" in panel.sentence


def test_bars_are_of_their_side_and_share_one_axis(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    bars = [cell(panel, row, LadderColumn.BAR) for row in range(8)]
    assert [bar.data(SIDE_ROLE) for bar in bars] == ["left", "left", None, "left", *["right"] * 4]
    assert bars[0].data(SHARE_ROLE) == pytest.approx(21.2 / 192.4)
    assert max(bar.data(SHARE_ROLE) for bar in bars) == 1.0
    header = panel.table.model().headerData(LadderColumn.BAR, Qt.Orientation.Horizontal)
    assert header == "0 to 192.40 ms"


def test_the_recommended_path_of_each_framework_is_marked(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    marked = [path for row, path in enumerate(paths(panel)) if cell(panel, row, LadderColumn.MARK).data(BADGES_ROLE)]
    assert marked == ["PyTorch · eager", "Keras · tf.function"]


def test_a_skipped_path_shows_its_reason_in_place_of_figures(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    bar = cell(panel, COMPILE, LadderColumn.BAR)
    assert bar.data() == bar.data(Qt.ItemDataRole.ToolTipRole) == NO_COMPILER
    assert bar.data(TONE_ROLE) == Tone.MUTED
    assert panel.table.columnSpan(COMPILE, LadderColumn.IMPORT) > 1
    assert panel.table.columnSpan(0, LadderColumn.IMPORT) == 1


def test_reasons_follow_their_row_when_it_is_sorted(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    panel.table.sortByColumn(LadderColumn.MEDIAN, Qt.SortOrder.AscendingOrder)
    assert paths(panel)[0] == "PyTorch · channels_last"
    last = len(LADDER.timings) - 1
    assert cell(panel, last, LadderColumn.BAR).data() == NO_COMPILER  # no figure sorts last either way
    assert panel.table.columnSpan(last, LadderColumn.IMPORT) > 1
    assert panel.table.columnSpan(COMPILE, LadderColumn.IMPORT) == 1


def test_a_narrow_table_gives_up_figures_and_still_shows_the_reason(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    panel.resize(760, 400)
    table = panel.table
    assert table.isColumnHidden(LadderColumn.IMPORT)
    assert not table.isColumnHidden(LadderColumn.MEDIAN)
    assert table.columnSpan(COMPILE, LadderColumn.FIRST_CALL) > 1


def test_a_function_that_was_traced_anew_stands_out(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    tones = {path: cell(panel, row, LadderColumn.TRACES).data(TONE_ROLE) for row, path in enumerate(paths(panel))}
    assert tones["Keras · predict()"] == Tone.WARNING
    assert tones["Keras · tf.function"] == Tone.NORMAL


def test_figures_sort_in_seconds(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    assert cell(panel, 0, LadderColumn.MEDIAN).data(SORT_ROLE) == 0.0212
    assert cell(panel, COMPILE, LadderColumn.FIRST_CALL).data(SORT_ROLE) is None


def test_it_grows_while_it_is_measured(panel: LadderPanel) -> None:
    panel.show_ladder(None, FRAMEWORKS)
    assert not panel.is_filled
    for timing in LADDER.timings[:3]:
        panel.add_timing(timing)
    assert paths(panel) == ["PyTorch · eager", "PyTorch · channels_last", "PyTorch · torch.compile"]
    assert "3 timed so far" in panel.sentence


def test_a_timing_after_a_finished_ladder_begins_anew(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    panel.add_timing(path_timing(Side.RIGHT, CallPath.XLA))
    assert paths(panel) == ["Keras · XLA"]


def test_a_partial_ladder_says_so(panel: LadderPanel) -> None:
    panel.show_ladder(replace(LADDER, timings=LADDER.timings[:2], is_complete=False), FRAMEWORKS)
    assert "ended early" in panel.sentence


def test_two_sides_of_one_framework_are_told_apart(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, {Side.LEFT: Framework.KERAS, Side.RIGHT: Framework.KERAS})
    assert "Keras (right) · tf.function" in paths(panel)


def test_rows_are_copied_with_their_reason(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    panel.table.selectRow(COMPILE)
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, line = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[:3] == ["Call path", "", "import, s"]
    assert line.startswith("PyTorch · torch.compile\t")
    assert line.endswith(NO_COMPILER)


def test_clear_brings_the_hint_back(panel: LadderPanel) -> None:
    panel.show_ladder(LADDER, FRAMEWORKS)
    panel.clear()
    assert not panel.is_filled
    assert paths(panel) == []
